package consumer

import (
	"context"
	"io"

	"quittance/frontend/components/field"
	"quittance/frontend/locale"
)

// Electronic asks whether notices may come here instead of by mail: what that
// means, then a look at a sample, from which a number is typed (VAL-12).
type Electronic struct {
	Base
	Step   ElectronicStep
	Email  string // masked; empty: no address is on file
	Number Input
}

// ElectronicStep is where the question stands.
type ElectronicStep string

// The steps. Sample is the page that shows that it can be read.
const (
	ElectronicAsk    ElectronicStep = "ask"
	ElectronicProve  ElectronicStep = "prove"
	ElectronicSample ElectronicStep = "sample"
	ElectronicOn     ElectronicStep = "on"
)

// ProblemSample is the sentence for a number that is not the sample's.
const ProblemSample locale.Key = "electronic.wrong"

// Render writes the page.
func (p Electronic) Render(ctx context.Context, w io.Writer) error {
	return electronicPage(p).Render(ctx, w)
}

func (p Electronic) field() field.Field {
	return field.Field{
		Name: "number", Label: p.T("electronic.number"), Value: p.Number.Value, Problem: p.Number.Problem,
		ProblemLabel: p.T("frame.problem_label"), Autocomplete: "off", InputMode: "numeric", Width: "short", MaxLength: "40",
	}
}

// ElectronicText is what is agreed to: the right to paper, what it covers, how to
// end it, how to change the address, and what is needed.
func ElectronicText(b Base, email string) []string {
	return []string{
		b.T("legal.esign_paper", "phone", b.Agency.Phone),
		b.T("legal.esign_scope"),
		b.T("legal.esign_end", "phone", b.Agency.Phone),
		b.T("legal.esign_address", "email", email, "phone", b.Agency.Phone),
		b.T("legal.esign_needs"),
	}
}
