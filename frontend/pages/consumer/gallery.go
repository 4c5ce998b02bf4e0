package consumer

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// sample makes the examples; every name and number in it is made up.
type sample struct{ kit pages.Kit }

// Gallery returns every consumer page in every state.
func Gallery(kit pages.Kit) []pages.Example {
	s := sample{kit}
	var all []pages.Example
	for _, set := range [][]pages.Example{
		s.frontDoor(), s.identity(), s.accounts(), s.debts(), s.choosing(),
		s.paying(), s.reviewing(), s.outcomes(), s.receipts(), s.helping(), s.plain(),
		s.planning(), s.planMaking(), s.planRunning(), s.planPaying(), s.planBending(), s.planPapers(), s.budgeting(), s.reaching(),
		s.living(), s.validating(), s.electronic(), s.records(), s.signedIn(),
		s.disputing(), s.disputes(),
	} {
		all = append(all, set...)
	}
	return all
}

// show makes an example of a page that is built from its Base.
func (s sample) show(page, state, title string, signedIn bool, path string, build func(Base) templ.Component) pages.Example {
	return pages.Example{Page: page, State: state, Title: title, Component: func(lang string) templ.Component {
		return build(s.base(lang, signedIn, path))
	}}
}

func (s sample) base(lang string, signedIn bool, path string) Base {
	hours := map[string]string{
		"en": "Monday to Friday, 8 am to 8 pm Eastern",
		"es": "Lunes a viernes, 8 a. m. a 8 p. m., hora del este",
	}
	b := Base{
		Words:  s.kit.Book.Printer(lang),
		Assets: s.kit.Assets,
		Agency: Agency{
			Name:         "Acme Services",
			LegalName:    "Acme Services LLC",
			AddressLines: []string{"120 Main Street, Suite 400", "Springfield, OH 45501"},
			Phone:        "(800) 555-0134",
			Hours:        hours[lang],
			Licenses:     []string{"California license 10123-99", "North Carolina permit 104321"},
			Website:      "pay.acmeservices.example",
		},
		Path: path,
		CSRF: "sample-token",
	}
	if signedIn {
		b.SignedIn = true
		b.Idle = Idle{WarnAfterSeconds: 780, EndAfterSeconds: 900}
	}
	return b
}

func (s sample) frontDoor() []pages.Example {
	start := func(state, title string, build func(Base) Start) pages.Example {
		return s.show("start", state, title, false, paths.Start, func(b Base) templ.Component { return build(b) })
	}
	words := []string{"river", "lamp", "seven"}
	return []pages.Example{
		start("empty", "The front door", func(b Base) Start { return Start{Base: b} }),
		start("typo", "A code that cannot be", func(b Base) Start {
			return Start{Base: b, Code: Input{"K7Q2-9MXD-4X", b.T(ProblemCodeFormat)}}
		}),
		start("other", "Another company's number", func(b Base) Start {
			return Start{Base: b, Code: Input{"ACCT 99812-7", b.T(ProblemCodeOther)}}
		}),
		start("missing", "Nothing typed", func(b Base) Start {
			return Start{Base: b, Code: Input{"", b.T(ProblemCodeMissing)}}
		}),
		start("idle", "Back after the session ended", func(b Base) Start { return Start{Base: b, Ended: EndedIdle} }),
		start("over", "Back after the session was ended elsewhere", func(b Base) Start { return Start{Base: b, Ended: EndedOver} }),
		s.show("start", "signed-in", "The front door, signed in", true, paths.Start, func(b Base) templ.Component { return Start{Base: b} }),
		start("expired", "Back after the longest session", func(b Base) Start { return Start{Base: b, Ended: EndedExpired} }),
		s.show("link", "landing", "A texted link", false, paths.Link("sample"), func(b Base) templ.Component {
			return Landing{Base: b, Token: "sample", Phrase: words}
		}),
		s.show("link", "ended", "A link that does not work any more", false, paths.Start, func(b Base) templ.Component {
			return LinkEnded{Base: b, Token: "sample"}
		}),
		s.show("link", "no-link", "What was opened is no link", false, paths.Start, func(b Base) templ.Component {
			return LinkEnded{Base: b}
		}),
		s.show("link", "asked", "Somebody asked for a new link", false, paths.Start, func(b Base) templ.Component {
			return LinkAsked{b}
		}),
		s.show("link", "not-for-me", "A wrong person told us", false, paths.Start, func(b Base) templ.Component {
			return NotForMe{b}
		}),
		s.show("stop", "ask", "The way out of an email", false, paths.Stop("sample"), func(b Base) templ.Component {
			return Stop{Base: b, Token: "sample", Channel: ChannelEmail}
		}),
		s.show("stop", "ask-texts", "The way out of texts", false, paths.Stop("sample"), func(b Base) templ.Component {
			return Stop{Base: b, Token: "sample", Channel: ChannelSMS}
		}),
		s.show("stop", "done", "No more emails", false, paths.Stop("sample"), func(b Base) templ.Component {
			return Stopped{Base: b, Channel: ChannelEmail}
		}),
		s.show("stop", "done-texts", "No more texts", false, paths.Stop("sample"), func(b Base) templ.Component {
			return Stopped{Base: b, Channel: ChannelSMS}
		}),
		s.show("real", "ask", "Is this real?", false, paths.Real, func(b Base) templ.Component { return Real{Base: b} }),
		s.show("real", "yes", "The words are ours", false, paths.Real, func(b Base) templ.Component {
			return Real{Base: b, Number: Input{Value: "K7Q2-9MXD-4F"}, Said: Input{Value: "river lamp seven"}, Answer: RealYes}
		}),
		s.show("real", "not", "We cannot confirm it", false, paths.Real, func(b Base) templ.Component {
			return Real{Base: b, Number: Input{Value: "K7Q2-9MXD-4F"}, Said: Input{Value: "able paper mallow"}, Answer: RealNot}
		}),
		s.show("real", "hold", "Many questions: a short wait", false, paths.Real, func(b Base) templ.Component {
			return Real{Base: b, Number: Input{Value: "K7Q2-9MXD-4F"}, Said: Input{Value: "river lamp seven"}, HoldSeconds: 2, Wait: "sample"}
		}),
		s.show("real", "words-problem", "Not three words", false, paths.Real, func(b Base) templ.Component {
			return Real{Base: b, Number: Input{Value: "K7Q2-9MXD-4F"}, Said: Input{"able paper", b.T(ProblemWordsFormat)}}
		}),
		s.show("real", "problem", "Not a number of ours", false, paths.Real, func(b Base) templ.Component {
			return Real{Base: b, Number: Input{"hello", b.T(ProblemNumberFormat)}, Said: Input{Value: "able paper mallow"}}
		}),
	}
}

func (s sample) identity() []pages.Example {
	verify := func(state, title string, build func(Base) Verify) pages.Example {
		return s.show("verify", state, title, false, paths.Verify, func(b Base) templ.Component { return build(b) })
	}
	step := func(state, title string, build func(Base) VerifyCode) pages.Example {
		return s.show("step", state, title, false, paths.Code, func(b Base) templ.Component { return build(b) })
	}
	return []pages.Example{
		verify("zip", "The ZIP code", func(b Base) Verify { return Verify{Base: b, Factor: FactorZIP} }),
		verify("zip-link", "The ZIP code, by a texted link", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorZIP, NotMePath: paths.NotMe("sample")}
		}),
		verify("zip-problem", "Not a ZIP code", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorZIP, ZIP: Input{"4550", b.T(ProblemZIPFormat)}}
		}),
		verify("failed", "No match", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorZIP, ZIP: Input{Value: "45502"}, Failed: true}
		}),
		verify("hold", "Many tries: a short wait", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorZIP, ZIP: Input{Value: "45501"}, HoldSeconds: 2}
		}),
		verify("birth", "The date of birth", func(b Base) Verify { return Verify{Base: b, Factor: FactorBirth} }),
		verify("birth-problem", "A day that does not exist", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorBirth, Birth: Birth{"2", "30", "1984", b.T(ProblemBirthFormat)}}
		}),
		verify("birth-year", "A year of two numbers", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorBirth, Birth: Birth{"3", "27", "80", b.T(ProblemBirthYear)}}
		}),
		verify("digits-problem", "Six numbers asked for without a ZIP code", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorZIP, ZIP: Input{"", b.T(ProblemZIPMissing)}, Asked: true}
		}),
		verify("failed-birth", "No match of a date of birth", func(b Base) Verify {
			return Verify{Base: b, Factor: FactorBirth, Birth: Birth{Month: "3", Day: "27", Year: "1985"}, Failed: true}
		}),
		step("asked", "The six numbers that were asked for", func(b Base) VerifyCode { return VerifyCode{Base: b, Channel: ChannelAsked} }),
		step("asked-wrong", "Numbers that were asked for do not open", func(b Base) VerifyCode {
			return VerifyCode{Base: b, Channel: ChannelAsked, Code: Input{"123 456", b.T(ProblemStepAsked)}}
		}),
		step("empty", "The six numbers", func(b Base) VerifyCode { return VerifyCode{Base: b, Channel: ChannelSMS} }),
		step("email", "The six numbers, by email", func(b Base) VerifyCode { return VerifyCode{Base: b, Channel: ChannelEmail} }),
		step("wrong", "Wrong numbers", func(b Base) VerifyCode {
			return VerifyCode{Base: b, Channel: ChannelSMS, Code: Input{"123 456", b.T(ProblemStepWrong)}}
		}),
		step("resent", "Sent again", func(b Base) VerifyCode {
			return VerifyCode{Base: b, Channel: ChannelSMS, Resent: true}
		}),
		step("wait", "Too many tries", func(b Base) VerifyCode {
			return VerifyCode{Base: b, Channel: ChannelSMS, WaitMinutes: 1}
		}),
	}
}

var (
	today  = civil.Date{Year: 2026, Month: time.November, Day: 20}
	soon   = civil.Date{Year: 2026, Month: time.December, Day: 2}
	answer = civil.Date{Year: 2026, Month: time.December, Day: 18}
)
