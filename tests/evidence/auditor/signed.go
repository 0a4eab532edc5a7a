package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is the text of a signed note: origin, size, root.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
	text   string
}

// decode refuses base64 with other padding bits than its one spelling has: note.Open does not.
func decode(text string) ([]byte, error) {
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}
	if base64.StdEncoding.EncodeToString(data) != text {
		return nil, errors.New("base64 in another spelling")
	}
	return data, nil
}

// cosigner checks cosignature/v1 (https://c2sp.org/tlog-cosignature), which note does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig[:8]))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

// newVerifier reads a vkey of the log (type 0x01) or of a witness (0x04).
func newVerifier(vkey string, kind byte) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("a key is name+id+base64")
	}
	data, err := decode(parts[2])
	if err != nil || len(data) != 33 || data[0] != kind {
		return nil, fmt.Errorf("not a key of type %d: %s", kind, vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), data...))
	if fmt.Sprintf("%x", sum[:4]) != parts[1] {
		return nil, errors.New("the id is not that of the key")
	}
	if kind == 1 {
		return note.NewVerifier(vkey)
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), data[1:]}, nil
}

// openCheckpoint verifies a note: by the log, and by every witness in must. Every line below it must be by
// a known key (the log publishes no others), and in one spelling.
func openCheckpoint(data []byte, log note.Verifier, known, must []note.Verifier) (checkpoint, error) {
	var c checkpoint
	n, err := note.Open(data, note.VerifierList(append([]note.Verifier{log}, known...)...))
	if err != nil {
		return c, err
	}
	if len(n.UnverifiedSigs) > 0 {
		return c, fmt.Errorf("a signature by somebody unknown: %s", n.UnverifiedSigs[0].Name)
	}
	signed := map[string]bool{}
	var again bytes.Buffer
	again.WriteString(n.Text + "\n")
	for _, sig := range n.Sigs {
		value, err := decode(sig.Base64)
		if err != nil {
			return c, err
		}
		signed[fmt.Sprintf("%s %x", sig.Name, value[:4])] = true
		fmt.Fprintf(&again, "— %s %s\n", sig.Name, sig.Base64)
	}
	if !bytes.Equal(again.Bytes(), data) {
		return c, errors.New("a note in another spelling, or with a line twice")
	}
	for _, v := range append([]note.Verifier{log}, must...) {
		if !signed[fmt.Sprintf("%s %08x", v.Name(), v.KeyHash())] {
			return c, fmt.Errorf("not signed by %s", v.Name())
		}
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return c, errors.New("a checkpoint has three lines")
	}
	if lines[0] != log.Name() {
		return c, fmt.Errorf("origin %q is not the name of the key", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return c, errors.New("the size is no plain number")
	}
	root, err := decode(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return c, errors.New("the root is no hash")
	}
	c.origin, c.size, c.text = lines[0], size, n.Text
	copy(c.root[:], root)
	return c, nil
}
