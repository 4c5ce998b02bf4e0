package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
)

func (s sample) signedIn() []pages.Example {
	access := func(state, title string, build func(Access) Access) pages.Example {
		return s.show("access", state, title, true, paths.Access, func(b Base) templ.Component {
			at := time.Date(2026, time.November, 20, 17, 4, 0, 0, time.UTC)
			page := Access{Base: b, Verify: Verify{Base: b, Factor: FactorZIP}, Sessions: []SignedIn{
				{Device: "android chrome", Since: at, Seen: at.Add(3 * time.Minute), Here: true},
			}}
			return build(page)
		})
	}
	return []pages.Example{
		access("one", "Signed in here alone", func(p Access) Access { return p }),
		access("several", "Signed in on several", func(p Access) Access {
			before := p.Sessions[0].Since.Add(-2 * time.Hour)
			p.Sessions = append(p.Sessions, SignedIn{Device: "windows edge", Since: before, Seen: before.Add(117 * time.Minute)},
				SignedIn{Since: before, Seen: before.Add(115 * time.Minute)})
			return p
		}),
		access("code", "The person's own code", func(p Access) Access { p.Code = "DZZ5-VAHM-BQ"; return p }),
		access("failed", "The personal detail does not match", func(p Access) Access {
			p.Verify.Failed, p.Verify.ZIP.Value = true, "45502"
			return p
		}),
		access("birth", "The date of birth is asked for", func(p Access) Access { p.Verify.Factor = FactorBirth; return p }),
	}
}
