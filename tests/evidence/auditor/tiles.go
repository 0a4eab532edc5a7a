package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"
)

var emptyRoot = tlog.Hash(sha256.Sum256(nil))

// tiles reads https://c2sp.org/tlog-tiles, whose paths are others than those of the Go checksum database.
type tiles struct {
	dir   string
	size  int64
	cache map[string][]tlog.Hash
}

func tilePath(level string, n int64, w int) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	path = "tile/" + level + "/" + path
	if w < width {
		path += fmt.Sprintf(".p/%d", w)
	}
	return path
}

// check reads every tile and bundle of a log of this size, unless it was read for a smaller one: level 0
// against the entries, each level above against the one below.
func (t *tiles) check(size int64, allowed map[string]bool) error {
	for level, count := 0, size; count > 0; level, count = level+1, count/width {
		for n := int64(0); n*width < count; n++ {
			w := width
			if count-n*width < width {
				w = int(count - n*width)
			}
			path := tilePath(fmt.Sprint(level), n, w)
			if allowed[path] {
				continue
			}
			hashes, err := t.read(level, n, w)
			if err != nil {
				return err
			}
			var below []tlog.Hash
			if level == 0 {
				bundle := tilePath("entries", n, w)
				if below, err = t.bundle(bundle, w); err != nil {
					return err
				}
				allowed[bundle] = true
			} else {
				for i := 0; i < w; i++ {
					lower, err := t.read(level-1, n*width+int64(i), width)
					if err != nil {
						return err
					}
					below = append(below, perfect(lower))
				}
			}
			for i := range hashes {
				if hashes[i] != below[i] {
					return fmt.Errorf("%s: hash %d is not that of what is below", path, i)
				}
			}
			allowed[path] = true
		}
	}
	return nil
}

// bundle gives the leaf hashes of an entry bundle.
func (t *tiles) bundle(path string, w int) ([]tlog.Hash, error) {
	data, err := os.ReadFile(filepath.Join(t.dir, path))
	if err != nil {
		return nil, err
	}
	var hashes []tlog.Hash
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s is cut", path)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		if _, err := parseEntry(data[2:end]); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		hashes = append(hashes, tlog.RecordHash(data[2:end]))
		data = data[end:]
	}
	if len(hashes) != w {
		return nil, fmt.Errorf("%s holds %d entries", path, len(hashes))
	}
	return hashes, nil
}

func (t *tiles) read(level int, n int64, w int) ([]tlog.Hash, error) {
	path := tilePath(fmt.Sprint(level), n, w)
	if hashes, ok := t.cache[path]; ok {
		return hashes, nil
	}
	data, err := os.ReadFile(filepath.Join(t.dir, path))
	if err != nil {
		return nil, err
	}
	if len(data) != w*tlog.HashSize {
		return nil, fmt.Errorf("%s holds %d bytes", path, len(data))
	}
	hashes := make([]tlog.Hash, w)
	for i := range hashes {
		copy(hashes[i][:], data[i*tlog.HashSize:])
	}
	t.cache[path] = hashes
	return hashes, nil
}

// perfect is the root over a power of two of hashes.
func perfect(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(perfect(hashes[:half]), perfect(hashes[half:]))
}

// ReadHashes makes tiles a tlog.HashReader.
func (t *tiles) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		bits, n := tlog.SplitStoredHashIndex(index)
		level, inside := bits/8, bits%8
		first := n << inside
		count := t.size >> (8 * level)
		w := int64(width)
		if rest := count - first/width*width; rest < w {
			w = rest
		}
		if w <= 0 {
			return nil, errors.New("a hash beyond the log")
		}
		hashes, err := t.read(level, first/width, int(w))
		if err != nil {
			return nil, err
		}
		at := first % width
		if at+1<<inside > w {
			return nil, errors.New("a hash beyond the log")
		}
		found = append(found, perfect(hashes[at:at+1<<inside]))
	}
	return found, nil
}
