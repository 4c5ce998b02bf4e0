package consumer

import (
	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
)

func (s sample) electronic() []pages.Example {
	page := func(state, title string, step ElectronicStep, change func(Base, *Electronic)) pages.Example {
		return s.show("electronic", state, title, true, paths.Electronic, func(b Base) templ.Component {
			p := Electronic{Base: b, Step: step, Email: "a•••@example.com"}
			change(b, &p)
			return p
		})
	}
	same := func(Base, *Electronic) {}
	return []pages.Example{
		page("ask", "Notices here instead of by mail", ElectronicAsk, same),
		page("no-email", "No address is on file", ElectronicAsk, func(_ Base, p *Electronic) { p.Email = "" }),
		page("prove", "A number from the sample", ElectronicProve, same),
		page("problem", "Not the sample's number", ElectronicProve, func(b Base, p *Electronic) { p.Number = Input{"12", b.T(ProblemSample)} }),
		page("sample", "The sample", ElectronicSample, func(_ Base, p *Electronic) { p.Number.Value = "4827" }),
		page("on", "Agreed", ElectronicOn, same),
	}
}
