package consumer

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// PlanCalendar is a plan's days as a calendar file (RFC 5545). It names the
// agency and no debt and no amount: calendars are shared.
type PlanCalendar struct {
	Base
	PlanID   string
	Host     string // of the portal
	Revision int    // of the plan; a calendar keeps what has the highest
	Changed  time.Time
	Lines    []PlanLine // days that stand
	Gone     []PlanLine // days that were handed out and are taken back
}

// File writes the calendar.
func (p PlanCalendar) File() []byte {
	var out strings.Builder
	put := func(name, value string) { out.WriteString(fold(name + ":" + value)) }
	put("BEGIN", "VCALENDAR")
	put("VERSION", "2.0")
	put("PRODID", "-//Quittance//Plan//EN")
	put("CALSCALE", "GREGORIAN")
	put("METHOD", "PUBLISH")
	event := func(l PlanLine, status string) {
		put("BEGIN", "VEVENT")
		put("UID", fmt.Sprintf("%s-%d@%s", p.PlanID, l.Number, p.Host))
		put("DTSTAMP", p.Changed.UTC().Format("20060102T150405Z"))
		put("SEQUENCE", number(p.Revision))
		put("STATUS", status)
		put("DTSTART;VALUE=DATE", compact(iso(l.Date)))
		put("DTEND;VALUE=DATE", compact(iso(l.Date.AddDays(1))))
		put("SUMMARY", escape(p.T("plan.calendar_title", "agency", p.Agency.Name)))
		put("TRANSP", "TRANSPARENT")
		put("CLASS", "PRIVATE")
		put("END", "VEVENT")
	}
	for _, l := range p.Lines {
		event(l, "CONFIRMED")
	}
	for _, l := range p.Gone {
		event(l, "CANCELLED") //nolint:misspell // the word of RFC 5545
	}
	put("END", "VCALENDAR")
	return []byte(out.String())
}

func compact(day string) string { return strings.ReplaceAll(day, "-", "") }

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "")

// escape writes a text value.
func escape(text string) string { return escapes.Replace(text) }

// foldAt is the most octets of one line, without its end.
const foldAt = 75

// fold breaks a line that is too long, never inside a letter.
func fold(line string) string {
	var out strings.Builder
	width := 0
	for _, r := range line {
		if n := utf8.RuneLen(r); width+n > foldAt {
			out.WriteString("\r\n ")
			width = 1
		}
		out.WriteRune(r)
		width += utf8.RuneLen(r)
	}
	return out.String() + "\r\n"
}
