// Package chain makes a log of which no row can be changed, dropped or moved
// without being found (S11). Each row carries the SHA-256 of its own fields
// from the moment it is written; a job then links the rows one to the next, so
// that writing never waits for another writer. The head says how long the chain
// is and what its last link is. Links are keyed: who can write to the database
// and does not know the key cannot make another chain. Rows from before that
// keep their links; the first keyed one holds them all. Only keyed ends are
// sealed, so that a chain which was never passes for plain again.
package chain

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Name is which chain a row belongs to: also the name of its table.
type Name string

// The chains there are.
const (
	Audit    Name = "audit"
	Evidence Name = "evidence"
)

// Names are all of them.
var Names = []Name{Audit, Evidence}

// Own is the hash of one row's fields, told apart by their lengths.
func Own(name Name, fields ...string) []byte {
	all := binary.AppendUvarint(nil, uint64(len(name)))
	all = append(all, name...)
	for _, f := range fields {
		all = append(binary.AppendUvarint(all, uint64(len(f))), f...)
	}
	sum := sha256.Sum256(all)
	return sum[:]
}

// Next is the link of a row: of the link before it, its position, counted from
// one, and its own hash. Without a key it is one from before links were keyed.
func Next(key, before []byte, position int64, own []byte) []byte {
	all := append(binary.BigEndian.AppendUint64(bytes.Clone(before), uint64(position)), own...)
	if key == nil {
		sum := sha256.Sum256(all)
		return sum[:]
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(all)
	return mac.Sum(nil)
}

// Head is the end of a chain. The zero Head is that of an empty one.
type Head struct {
	Position int64
	Link     []byte
	Keyed    int64 // position of the first link that is keyed; 0 while none is
}

// Proof is what a chain is held against.
type Proof struct {
	Key   []byte // of its links; nil: that of no keyed chain
	Seals []Head // keyed ends that it had, as they were kept or told outside
}

// key is that of the link at a position.
func (h Head) key(key []byte, position int64) []byte {
	if h.Keyed > 0 && position >= h.Keyed {
		return key
	}
	return nil
}

// Row is one row as it is stored. Hashed is what its fields give today, Own what
// they gave when it was written.
type Row struct {
	Number      int64 // of the row in its table, to be named by
	Position    int64
	Hashed, Own []byte
	Link        []byte
}

// Broken says which row is the first that is not as it was written.
type Broken struct {
	Position int64
	Number   int64 // 0 where the row is not there
	Why      string
}

// Error names the row.
func (b *Broken) Error() string {
	if b.Number == 0 {
		return fmt.Sprintf("the chain is broken at position %d: %s", b.Position, b.Why)
	}
	return fmt.Sprintf("the chain is broken at position %d (row %d): %s", b.Position, b.Number, b.Why)
}

// Walker checks rows in the order of their positions, beginning with the first.
type Walker struct {
	Proof Proof
	Keyed int64 // see Head

	head Head
}

// Step checks the next row; *Broken.
func (w *Walker) Step(r Row) error {
	want := w.head.Position + 1
	fault := func(number int64, why string) error { return &Broken{Position: want, Number: number, Why: why} }
	switch {
	case r.Position != want:
		return fault(0, "the row is missing")
	case !bytes.Equal(r.Hashed, r.Own):
		return fault(r.Number, "its fields are not those it was written with")
	case !bytes.Equal(r.Link, Next(Head{Keyed: w.Keyed}.key(w.Proof.Key, want), w.head.Link, want, r.Own)):
		return fault(r.Number, "its link does not follow from the row before it")
	}
	for _, seal := range w.Proof.Seals {
		if seal.Position == want && !bytes.Equal(seal.Link, r.Link) {
			return fault(r.Number, "its link is another one than was sealed")
		}
	}
	w.head = Head{Position: r.Position, Link: r.Link}
	return nil
}

// End checks that the last row walked is the head; *Broken.
func (w *Walker) End(head Head) error {
	switch {
	case w.head.Position != head.Position:
		return &Broken{Position: min(w.head.Position, head.Position) + 1, Why: fmt.Sprintf("it has %d rows, its head says %d", w.head.Position, head.Position)}
	case !bytes.Equal(w.head.Link, head.Link):
		return &Broken{Position: head.Position, Why: "its head is another one"}
	}
	return nil
}

// Walk walks a whole chain from its first row up to the head; *Broken. page
// lists the rows after a position, and progress is told how far it has come.
func Walk(head Head, against Proof, page func(after int64) ([]Row, error), progress func(done, all int64)) error {
	if head.Keyed < 0 || head.Keyed > head.Position {
		return &Broken{Position: head.Position + 1, Why: fmt.Sprintf("it is said to be keyed from a row on that is not there, %d", head.Keyed)}
	}
	for _, seal := range against.Seals {
		switch {
		case seal.Position > head.Position:
			return &Broken{Position: head.Position + 1, Why: fmt.Sprintf("it had %d rows when it was sealed, and has %d", seal.Position, head.Position)}
		case head.key(against.Key, seal.Position) == nil:
			return &Broken{Position: seal.Position, Why: "its link was keyed when it was sealed, and is plain"}
		}
	}
	walk := Walker{Proof: against, Keyed: head.Keyed}
	for walk.head.Position < head.Position {
		rows, err := page(walk.head.Position)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			if r.Position > head.Position {
				break // linked since the head was read
			}
			if err := walk.Step(r); err != nil {
				return err
			}
		}
		progress(walk.head.Position, head.Position)
	}
	return walk.End(head)
}
