package notice

import "regexp"

// What opens a door: the token of a link or of a way out, and digits that prove
// an address. Nothing else in a message does.
var (
	doors  = regexp.MustCompile(`/([lo])/[A-Za-z0-9_-]+`)
	digits = regexp.MustCompile(`\b\d{6}\b`)
)

// Copy returns a message as it is kept once it was sent: word for word, without
// what opens a door (REC-02).
func (m Message) Copy() Message {
	for _, text := range []*string{&m.Subject, &m.Plain, &m.HTML, &m.StopURL} {
		*text = doors.ReplaceAllString(*text, "/$1/…")
		if m.Kind == KindStepUp || m.Kind == KindStepUpFor || m.Kind == KindCheck {
			*text = digits.ReplaceAllString(*text, "••••••")
		}
	}
	return m
}
