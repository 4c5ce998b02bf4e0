package represent

import (
	"strings"
	"unicode/utf8"

	"quittance/plans/civil"
	"quittance/portal/contact"
)

// mostText is how many characters a field may have.
const mostText = 200

// Entry is what is recorded of a representative.
type Entry struct {
	Role                  Role
	Person                Person
	DocumentID, CheckedBy string
	From, Until           civil.Date // zero From is today
}

// Field names a field of an entry.
type Field string

// The fields.
const (
	FieldRole       Field = "role"
	FieldName       Field = "name"
	FieldPhone      Field = "phone"
	FieldEmail      Field = "email"
	FieldPostalCode Field = "postal_code"
	FieldBorn       Field = "date_of_birth"
	FieldDocument   Field = "document_id"
	FieldCheckedBy  Field = "checked_by"
	FieldUntil      Field = "until"
)

// Problems are the fields that cannot be taken. It names them, never what was
// written.
type Problems []Field

// Error implements error.
func (p Problems) Error() string {
	names := make([]string, len(p))
	for i, f := range p {
		names[i] = string(f)
	}
	return "the representative cannot be recorded: " + strings.Join(names, ", ")
}

// check tidies an entry and names what is wrong with it. factor is the personal
// detail that people here are matched by: a representative is matched by theirs.
func check(e Entry, factor string, today civil.Date) (Entry, Problems) {
	var p Problems
	need := func(f Field, ok bool) {
		if !ok {
			p = append(p, f)
		}
	}
	for _, text := range []*string{&e.Person.Name, &e.Person.PostalCode, &e.DocumentID, &e.CheckedBy} {
		*text = strings.TrimSpace(*text)
	}
	need(FieldRole, e.Role.Valid())
	need(FieldName, said(e.Person.Name))
	phone, email := e.Person.Phone, e.Person.Email
	e.Person.Phone, e.Person.Email = contact.Phone(phone), contact.EmailAddress(email)
	need(FieldPhone, phone == "" || e.Person.Phone != "")
	need(FieldEmail, email == "" || e.Person.Email != "")
	need(FieldPostalCode, zip(e.Person.PostalCode) || e.Person.PostalCode == "" && factor != byPostalCode)
	need(FieldBorn, !today.Before(e.Person.Born) && (!e.Person.Born.IsZero() || factor != byBirth))
	need(FieldDocument, said(e.DocumentID))
	need(FieldCheckedBy, said(e.CheckedBy))
	if e.From.IsZero() {
		e.From = today
	}
	need(FieldUntil, e.Until.IsZero() || !e.Until.Before(e.From) && !e.Until.Before(today))
	e.Person.Birth = ""
	if !e.Person.Born.IsZero() {
		e.Person.Birth = e.Person.Born.String()
	}
	if e.Person.Language != "es" {
		e.Person.Language = "en"
	}
	return e, p
}

// The personal details by which people are matched, as the configuration names
// them.
const (
	byPostalCode = "postal_code"
	byBirth      = "date_of_birth"
)

func said(text string) bool {
	return text != "" && utf8.RuneCountInString(text) <= mostText
}

// zip reports whether the text is a ZIP code, or a ZIP+4.
func zip(text string) bool {
	digits := strings.ReplaceAll(text, "-", "")
	return (len(digits) == 5 || len(digits) == 9) && strings.Trim(digits, "0123456789") == ""
}
