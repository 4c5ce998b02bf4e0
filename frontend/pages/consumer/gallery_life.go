package consumer

import (
	"strings"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// living are the pages of what happens in people's lives, in every state.
func (s sample) living() []pages.Example {
	all := []pages.Example{
		s.show("life", "room", "I need help", true, helpPath(AboutHelp), func(b Base) templ.Component { return HelpRoom{b, true} }),
		s.show("life", "room-no-plans", "I need help, where plans are made by phone", true, helpPath(AboutHelp), func(b Base) templ.Component { return HelpRoom{Base: b} }),
		s.show("life", "room-speaking", "I need help, for somebody who speaks for another", true, helpPath(AboutHelp), func(b Base) templ.Component {
			b.Speaking = "executor"
			return HelpRoom{Base: b}
		}),
	}
	for _, row := range lives {
		all = append(all, s.tell(string(row.kind), "What will happen at once: "+string(row.kind), row.kind, func(p *Life) {}), s.stoppedFor(row.kind))
	}
	return append(all,
		s.tell("lawyer-problem", "A number that is none", LifeAttorney, func(p *Life) {
			p.Name, p.PayAnyway = Input{Value: "Ben Ode"}, true
			p.Phone, p.Email = Input{"555", p.T(ProblemLifePhone)}, Input{"ben at ode", p.T(ProblemLifeEmail)}
		}),
		s.tell("bankruptcy-filled", "Some of it filled in", LifeBankruptcy, func(p *Life) {
			p.CaseNumber, p.Chapter, p.Name = Input{Value: "26-10417"}, "13", Input{Value: "Ben Ode"}
		}),
		s.show("life", "done-pay-anyway", "A lawyer, and paying all the same", true, paths.LifeDone("CLM-7KQ2M9XD"), func(b Base) templ.Component {
			return LifeDone{Base: b, Kind: LifeAttorney, Reference: "CLM-7KQ2M9XD", PayAnyway: true}
		}),
		s.papers("papers", "Papers that were added", func(p *LifeDone) { p.Count, p.Files = 2, []string{"ftc-report.pdf", "police.jpg"} }),
		s.papers("papers-later", "Papers, seen by who comes back", func(p *LifeDone) { p.Count = 2 }),
		s.papers("papers-problem", "Files that are not taken", func(p *LifeDone) {
			p.FileProblems = []string{p.T(ProblemDisputeFileType, "name", "report.docx"), p.T(ProblemDisputeFileSize, "name", "scan.pdf"), p.T(ProblemDisputeFileMany, "name", "more.jpg"), p.T(ProblemDisputeFileDay, "name", "bill.pdf"), p.T(ProblemDisputeDrafts, "n", 8)}
		}),
		s.papers("papers-closed", "Papers of what was decided since", func(p *LifeDone) { p.Papers, p.Count = false, 1 }),
		s.show("life-alive", "ask", "Somebody told us of a death, and somebody signs in", true, paths.LifeAlive, func(b Base) templ.Component { return LifeAlive{Base: b} }),
		s.show("life-alive", "stands", "Not theirs to take back", true, paths.LifeAlive, func(b Base) templ.Component { return LifeAlive{Base: b, Stands: true} }),
		s.show("life-direct", "ask", "To be dealt with directly again", true, paths.LifeDirect, func(b Base) templ.Component { return LifeDirect{Base: b} }),
		s.show("life-direct", "problem", "The box was not ticked", true, paths.LifeDirect, func(b Base) templ.Component {
			return LifeDirect{Base: b, Problem: b.T(ProblemLifeDirect)}
		}),
		s.show("life-direct", "stands", "Not theirs to end", true, paths.LifeDirect, func(b Base) templ.Component { return LifeDirect{Base: b, Stands: true} }),
		s.show("died", "form", "Somebody with the link says that the person died", false, paths.Died("sample"), func(b Base) templ.Component {
			return Died{Base: b, Action: paths.Died("sample")}
		}),
		s.show("died", "problem", "A number that is none", false, paths.Died("sample"), func(b Base) templ.Component {
			return Died{Base: b, Action: paths.Died("sample"), Name: Input{Value: "Eva"}, Phone: Input{"555", b.T(ProblemLifePhone)}}
		}),
		s.show("died", "done", "Thanks, and nothing confirmed", false, paths.Start, func(b Base) templ.Component { return DiedDone{b} }),
	)
}

func (s sample) tell(state, title string, k LifeKind, change func(*Life)) pages.Example {
	return s.show("life", state, title, true, paths.Life(string(k)), func(b Base) templ.Component {
		p := Life{Base: b, Kind: k}
		if k == LifeHardship || k == LifeIllness || k == LifeDisaster {
			p.Days = 30
		}
		change(&p)
		return p
	})
}

func (s sample) papers(state, title string, change func(*LifeDone)) pages.Example {
	return s.show("life", "done-"+state, title, true, paths.LifeDone("CLM-7KQ2M9XD"), func(b Base) templ.Component {
		p := LifeDone{Base: b, Kind: LifeIdentity, Reference: "CLM-7KQ2M9XD", Papers: true}
		change(&p)
		return p
	})
}

func (s sample) stoppedFor(k LifeKind) pages.Example {
	return s.show("life", "done-"+string(k), "What was stopped: "+strings.ReplaceAll(string(k), "-", " "), k != LifeNotMe, paths.LifeDone("CLM-7KQ2M9XD"), func(b Base) templ.Component {
		p := LifeDone{Base: b, Kind: k, Reference: "CLM-7KQ2M9XD", Stopped: LifeStopped{Links: 1, Plans: 1, Messages: 2}}
		_, p.Papers = lifePapers[k]
		if k == LifeHardship || k == LifeIllness || k == LifeDisaster {
			p.Until = civil.Date{Year: 2026, Month: 12, Day: 20}
		}
		return p
	})
}
