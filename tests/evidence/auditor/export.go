package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

// checkExport checks every file of an export and that no file is missing or too many.
func checkExport(dir string, args []string) error {
	own, err := readKey(filepath.Join(dir, "public.vkey"))
	if err != nil {
		return err
	}
	key := own
	if len(args) > 0 {
		if key, err = readKey(args[0]); err != nil {
			return err
		}
	}
	if key != own {
		return errors.New("the export names another key than the one given")
	}
	log, err := newVerifier(key, 1)
	if err != nil {
		return err
	}
	var known, must []note.Verifier
	named := map[string]bool{}
	if data, err := os.ReadFile(filepath.Join(dir, "witness.vkeys")); err == nil {
		lines, err := readLines(data)
		if err != nil {
			return err
		}
		for _, line := range lines {
			w, err := newVerifier(line, 4)
			if err != nil {
				return err
			}
			known, named[line] = append(known, w), true
		}
	}
	for i, text := range args {
		if i == 0 {
			continue
		}
		if text, err = readKey(text); err != nil {
			return err
		}
		w, err := newVerifier(text, 4)
		if err != nil {
			return err
		}
		must = append(must, w)
		if !named[text] {
			known = append(known, w)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	last, err := openCheckpoint(data, log, known, must)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	all, err := readCheckpoints(dir, log, known)
	if err != nil {
		return err
	}
	if len(all) == 0 || all[len(all)-1].text != last.text {
		return errors.New("the checkpoint is not the last of those published")
	}
	latest, err := os.ReadFile(filepath.Join(dir, "checkpoints", fmt.Sprintf("%03d", len(all))))
	if err != nil || string(latest) != string(data) {
		return errors.New("the checkpoint is not the file of the last one")
	}
	t := &tiles{dir: dir, size: last.size, cache: map[string][]tlog.Hash{}}
	allowed := map[string]bool{}
	for _, c := range all {
		if err := t.check(c.size, allowed); err != nil {
			return err
		}
	}
	if err := noOthers(dir, allowed); err != nil {
		return err
	}
	for i, c := range all {
		root, err := tlog.TreeHash(c.size, t)
		if c.size == 0 {
			root, err = emptyRoot, nil
		}
		if err != nil {
			return err
		}
		if root != c.root {
			return fmt.Errorf("checkpoint %d: the root of %d entries is %v", i+1, c.size, root)
		}
		if i == 0 || all[i-1].size == 0 {
			continue
		}
		p, err := tlog.ProveTree(c.size, all[i-1].size, t)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(p, c.size, c.root, all[i-1].size, all[i-1].root); err != nil {
			return fmt.Errorf("checkpoint %d does not continue the one before: %w", i+1, err)
		}
	}
	fmt.Printf("holds: %d entries, %d checkpoints, root %x, in %s\n", last.size, len(all), last.root[:], last.origin)
	return nil
}

// readCheckpoints reads 001, 002, …: signed, growing, none missing.
func readCheckpoints(dir string, log note.Verifier, known []note.Verifier) ([]checkpoint, error) {
	files, err := os.ReadDir(filepath.Join(dir, "checkpoints"))
	if err != nil {
		return nil, err
	}
	var all []checkpoint
	for number := 1; number <= len(files); number++ {
		name := fmt.Sprintf("%03d", number)
		data, err := os.ReadFile(filepath.Join(dir, "checkpoints", name))
		if err != nil {
			return nil, err
		}
		c, err := openCheckpoint(data, log, known, nil)
		if err != nil {
			return nil, fmt.Errorf("checkpoints/%s: %w", name, err)
		}
		if number > 1 && c.size <= all[number-2].size {
			return nil, fmt.Errorf("checkpoints/%s is not larger than the one before", name)
		}
		all = append(all, c)
	}
	return all, nil
}

// noOthers refuses a file below tile/ that belongs to no published checkpoint.
func noOthers(dir string, allowed map[string]bool) error {
	return filepath.WalkDir(filepath.Join(dir, "tile"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && len(allowed) == 0 {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err == nil && !allowed[strings.ReplaceAll(relative, string(filepath.Separator), "/")] {
			err = fmt.Errorf("%s belongs to no checkpoint", relative)
		}
		return err
	})
}
