package intake

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// jsonSource reads placements as accounts: one object after another, a list of
// them, or {"accounts": […]}. An account is
//
//	{"account_ref": "…", "consumers": [{"first_name": "…", …, "debts": [{…}]}]}
//
// with the names of the CSV file. One account at a time is held in memory.
type jsonSource struct {
	scanner
	number  int
	yield   func(*record) error
	stopped error // what yield returned
}

// maxDebts bounds one account.
const maxDebts = 2000

var errManyDebts = errors.New("an account has more than 2000 debts")

func newJSON(in *bufio.Reader) *jsonSource {
	return &jsonSource{scanner: scanner{in: in}}
}

func (s *jsonSource) each(yield func(*record) error) error {
	s.yield = yield
	err := s.top()
	switch {
	case s.stopped != nil:
		return s.stopped
	case err != nil:
		return fmt.Errorf("%w after debt %d: %w", ErrBroken, s.number, err)
	}
	return nil
}

func (s *jsonSource) top() error {
	for {
		b, err := s.space()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case b == '[':
			err = s.list(s.account)
		default:
			err = s.account()
		}
		if err != nil {
			return err
		}
	}
}

// form is one object under way: the columns it names and what is wrong with it.
type form struct {
	values [columns]string
	seen   [columns]bool
	lists  int
	faults Refusal
}

// account reads one account, or the object around a list of them.
func (s *jsonSource) account() error {
	var a form
	var debts []record
	consumers, around := 0, false
	err := s.object(func(name string) error {
		switch name {
		case "accounts":
			around = true
			return s.list(s.account)
		case "consumers":
			a.once(name)
			return s.list(func() error { consumers++; return s.consumer(&debts) })
		}
		return s.field(&a, ofAccount, name)
	})
	if err != nil || around && a.lists == 0 && len(a.faults) == 0 && a.seen == [columns]bool{} {
		return err
	}
	if around {
		a.faults = append(a.faults, named("accounts", "unknown_field"))
	}
	if consumers != 1 {
		a.faults = append(a.faults, named("", "one_consumer"))
	}
	return s.hand(a, debts)
}

// once counts a list and faults its second coming.
func (f *form) once(name string) {
	if f.lists++; f.lists > 1 {
		f.faults = append(f.faults, named(name, "twice"))
	}
}

// hand gives the account's debts away. One without debts is reported as a row,
// so that nothing of a file is passed over in silence.
func (s *jsonSource) hand(a form, debts []record) error {
	if len(debts) == 0 {
		debts = []record{{faults: Refusal{named("debts", "missing")}}}
	}
	for i := range debts {
		s.number++
		r := &debts[i]
		r.number = s.number
		r.values[accountRef] = a.values[accountRef]
		r.faults = append(r.faults, a.faults...)
		if err := s.yield(r); err != nil {
			s.stopped = err
			return err
		}
	}
	return nil
}

func (s *jsonSource) consumer(debts *[]record) error {
	var c form
	first := len(*debts)
	err := s.object(func(name string) error {
		if name != "debts" {
			return s.field(&c, ofConsumer, name)
		}
		c.once(name)
		return s.list(func() error { return s.debt(debts) })
	})
	for i := first; i < len(*debts); i++ {
		r := &(*debts)[i]
		for col, seen := range c.seen {
			if seen {
				r.values[col] = c.values[col]
			}
		}
		r.faults = append(r.faults, c.faults...)
	}
	return err
}

func (s *jsonSource) debt(debts *[]record) error {
	if len(*debts) == maxDebts {
		return errManyDebts
	}
	var d form
	err := s.object(func(name string) error { return s.field(&d, ofDebt, name) })
	*debts = append(*debts, record{values: d.values, faults: d.faults})
	return err
}

// field reads the value of a name and puts it into its column, or faults it.
func (s *jsonSource) field(f *form, at level, name string) error {
	v, kind, err := s.value()
	if err != nil {
		return err
	}
	col, known := byName[name]
	switch {
	case !known || fields[col].level != at:
		f.faults = append(f.faults, named(plain(name), "unknown_field"))
	case f.seen[col]:
		f.faults = append(f.faults, fault(col, "twice"))
	case kind == isOther:
		f.faults = append(f.faults, fault(col, "not_a_value"))
	default:
		f.values[col] = v
	}
	if known {
		f.seen[col] = true
	}
	return nil
}
