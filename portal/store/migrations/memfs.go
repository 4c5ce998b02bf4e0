package migrations

import (
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// Files is a flat folder in memory, a text by its name, which is all that the
// migrator reads.
type Files map[string]string

// Open implements fs.FS.
func (m Files) Open(name string) (fs.File, error) {
	if name == "." {
		return &memFile{info: memInfo{name: ".", dir: true}, Reader: strings.NewReader("")}, nil
	}
	text, ok := m[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memFile{info: memInfo{name: name, size: int64(len(text))}, Reader: strings.NewReader(text)}, nil
}

// ReadDir implements fs.ReadDirFS.
func (m Files) ReadDir(string) ([]fs.DirEntry, error) {
	var list []fs.DirEntry
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, fs.FileInfoToDirEntry(memInfo{name: name, size: int64(len(m[name]))}))
	}
	return list, nil
}

type memFile struct {
	io.Reader
	info memInfo
}

func (f *memFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *memFile) Close() error               { return nil }

type memInfo struct {
	name string
	size int64
	dir  bool
}

func (i memInfo) Name() string       { return i.name }
func (i memInfo) Size() int64        { return i.size }
func (i memInfo) ModTime() time.Time { return time.Time{} }
func (i memInfo) IsDir() bool        { return i.dir }
func (i memInfo) Sys() any           { return nil }

func (i memInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
