// Auditor checks what `ringfence log export` and `ringfence log prove` wrote, and shares no code with
// Ringfence: signatures are checked by golang.org/x/mod/sumdb/note, trees by golang.org/x/mod/sumdb/tlog.
//
//	auditor export DIR [VKEY [WITNESS-VKEY...]]
//	auditor proof FILE VKEY [-record FILE] [WITNESS-VKEY...]
//
// A key is written out, or a file that holds it. Without VKEY an export is held to the key that it names
// itself, which shows that it agrees with itself and no more. Exit code 0: it holds; 1: it does not.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: auditor export DIR [VKEY [WITNESS...]] | proof FILE VKEY [-record FILE] [WITNESS...]")
		os.Exit(2)
	}
	var err error
	switch os.Args[1] {
	case "export":
		err = checkExport(os.Args[2], os.Args[3:])
	case "proof":
		err = checkProof(os.Args[2], os.Args[3:])
	default:
		err = errors.New("export or proof")
	}
	if err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
}

// readKey gives the one line of a key, written out or in a file.
func readKey(text string) (string, error) {
	data, err := os.ReadFile(text)
	if err != nil {
		return text, nil
	}
	lines, err := readLines(data)
	if err != nil || len(lines) != 1 {
		return "", fmt.Errorf("%s is not one line", text)
	}
	return lines[0], nil
}

func readLines(data []byte) ([]string, error) {
	if !bytes.HasSuffix(data, []byte("\n")) {
		return nil, errors.New("no newline at the end")
	}
	return strings.Split(string(data[:len(data)-1]), "\n"), nil
}

// entry is what a leaf says; the order of the fields is that of the sorted keys.
type entry struct {
	Digest string `json:"digest"`
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Time   string `json:"time"`
	V      int    `json:"v"`
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
var kindForm = regexp.MustCompile(`^(evidence|finding|assessment|order|approval|notice|appeal|artefact|event|redaction)$`)

// parseEntry refuses an entry that is not in the one form that the log writes.
func parseEntry(data []byte) (entry, error) {
	var e entry
	if len(data) > 1024 {
		return e, fmt.Errorf("an entry of %d bytes", len(data))
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return e, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return e, err
	}
	if !bytes.Equal(bytes.TrimSuffix(out.Bytes(), []byte("\n")), data) {
		return e, errors.New("an entry that is not canonical")
	}
	if e.V != 1 || !digestForm.MatchString(e.Digest) || !kindForm.MatchString(e.Kind) {
		return e, errors.New("an entry that is not of version 1")
	}
	return e, nil
}
