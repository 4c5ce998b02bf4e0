package console

import (
	"context"
	"io"

	"quittance/frontend/components/summary"
	"quittance/frontend/locale"
)

// Password lets a person choose their password, by a link or signed in.
//
// POST to Action with "password", the one they choose, and with "current" where they
// change one. "username" is there for the browser, which keeps passwords by it.
type Password struct {
	Base
	Action  string
	Email   string
	Changes bool // the one they have is asked for
	Problem PasswordProblem
}

// PasswordProblem is why a password was not taken.
type PasswordProblem string

// Problems.
const (
	PasswordLength  PasswordProblem = "length"
	PasswordCommon  PasswordProblem = "common"
	PasswordWrong   PasswordProblem = "wrong" // it is not the one they have
	PasswordCrowded PasswordProblem = "crowded"
)

var passwordProblems = map[PasswordProblem]struct {
	field string
	words locale.Key
}{
	PasswordLength: {"password", "console.password_length"}, PasswordCommon: {"password", "console.password_common"},
	PasswordWrong: {"current", "console.password_wrong"}, PasswordCrowded: {"current", "console.sign_in_crowded"},
}

// at is what is wrong with a field.
func (p Password) at(field string) string {
	if what, ok := passwordProblems[p.Problem]; ok && what.field == field {
		return p.T(what.words)
	}
	return ""
}

func (p Password) problems() (all []summary.Line) {
	if what, ok := passwordProblems[p.Problem]; ok {
		all = append(all, summary.Line{ID: what.field, Words: p.T(what.words)})
	}
	return all
}

func (p Password) title() string {
	if p.Changes {
		return p.T("console.password_change")
	}
	return p.T("console.password_choose")
}

// Render writes the page.
func (p Password) Render(ctx context.Context, w io.Writer) error {
	return passwordPage(p).Render(ctx, w)
}

// InvitationOver is a link to choose a password that does not work any more.
type InvitationOver struct{ Base }

// Render writes the page.
func (p InvitationOver) Render(ctx context.Context, w io.Writer) error {
	return invitationOverPage(p).Render(ctx, w)
}
