package intake

import (
	"strings"

	"quittance/portal/debt"
)

// Part is a part of how a person is reached.
type Part string

// The parts that a person may change themselves.
const (
	PartPhone    Part = "phone"
	PartEmail    Part = "email"
	PartAddress  Part = "address"
	PartLanguage Part = "language"
)

// Left is what a part was before the person changed it themselves. A file that
// still says so, or says nothing, is behind them and does not bring it back
// (COM-02).
type Left struct {
	What    Part
	Value   string       `json:",omitempty"` // of all but an address
	Address debt.Address `json:",omitzero"`
}

// Leaves lists the parts in which two states of a person differ, as they were.
func Leaves(was, is debt.Consumer) []Left {
	var left []Left
	for _, l := range []Left{{What: PartPhone, Value: was.Phone}, {What: PartEmail, Value: was.Email}, {What: PartLanguage, Value: was.Language}} {
		if l.Value != *l.in(&is) {
			left = append(left, l)
		}
	}
	if was.Address != is.Address {
		left = append(left, Left{What: PartAddress, Address: was.Address})
	}
	return left
}

// in is the part of a consumer that l is about; nil of an address.
func (l Left) in(c *debt.Consumer) *string {
	switch l.What {
	case PartPhone:
		return &c.Phone
	case PartEmail:
		return &c.Email
	case PartLanguage:
		return &c.Language
	default:
		return nil
	}
}

// own is a row's consumer, with what the held person changed themselves left as
// they have it, unless the row brings something that they never left.
func (h HeldAccount) own(row debt.Consumer) debt.Consumer {
	held := h.Account.Consumer
	row.Moved = held.Moved // no row speaks of it
	if row.DateOfBirth.IsZero() {
		row.DateOfBirth = held.DateOfBirth // what says who somebody is does not go by an empty cell
	}
	for _, l := range h.Left {
		if l.What == PartAddress {
			if sameAddress(row.Address, l.Address) || row.Address == (debt.Address{}) {
				row.Address = held.Address
			}
			continue
		}
		said, kept := l.in(&row), l.in(&held)
		if said != nil && (*said == "" || strings.EqualFold(*said, l.Value)) {
			*said = *kept
		}
	}
	return row
}

func sameAddress(a, b debt.Address) bool {
	flat := func(a debt.Address) string {
		return strings.ToLower(strings.Join(strings.Fields(a.Line1+" "+a.Line2+" "+a.City+" "+a.State), " ")) + " " + a.PostalCode[:min(5, len(a.PostalCode))]
	}
	return flat(a) == flat(b)
}
