package console

import (
	"context"
	"io"

	"quittance/frontend/components/choice"
	"quittance/frontend/components/field"
	"quittance/frontend/locale"
	"quittance/plans/civil"
)

// Representatives is who may speak for the consumer of an account, and the form
// to record somebody.
//
// POST /console/accounts/{id}/representatives with "role", "name", "postal_code",
// "date_of_birth", "phone", "email", "language", "document_id", "checked_by",
// "from" and "until"; …/{representative}/end ends one.
type Representatives struct {
	Base
	AccountID, AccountRef string
	MayRecord             bool             // it is recorded and ended by who does not collect
	Held                  []Representative // the newest first
	BornFactor            bool             // people are matched by their date of birth, not their ZIP code
	Form                  RepresentativeForm
	Problem               string // that is about no field
}

// Representative is one who is held.
type Representative struct {
	ID, Role, Name, DocumentID, CheckedBy string
	Code                                  string // to sign in with; empty when it is over
	From, Until                           civil.Date
	Over                                  bool
}

// RepresentativeForm is the form as it was typed, and which fields are wrong.
type RepresentativeForm struct {
	Role, Language string
	Values         map[string]string
	Problems       map[string]bool
}

// Render writes the page.
func (p Representatives) Render(ctx context.Context, w io.Writer) error {
	return representativesPage(p).Render(ctx, w)
}

// roleWords name the roles, in the order of the form.
var roleWords = []struct {
	role string
	key  locale.Key
}{
	{"executor", "console.rep_executor"}, {"guardian", "console.rep_guardian"}, {"parent", "console.rep_parent"}, {"spouse", "console.rep_spouse"},
}

func (p Representatives) role(name string) string {
	for _, row := range roleWords {
		if row.role == name {
			return p.T(row.key)
		}
	}
	return name
}

func (p Representatives) roles() []choice.Row {
	var rows []choice.Row
	for _, row := range roleWords {
		rows = append(rows, choice.Row{ID: "role-" + row.role, Name: "role", Value: row.role, Label: p.T(row.key), Checked: p.Form.Role == row.role})
	}
	return rows
}

// roleProblem stands beside the roles.
func (p Representatives) roleProblem() string {
	if p.Form.Problems["role"] {
		return p.T("console.rep_choose")
	}
	return ""
}

// spanish is the one language that is asked for.
func (p Representatives) spanish() choice.Row {
	return choice.Row{ID: "language", Name: "language", Value: "es", Label: p.T("console.rep_spanish"), Checked: p.Form.Language == "es"}
}

// fields are the form's, with what is wrong beside each.
func (p Representatives) fields() []field.Field {
	factor := []struct {
		name string
		key  locale.Key
		day  bool
	}{{"name", "console.rep_name", false}, {"postal_code", "console.rep_zip", false}}
	if p.BornFactor {
		factor[1].name, factor[1].key, factor[1].day = "date_of_birth", "console.rep_born", true
	}
	rest := []struct {
		name string
		key  locale.Key
		day  bool
	}{
		{"phone", "console.rep_phone", false}, {"email", "console.rep_email", false}, {"document_id", "console.rep_document", false},
		{"checked_by", "console.rep_checked", false}, {"from", "console.rep_from", true}, {"until", "console.rep_until", true},
	}
	var all []field.Field
	for _, f := range append(factor, rest...) {
		one := field.Field{
			Name: f.name, Label: p.T(f.key), Value: p.Form.Values[f.name], Day: f.day, Autocomplete: "off", MaxLength: "200",
			ProblemLabel: p.T("frame.problem_label"),
		}
		if p.Form.Problems[f.name] {
			one.Problem = p.T("console.rep_wrong")
		}
		all = append(all, one)
	}
	return all
}
