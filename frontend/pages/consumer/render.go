package consumer

import (
	"context"
	"io"
	"strings"

	"quittance/frontend/components/details"
	"quittance/frontend/components/field"
	"quittance/frontend/components/summary"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// Render writes the page; so do all the methods of this name below.
func (p Start) Render(ctx context.Context, w io.Writer) error   { return startPage(p).Render(ctx, w) }
func (p Landing) Render(ctx context.Context, w io.Writer) error { return landingPage(p).Render(ctx, w) }
func (p LinkEnded) Render(ctx context.Context, w io.Writer) error {
	return linkEndedPage(p).Render(ctx, w)
}
func (p LinkAsked) Render(ctx context.Context, w io.Writer) error {
	return linkAskedPage(p).Render(ctx, w)
}
func (p NotForMe) Render(ctx context.Context, w io.Writer) error {
	return notForMePage(p).Render(ctx, w)
}
func (p Real) Render(ctx context.Context, w io.Writer) error   { return realPage(p).Render(ctx, w) }
func (p Verify) Render(ctx context.Context, w io.Writer) error { return verifyPage(p).Render(ctx, w) }
func (p VerifyCode) Render(ctx context.Context, w io.Writer) error {
	return verifyCodePage(p).Render(ctx, w)
}
func (p Account) Render(ctx context.Context, w io.Writer) error { return accountPage(p).Render(ctx, w) }
func (p Debt) Render(ctx context.Context, w io.Writer) error    { return debtPage(p).Render(ctx, w) }
func (p Choose) Render(ctx context.Context, w io.Writer) error  { return choosePage(p).Render(ctx, w) }
func (p PayMethod) Render(ctx context.Context, w io.Writer) error {
	return payMethodPage(p).Render(ctx, w)
}
func (p Review) Render(ctx context.Context, w io.Writer) error  { return reviewPage(p).Render(ctx, w) }
func (p Outcome) Render(ctx context.Context, w io.Writer) error { return outcomePage(p).Render(ctx, w) }
func (p Receipt) Render(ctx context.Context, w io.Writer) error { return receiptPage(p).Render(ctx, w) }
func (p Help) Render(ctx context.Context, w io.Writer) error    { return helpPage(p).Render(ctx, w) }
func (p Privacy) Render(ctx context.Context, w io.Writer) error { return privacyPage(p).Render(ctx, w) }
func (p SignedOut) Render(ctx context.Context, w io.Writer) error {
	return signedOutPage(p).Render(ctx, w)
}
func (p SessionExpired) Render(ctx context.Context, w io.Writer) error {
	return sessionExpiredPage(p).Render(ctx, w)
}
func (p NotFound) Render(ctx context.Context, w io.Writer) error {
	return notFoundPage(p).Render(ctx, w)
}
func (p Error) Render(ctx context.Context, w io.Writer) error   { return errorPage(p).Render(ctx, w) }
func (p TooMany) Render(ctx context.Context, w io.Writer) error { return tooManyPage(p).Render(ctx, w) }
func (p Unavailable) Render(ctx context.Context, w io.Writer) error {
	return unavailablePage(p).Render(ctx, w)
}
func (p TooLong) Render(ctx context.Context, w io.Writer) error {
	return tooLongPage(p).Render(ctx, w)
}

func (p CookiesOff) Render(ctx context.Context, w io.Writer) error {
	return cookiesOffPage(p).Render(ctx, w)
}

func (p Forbidden) Render(ctx context.Context, w io.Writer) error {
	return forbiddenPage(p).Render(ctx, w)
}

// helpPath is the address of the help page at one subject.
func helpPath(about About) string { return paths.HelpAbout(string(about)) }

// framed names the tab of a page that has nothing more to tell its frame.
func framed(title string) layouts.Page { return layouts.Page{Title: title} }

// line is one line of the error summary, or none when there is no problem.
func line(id, problem string) []summary.Line {
	if problem == "" {
		return nil
	}
	return []summary.Line{{ID: id, Words: problem}}
}

// The fields of the forms.
func (p Start) field() field.Field {
	return field.Field{
		Name: "code", Label: p.T("start.label"), Hint: p.T("start.hint"),
		Value: p.Code.Value, Problem: p.Code.Problem, ProblemLabel: p.T("frame.problem_label"),
		Autocomplete: "off", Capitals: true, Width: "code", MaxLength: "200",
	}
}

func (p Real) field() field.Field {
	return field.Field{
		Name: "number", Label: p.T("real.label"), Hint: p.T("real.hint"),
		Value: p.Number.Value, Problem: p.Number.Problem, ProblemLabel: p.T("frame.problem_label"),
		Autocomplete: "off", Capitals: true, MaxLength: "200",
	}
}

func (p Real) said() field.Field {
	return field.Field{
		Name: "words", Label: p.T("real.words_label"), Hint: p.T("real.words_hint"),
		Value: p.Said.Value, Problem: p.Said.Problem, ProblemLabel: p.T("frame.problem_label"),
		Autocomplete: "off", MaxLength: "200",
	}
}

func (p Verify) zip() field.Field {
	return field.Field{
		Name: "zip", Label: p.T("verify.zip"), Hint: p.T("verify.why"),
		Value: p.ZIP.Value, Problem: p.ZIP.Problem, ProblemLabel: p.T("frame.problem_label"),
		Autocomplete: "postal-code", InputMode: "numeric", Width: "short", MaxLength: "40",
	}
}

// part is one of the three fields of the date of birth. The sentence about a
// problem stands above all three.
func (p Verify) part(name, value, autocomplete, width string) field.Field {
	labels := map[string]locale.Key{"birth_day": "verify.day", "birth_year": "verify.year"}
	return field.Field{
		Name: name, Label: p.T(labels[name]), Value: value,
		Autocomplete: autocomplete, InputMode: "numeric", Width: width, MaxLength: "40",
	}
}

func (p VerifyCode) field() field.Field {
	return field.Field{
		Name: "code", Label: p.T("step.label"), Hint: p.T("step.hint"),
		Value: p.Code.Value, Problem: p.Code.Problem, ProblemLabel: p.T("frame.problem_label"),
		Autocomplete: "one-time-code", InputMode: "numeric", Width: "digits", MaxLength: "40",
	}
}

// methodWords is a card or account in words: "Visa •••• 4242".
func methodWords(b Base, m MethodView) string {
	if m.Elsewhere {
		return b.T("method.elsewhere")
	}
	label := m.Label
	if label == "" && m.Kind == MethodBank {
		label = b.T("method.bank")
	}
	if label == "" {
		label = b.T("method.card")
	}
	if m.Last4 == "" {
		return label
	}
	return label + " •••• " + m.Last4
}

// rows drops the rows that have no value.
func rows(all ...details.Row) []details.Row {
	kept := all[:0]
	for _, row := range all {
		if row.Value != "" {
			kept = append(kept, row)
		}
	}
	return kept
}

// creditors names up to two creditors and counts the rest.
func creditors(b Base, names []string) string {
	names = distinct(names)
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	case 2:
		return b.T("account.two", "a", names[0], "b", names[1])
	default:
		return b.T("account.many", "a", names[0], "b", names[1], "n", len(names)-2)
	}
}

func distinct(names []string) []string {
	var kept []string
	for _, name := range names {
		if !strings.Contains("\x00"+strings.Join(kept, "\x00")+"\x00", "\x00"+name+"\x00") {
			kept = append(kept, name)
		}
	}
	return kept
}

// day writes a day as people say it.
func day(b Base, d civil.Date) string { return b.Words.Day(d) }
