package debt

import (
	"errors"
	"slices"
	"strings"
)

// EveryCreditor is the word that stands for all creditors where a set of them is
// written down.
const EveryCreditor = "*"

// ErrCreditors is returned for words that are no set of creditors.
var ErrCreditors = errors.New("creditors are named by their creditor_ref, or all of them by *, which stands alone")

// Creditors says whose debts somebody may know of. The zero value is nobody's, so
// that whoever forgets it shows nothing (SEC-10).
type Creditors struct {
	all  bool
	refs []string // sorted, each once
}

// AllCreditors is the set of all, also of those to come.
func AllCreditors() Creditors { return Creditors{all: true} }

// OnlyCreditors is the set of those that are named; of none it is nobody's.
func OnlyCreditors(refs ...string) Creditors {
	refs = slices.Clone(refs)
	slices.Sort(refs)
	return Creditors{refs: slices.Compact(refs)}
}

// CreditorsOf is whose debts a receiver is told of that has one creditor, or none:
// then it is the agency's own and hears of all.
func CreditorsOf(ref string) Creditors {
	if ref == "" {
		return AllCreditors()
	}
	return OnlyCreditors(ref)
}

// ReadCreditors reads a set as it was written down, or typed: EveryCreditor alone,
// or references; ErrCreditors. No words are the set of nobody.
func ReadCreditors(words []string) (Creditors, error) {
	if len(words) == 1 && words[0] == EveryCreditor {
		return AllCreditors(), nil
	}
	for _, w := range words {
		if w == EveryCreditor || w == "" || w != strings.TrimSpace(w) {
			return Creditors{}, ErrCreditors
		}
	}
	return OnlyCreditors(words...), nil
}

// Words is the set as it is written down.
func (c Creditors) Words() []string {
	if c.all {
		return []string{EveryCreditor}
	}
	return c.Refs()
}

// All reports whether it is the set of all.
func (c Creditors) All() bool { return c.all }

// Refs are the references of the set, sorted; none of the set of all.
func (c Creditors) Refs() []string { return slices.Clone(c.refs) }

// See reports whether debts of a creditor belong to the set.
func (c Creditors) See(ref string) bool { return c.all || slices.Contains(c.refs, ref) }

// SeeAny reports whether a debt of one of the creditors does.
func (c Creditors) SeeAny(refs []string) bool { return c.all || slices.ContainsFunc(refs, c.See) }

// Only is the one creditor of the set; false where there are none, several, or all.
func (c Creditors) Only() (string, bool) {
	if c.all || len(c.refs) != 1 {
		return "", false
	}
	return c.refs[0], true
}
