package pack

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
)

// ErrFaulty wraps everything that is wrong with a pack; the whole book is
// refused then, since half of the law is no law.
var ErrFaulty = errors.New("a compliance pack is refused")

//go:embed packs/*.json
var shipped embed.FS

// Book is every pack there is.
type Book struct{ Packs []Pack }

// Shipped reads the packs of the product itself and then those of the folders,
// in their order: a file of the same name replaces one that came before it,
// any other adds to them.
func Shipped(folders ...fs.FS) (Book, error) {
	own, err := fs.Sub(shipped, "packs")
	if err != nil {
		return Book{}, err
	}
	files := map[string][]byte{}
	for _, folder := range append([]fs.FS{own}, folders...) {
		if err := gather(folder, files); err != nil {
			return Book{}, err
		}
	}
	return read(files)
}

func gather(folder fs.FS, files map[string][]byte) error {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(folder, name); err != nil {
			return err
		}
	}
	return nil
}

// read makes a book of files. All faults are reported at once.
func read(files map[string][]byte) (Book, error) {
	var book Book
	var faults []error
	for name, content := range files {
		p, err := Read(name, content)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		book.Packs = append(book.Packs, p)
	}
	slices.SortFunc(book.Packs, func(a, b Pack) int {
		return cmp.Or(cmp.Compare(a.Jurisdiction, b.Jurisdiction), cmp.Compare(a.From.String(), b.From.String()), cmp.Compare(a.File, b.File))
	})
	faults = append(faults, book.together()...)
	slices.SortFunc(faults, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return book, errors.Join(faults...)
}

// Read reads one file and holds it against the rules for packs.
func Read(name string, content []byte) (Pack, error) {
	p := Pack{File: path.Base(name)}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, fmt.Errorf("%w: %s: %w", ErrFaulty, p.File, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return p, fmt.Errorf("%w: %s: something follows after its end", ErrFaulty, p.File)
	}
	sum := sha256.Sum256(content)
	p.Hash = hex.EncodeToString(sum[:])
	var faults []error
	for _, f := range p.faults() {
		faults = append(faults, fmt.Errorf("%w: %s: %s", ErrFaulty, p.File, f))
	}
	return p, errors.Join(faults...)
}

// together finds what is wrong between packs: two versions of one place that
// hold on the same day, an id that two places use, or no federal pack.
func (b Book) together() []error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: "+format, append([]any{ErrFaulty}, args...)...))
	}
	owner, federal := map[string]string{}, false
	for i, p := range b.Packs {
		federal = federal || p.Jurisdiction == Federal
		for _, q := range b.Packs[:i] {
			if p.Jurisdiction == q.Jurisdiction && overlap(p.From, p.To, q.From, q.To) {
				fault("%s and %s both hold for %s on the same days", q.File, p.File, p.Jurisdiction)
			}
		}
		for _, r := range p.Rules {
			if first, taken := owner[r.ID]; taken && first != p.Jurisdiction {
				fault("%s: rule %s is already one of %s", p.File, r.ID, first)
			}
			owner[r.ID] = p.Jurisdiction
		}
	}
	if !federal {
		fault("there is no federal pack (%s)", Federal)
	}
	return faults
}

// On walks the packs that hold on the day. They are not copied: each page asks
// for them, and they are large.
func (b Book) On(day Day) iter.Seq[*Pack] {
	return func(yield func(*Pack) bool) {
		for i := range b.Packs {
			if p := &b.Packs[i]; holds(p.From, p.To, civilOf(day)) && !yield(p) {
				return
			}
		}
	}
}
