package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// stamp is a time as it is stored: microseconds since 1970 in UTC, NULL for
// the zero time.
type stamp struct{ time.Time }

// at is a time as an argument of a statement.
func at(t time.Time) stamp { return stamp{t} }

// GormDataType tells the ORM that this is one column.
func (stamp) GormDataType() string { return "bigint" }

// Value implements driver.Valuer.
func (s stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return nil, nil
	}
	return s.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (s *stamp) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		s.Time = time.Time{}
	case int64:
		s.Time = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("a time cannot be read from %T", v)
	}
	return nil
}

// day is a civil.Date as it is stored: YYYY-MM-DD, empty when not given.
type day struct{ civil.Date }

// Value implements driver.Valuer.
func (d day) Value() (driver.Value, error) { return d.String(), nil }

// Scan implements sql.Scanner.
func (d *day) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a day cannot be read from %T", v)
	}
	date, err := civil.Parse(text)
	d.Date = date
	return err
}

// optional is text that is NULL when empty, for columns that are unique only
// among those that have one.
type optional string

// Value implements driver.Valuer.
func (o optional) Value() (driver.Value, error) {
	if o == "" {
		return nil, nil
	}
	return string(o), nil
}

// Scan implements sql.Scanner.
func (o *optional) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*o = ""
	case string:
		*o = optional(v)
	default:
		return fmt.Errorf("text cannot be read from %T", v)
	}
	return nil
}

// flag is a yes or no as both engines keep it: 1 or 0.
func flag(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// words is a list of text as it is stored: a JSON array.
type words []string

// GormDataType tells the ORM that this is one column.
func (words) GormDataType() string { return "text" }

// Value implements driver.Valuer.
func (w words) Value() (driver.Value, error) {
	if w == nil {
		return "[]", nil
	}
	text, err := json.Marshal([]string(w))
	return string(text), err
}

// Scan implements sql.Scanner.
func (w *words) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a list cannot be read from %T", v)
	}
	if text == "[]" {
		*w = nil
		return nil
	}
	return json.Unmarshal([]byte(text), (*[]string)(w))
}

// creditors is a set of creditors as it is stored: a JSON array of their
// references, or of the word for all.
type creditors struct{ debt.Creditors }

// GormDataType tells the ORM that this is one column.
func (creditors) GormDataType() string { return "text" }

// Value implements driver.Valuer.
func (c creditors) Value() (driver.Value, error) { return words(c.Words()).Value() }

// Scan implements sql.Scanner.
func (c *creditors) Scan(v any) error {
	var list words
	err := list.Scan(v)
	if err == nil {
		c.Creditors, err = debt.ReadCreditors(list)
	}
	return err
}
