package chain

import (
	"context"
	"errors"
)

// Loose is a row that was written and is not linked yet.
type Loose struct {
	Number int64
	Own    []byte
}

// Linked is a row with its place in the chain.
type Linked struct {
	Number, Position int64
	Link             []byte
}

// ErrBusy says that another process links this chain right now.
var ErrBusy = errors.New("another process is at work on this chain")

// Store keeps chains.
type Store interface {
	// LockChain reads the head and keeps it locked until the transaction ends;
	// ErrBusy.
	LockChain(ctx context.Context, name Name) (Head, error)
	// LooseRows lists rows without a link in the order they were written.
	LooseRows(ctx context.Context, name Name, limit int) ([]Loose, error)
	// KeyChain marks from which position on links are keyed, once.
	KeyChain(ctx context.Context, name Name, from int64) error
	// SaveLinks links rows and moves the head to the last of them.
	SaveLinks(ctx context.Context, name Name, rows []Linked) error
}

// Transactor runs a function in one transaction.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Linker links what was written to one chain.
type Linker struct {
	Tx    Transactor
	Store Store
	Name  Name
	Key   []byte // of the links; nil leaves them as they were before
}

// atOnce bounds how many rows one transaction links.
const atOnce = 500

// Run links the next rows and says how many.
func (l *Linker) Run(ctx context.Context) (int, error) {
	linked := 0
	err := l.Tx.InTx(ctx, func(ctx context.Context) error {
		head, err := l.Store.LockChain(ctx, l.Name)
		if err != nil {
			return err
		}
		loose, err := l.Store.LooseRows(ctx, l.Name, atOnce)
		if err != nil || len(loose) == 0 {
			return err
		}
		linked = len(loose)
		if l.Key != nil && head.Keyed == 0 {
			head.Keyed = head.Position + 1
			if err := l.Store.KeyChain(ctx, l.Name, head.Keyed); err != nil {
				return err
			}
		}
		return l.Store.SaveLinks(ctx, l.Name, l.follow(head, loose))
	})
	if errors.Is(err, ErrBusy) {
		return 0, nil
	}
	return linked, err
}

func (l *Linker) follow(head Head, loose []Loose) []Linked {
	rows := make([]Linked, 0, len(loose))
	for _, r := range loose {
		head.Position++
		head.Link = Next(head.key(l.Key, head.Position), head.Link, head.Position, r.Own)
		rows = append(rows, Linked{Number: r.Number, Position: head.Position, Link: head.Link})
	}
	return rows
}
