package intake

import (
	"encoding/csv"
	"io"
	"strconv"
)

// Lines writes what became of rows as CSV, while they come: by default those
// that were refused or kept back, one line a fault.
type Lines struct {
	// All writes every row.
	All    bool
	w      *csv.Writer
	headed bool
}

// NewLines writes to w. Flush must be called at the end.
func NewLines(w io.Writer) *Lines { return &Lines{w: csv.NewWriter(w)} }

// Each is made for Options.Each.
func (l *Lines) Each(line Line) error {
	faults := line.Faults
	if len(faults) == 0 {
		if !l.All {
			return nil
		}
		faults = []Fault{{}}
	}
	if !l.headed {
		l.headed = true
		if err := l.w.Write([]string{"row", "debt_ref", "outcome", "column", "code", "reason"}); err != nil {
			return err
		}
	}
	for _, f := range faults {
		err := l.w.Write([]string{strconv.Itoa(line.Row), line.DebtRef, string(line.Outcome), f.Column, f.Code, f.Sentence})
		if err != nil {
			return err
		}
	}
	return nil
}

// Flush writes what is left and returns any error on the way.
func (l *Lines) Flush() error {
	l.w.Flush()
	return l.w.Error()
}
