package locale

import (
	"fmt"
	"time"

	"quittance/plans/civil"
)

// calendar is how one language names and orders days.
type calendar struct {
	months   [12]string
	weekdays [7]string
	full     string // month, day, year by number: see date
	short    string // weekday, month, day by number
	am, pm   string
}

var calendars = map[string]calendar{
	"en": {
		months: [12]string{"January", "February", "March", "April", "May", "June", "July",
			"August", "September", "October", "November", "December"},
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		full:     "%[1]s %[2]d, %[3]d",
		short:    "%[1]s, %[2]s %[3]d",
		am:       "am", pm: "pm",
	},
	"es": {
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
			"agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		full:     "%[2]d de %[1]s de %[3]d",
		short:    "%[1]s, %[3]d de %[2]s",
		am:       "a. m.", pm: "p. m.",
	},
}

// Date writes a day with its year: "December 4, 2026", "4 de diciembre de
// 2026". The zero day is an empty string.
func (p *Printer) Date(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	c := calendars[p.lang]
	return fmt.Sprintf(c.full, c.months[d.Month-1], d.Day, d.Year)
}

// Day writes a day near today as people say it: "Friday, December 4",
// "viernes, 4 de diciembre".
func (p *Printer) Day(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	c := calendars[p.lang]
	return fmt.Sprintf(c.short, c.weekdays[d.Weekday()], c.months[d.Month-1], d.Day)
}

// Month returns the name of the month.
func (p *Printer) Month(m time.Month) string { return calendars[p.lang].months[m-1] }

// Clock writes the time of day in the zone t carries: "8:41 pm".
func (p *Printer) Clock(t time.Time) string {
	c := calendars[p.lang]
	hour, half := t.Hour()%12, c.am
	if hour == 0 {
		hour = 12
	}
	if t.Hour() >= 12 {
		half = c.pm
	}
	return fmt.Sprintf("%d:%02d %s", hour, t.Minute(), half)
}

// Time writes the day and the time of day in the zone t carries.
func (p *Printer) Time(t time.Time) string {
	return p.Date(civil.Of(t)) + ", " + p.Clock(t)
}
