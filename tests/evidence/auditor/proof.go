package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkProof checks a file of https://c2sp.org/tlog-proof whose extra line is the entry.
func checkProof(path string, args []string) error {
	if len(args) == 0 {
		return errors.New("give the log's key")
	}
	key, err := readKey(args[0])
	if err != nil {
		return err
	}
	log, err := newVerifier(key, 1)
	if err != nil {
		return err
	}
	var record []byte
	var witnesses []note.Verifier
	for args = args[1:]; len(args) > 0; args = args[1:] {
		if args[0] == "-record" && len(args) > 1 {
			if record, err = os.ReadFile(args[1]); err != nil {
				return err
			}
			args = args[1:]
			continue
		}
		if key, err = readKey(args[0]); err != nil {
			return err
		}
		w, err := newVerifier(key, 4)
		if err != nil {
			return err
		}
		witnesses = append(witnesses, w)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	at := bytes.Index(data, []byte("\n\n"))
	if at < 0 {
		return errors.New("not a proof")
	}
	lines := strings.Split(string(data[:at]), "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("not a proof with its entry")
	}
	body, err := decode(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	e, err := parseEntry(body)
	if err != nil {
		return err
	}
	number := strings.TrimPrefix(lines[2], "index ")
	index, err := strconv.ParseInt(number, 10, 64)
	if err != nil || strconv.FormatInt(index, 10) != number {
		return errors.New("the index is no plain number")
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := decode(line)
		if err != nil || len(hash) != tlog.HashSize {
			return errors.New("a line of the path is no hash")
		}
		var h tlog.Hash
		copy(h[:], hash)
		proof = append(proof, h)
	}
	c, err := openCheckpoint(data[at+2:], log, witnesses, witnesses)
	if err != nil {
		return err
	}
	if index < 0 || index >= c.size {
		return errors.New("the index is beyond the checkpoint")
	}
	if err := tlog.CheckRecord(proof, c.size, c.root, index, tlog.RecordHash(body)); err != nil {
		return err
	}
	if record != nil && fmt.Sprintf("sha256:%x", sha256.Sum256(record)) != e.Digest {
		return errors.New("the record is not the one that the entry names")
	}
	fmt.Printf("holds: leaf %d of %d in %s\n%s\n", index, c.size, c.origin, body)
	return nil
}
