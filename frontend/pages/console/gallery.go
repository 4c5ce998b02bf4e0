package console

import (
	"quittance/frontend/locale"
	"slices"
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/layouts"
	"quittance/frontend/pages"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// Gallery returns every console page in every state, with made-up data.
func Gallery(kit pages.Kit) []pages.Example {
	show := func(page, state, title, path string, build func(Base) templ.Component) pages.Example {
		return pages.Example{Page: "console-" + page, State: state, Title: title, Component: func(lang string) templ.Component {
			b := Base{
				Words: kit.Book.Printer(lang), Assets: kit.Assets, Name: "Acme Services", Staff: "Maria Gomez",
				CSRF: "sample-token", Path: path, Version: "Quittance 0.1.0", Finds: true, SignOut: paths.ConsoleSignOut, Security: paths.ConsoleSecurity,
			}
			b.Nav = Nav(b)
			return build(b)
		}}
	}
	signedOut := func(b Base) Base {
		b.Nav, b.SignOut, b.Security, b.Staff = []layouts.Way{}, "", "", ""
		return b
	}
	at := func(minute, second int) time.Time {
		return time.Date(2026, time.November, 20, 10, minute, second, 0, time.UTC)
	}
	return append(slices.Concat(threads(show, at), wishes(show, at), rows(show, at), secondFactors(show, signedOut, at)), []pages.Example{
		show("sign-in", "empty", "Sign in", paths.ConsoleSignIn, func(b Base) templ.Component { return SignIn{Base: signedOut(b)} }),
		show("sign-in", "failed", "No match", paths.ConsoleSignIn, func(b Base) templ.Component {
			return SignIn{Base: signedOut(b), Email: "maria@acme.example", Failed: true}
		}),
		show("sign-in", "crowded", "Too many at once", paths.ConsoleSignIn, func(b Base) templ.Component {
			return SignIn{Base: signedOut(b), Email: "maria@acme.example", Crowded: true}
		}),
		show("sign-in", "wait", "Too many tries", paths.ConsoleSignIn, func(b Base) templ.Component {
			return SignIn{Base: signedOut(b), Email: "maria@acme.example", WaitMinutes: 5}
		}),
		show("sign-in", "chosen", "The password was just chosen", paths.ConsoleSignIn, func(b Base) templ.Component {
			return SignIn{Base: signedOut(b), Chosen: true}
		}),
		show("sign-in", "late", "The second step took too long", paths.ConsoleSignIn, func(b Base) templ.Component {
			return SignIn{Base: signedOut(b), Late: true}
		}),
		show("sign-in", "app", "Another app was set up", paths.ConsoleSignIn, func(b Base) templ.Component {
			return SignIn{Base: signedOut(b), NewApp: true}
		}),
		show("password", "choose", "Choose a password", paths.ConsoleInvitation("sample"), func(b Base) templ.Component {
			return Password{Base: signedOut(b), Action: paths.ConsoleInvitation("sample"), Email: "maria@acme.example"}
		}),
		show("password", "short", "Too short", paths.ConsoleInvitation("sample"), func(b Base) templ.Component {
			return Password{Base: signedOut(b), Action: paths.ConsoleInvitation("sample"), Email: "maria@acme.example", Problem: PasswordLength}
		}),
		show("password", "common", "Easy to guess", paths.ConsolePassword, func(b Base) templ.Component {
			return Password{Base: b, Action: paths.ConsolePassword, Email: "maria@acme.example", Changes: true, Problem: PasswordCommon}
		}),
		show("password", "wrong", "Not the one they have", paths.ConsolePassword, func(b Base) templ.Component {
			return Password{Base: b, Action: paths.ConsolePassword, Email: "maria@acme.example", Changes: true, Problem: PasswordWrong}
		}),
		show("password", "over", "The link does not work any more", paths.ConsoleInvitation("sample"), func(b Base) templ.Component {
			return InvitationOver{Base: signedOut(b)}
		}),
		show("home", "empty", "Find an account", paths.Console, func(b Base) templ.Component { return Home{Base: b} }),
		show("home", "found", "Two accounts found", paths.Console, func(b Base) templ.Component {
			return Home{Base: b, Query: "555-0147", Searched: true, Unposted: 2, NoticesOwed: 1, LettersOwed: 2, RowsWait: 3, Found: []Found{
				{"acc_1", "A-100234", "Ana Rivera", 2, 482_17}, {"acc_2", "A-100871", "Ana Maria Rivera", 1, 89_00},
			}}
		}),
		show("home", "work", "Somebody who finds no accounts", paths.Console, func(b Base) templ.Component {
			b.Finds = false
			b.Nav = []layouts.Way{Nav(b)[0], {Href: paths.ConsoleWebhooks, Words: b.T("console.webhooks")}}
			return Home{Base: b, Unposted: 2}
		}),
		show("home", "rest", "Nothing waits for them", paths.Console, func(b Base) templ.Component {
			b.Finds = false
			b.Nav = []layouts.Way{Nav(b)[0], {Href: paths.ConsoleWebhooks, Words: b.T("console.webhooks")}}
			return Home{Base: b}
		}),
		show("home", "none", "Nothing found", paths.Console, func(b Base) templ.Component {
			return Home{Base: b, Query: "K7Q2", Searched: true}
		}),
		show("account", "call", "During a call", paths.ConsoleAccount("acc_1"), func(b Base) templ.Component { return during(b, at) }),
		show("account", "quiet", "Before a call", paths.ConsoleAccount("acc_1"), func(b Base) templ.Component {
			a := during(b, at)
			a.Sent, a.Story, a.Debts = nil, nil, nil
			return a
		}),
		show("account", "read", "Read by who does not call", paths.ConsoleAccount("acc_1"), func(b Base) templ.Component {
			a := during(b, at)
			a.MayCall, a.Open = false, waitingAtBank()
			return a
		}),
		show("account", "open", "Payments wait at the bank", paths.ConsoleAccount("acc_1"), func(b Base) templ.Component {
			a := during(b, at)
			a.Open = waitingAtBank()
			return a
		}),
		show("account", "sent", "A payment was sent meanwhile", paths.ConsoleAccount("acc_1"), func(b Base) templ.Component {
			a := during(b, at)
			a.NotStopped = StopSent
			return a
		}),
		show("account", "unknown", "Whether it was stopped is not known", paths.ConsoleAccount("acc_1"), func(b Base) templ.Component {
			a := during(b, at)
			a.Open, a.NotStopped = waitingAtBank()[:1], StopUnknown
			return a
		}),
		show("disputes", "some", "Waiting for an answer", paths.ConsoleDisputes, func(b Base) templ.Component { return Disputes{Base: b, Lines: disputeLines(at)} }),
		show("disputes", "none", "Nothing waits", paths.ConsoleDisputes, func(b Base) templ.Component { return Disputes{Base: b} }),
		show("dispute", "open", "A dispute with photos", paths.ConsoleDispute("dsp_1"), func(b Base) templ.Component { return openDispute(b, at) }),
		show("dispute", "refused", "An answer without its proof", paths.ConsoleDispute("dsp_1"), func(b Base) templ.Component {
			d := openDispute(b, at)
			d.Problem, d.Chose, d.SentOn = DisputeNoProof, "verified", "2099-01-01"
			d.Faults = map[string]locale.Key{"document_id": DisputeFaultNumber, "method": DisputeFaultMethod, "sent_on": DisputeFaultFuture}
			return d
		}),
		show("dispute", "ended", "A question that was answered", paths.ConsoleDispute("dsp_2"), func(b Base) templ.Component {
			return Dispute{Base: b, DisputeLine: disputeLines(at)[1], AccountID: "acc_1", Ended: "creditor_sent", EndedOn: civil.Of(at(0, 0))}
		}),
		show("webhooks", "busy", "Some wait, some failed", paths.ConsoleWebhooks, func(b Base) templ.Component { return busy(b, at) }),
		show("webhooks", "empty", "Nothing set up", paths.ConsoleWebhooks, func(b Base) templ.Component { return Webhooks{Base: b} }),
		show("claims", "waiting", "What waits for the system of record", paths.ConsoleClaims, func(b Base) templ.Component {
			return Claims{Base: b, Claims: someClaims(at)}
		}),
		show("claims", "none", "Nothing waits", paths.ConsoleClaims, func(b Base) templ.Component { return Claims{Base: b} }),
		show("representatives", "some", "Who speaks for a person", paths.ConsoleRepresentatives("acc_1"), func(b Base) templ.Component { return speakers(b, at) }),
		show("representatives", "problem", "Fields to put right", paths.ConsoleRepresentatives("acc_1"), func(b Base) templ.Component {
			p := speakers(b, at)
			p.Held, p.BornFactor = nil, true
			p.Form = RepresentativeForm{Values: map[string]string{"name": "Eva Rivera", "phone": "555"}, Problems: map[string]bool{"role": true, "phone": true, "date_of_birth": true}}
			return p
		}),
		show("representatives", "unfit", "The role does not fit", paths.ConsoleRepresentatives("acc_1"), func(b Base) templ.Component {
			p := speakers(b, at)
			p.Problem, p.Form.Role = p.T("console.rep_unfit"), "executor"
			return p
		}),
		show("access", "calm", "The code of a person", paths.ConsoleAccess("acc_1"), func(b Base) templ.Component {
			return Access{Base: b, AccountID: "acc_1", AccountRef: "A-100234", Name: "Ana Rivera", Code: "K7Q2-9MXD-4F", WordsEN: "river lamp seven", WordsES: "mango pino sol"}
		}),
		show("access", "waits", "A code that somebody guesses at", paths.ConsoleAccess("acc_1"), func(b Base) templ.Component {
			return Access{Base: b, AccountID: "acc_1", AccountRef: "A-100234", Name: "Ana Rivera", Code: "K7Q2-9MXD-4F", WordsEN: "river lamp seven",
				WordsES: "mango pino sol", Misses: 23, WaitMinutes: 1271, Capped: true}
		}),
		show("doors", "ring", "Codes under guesses", paths.ConsoleDoors, func(b Base) templ.Component {
			return Doors{Base: b, Failed: 512, Budget: 500, Nobody: 2348, Paused: 90, Under: []UnderGuess{{"acc_1", "A-100234", 23}, {"acc_2", "A-100871", 5}}}
		}),
		show("doors", "calm", "Nobody guesses", paths.ConsoleDoors, func(b Base) templ.Component { return Doors{Base: b, Budget: 500, Failed: 3} }),
		show("seen", "list", "What a person saw", paths.ConsoleSeen("acc_1"), func(b Base) templ.Component {
			return Seen{Base: b, AccountID: "acc_1", AccountRef: "A-100234", Sights: []Sight{
				{2, at(12, 5), "authorization", "GET /payments/:id/review", "en", 200}, {1, at(10, 1), "debt", "GET /debts/:id", "es", 200},
			}}
		}),
		show("seen", "empty", "Nothing seen yet", paths.ConsoleSeen("acc_1"), func(b Base) templ.Component {
			return Seen{Base: b, AccountID: "acc_1", AccountRef: "A-100234"}
		}),
		show("replay", "page", "A page again", paths.ConsoleSight("acc_1", 2), func(b Base) templ.Component { return replay(b, at, false) }),
		show("replay", "erased", "A page that was erased", paths.ConsoleSight("acc_1", 2), func(b Base) templ.Component { return replay(b, at, true) }),
		show("notices", "owed", "Validation notices that are owed", paths.ConsoleNotices, func(b Base) templ.Component {
			began, due := at(0, 0).AddDate(0, 0, -4), civil.Of(at(0, 0).AddDate(0, 0, 1))
			return Notices{Base: b, Owed: []OwedNotice{
				{AccountID: "acc_2", AccountRef: "A-100871", DebtRef: "D-9", Began: began.AddDate(0, 0, -3), Due: due.AddDays(-3), Late: true},
				{AccountID: "acc_1", AccountRef: "A-100234", DebtRef: "D-1", Began: began, Due: due},
			}, Letters: []OwedLetter{
				{"plan_confirmation", OwedNotice{AccountID: "acc_2", AccountRef: "A-100871", DebtRef: "D-9", Began: began, Due: due.AddDays(-2), Late: true}},
				{"pre_collection_notice", OwedNotice{AccountID: "acc_1", AccountRef: "A-100234", DebtRef: "D-1", Began: began, Due: due}},
			}}
		}),
		show("notices", "none", "No notice is owed", paths.ConsoleNotices, func(b Base) templ.Component { return Notices{Base: b} }),
		show("alerts", "some", "What the processor wants looked at", paths.ConsoleAlerts, func(b Base) templ.Component { return Alerts{Base: b, Alerts: someAlerts(at)} }),
		show("alerts", "changed", "An alert that changed meanwhile", paths.ConsoleAlerts, func(b Base) templ.Component {
			return Alerts{Base: b, Alerts: someAlerts(at), Changed: true}
		}),
		show("held", "some", "Money that counts on no debt", paths.ConsoleHeld, func(b Base) templ.Component { return Held{Base: b, Lines: heldLines(at)} }),
		show("held", "closed", "The debt still may not be paid", paths.ConsoleHeld, func(b Base) templ.Component {
			return Held{Base: b, Lines: heldLines(at)[:1], Problem: HeldStillClosed}
		}),
		show("held", "no-tick", "The risk was not ticked", paths.ConsoleHeld, func(b Base) templ.Component {
			return Held{Base: b, Lines: heldLines(at)[:1], Problem: HeldNoTick}
		}),
		show("held", "changed", "Another amount by now", paths.ConsoleHeld, func(b Base) templ.Component {
			lines := heldLines(at)[:1]
			lines[0].Changed = true
			return Held{Base: b, Lines: lines}
		}),
		show("held", "none", "Nothing is held", paths.ConsoleHeld, func(b Base) templ.Component { return Held{Base: b} }),
		show("alerts", "none", "Nothing to look at", paths.ConsoleAlerts, func(b Base) templ.Component { return Alerts{Base: b} }),
		show("credits", "some", "What people paid too much", paths.ConsoleCredits, func(b Base) templ.Component { return Credits{Base: b, Credits: someCredits(at)} }),
		show("credits", "nothing", "Nothing can go back here", paths.ConsoleCredits, func(b Base) templ.Component {
			return Credits{Base: b, Credits: someCredits(at)[2:], Problem: CreditNothing}
		}),
		show("credits", "refused", "The processor said no", paths.ConsoleCredits, func(b Base) templ.Component {
			return Credits{Base: b, Credits: someCredits(at)[:1], Problem: CreditRefused}
		}),
		show("credits", "changed", "Another amount by now", paths.ConsoleCredits, func(b Base) templ.Component {
			all := someCredits(at)[:1]
			all[0].Changed = true
			return Credits{Base: b, Credits: all}
		}),
		show("credits", "none", "Nothing was paid too much", paths.ConsoleCredits, func(b Base) templ.Component { return Credits{Base: b} }),
		show("refunds", "empty", "Which payment?", paths.ConsoleRefunds, func(b Base) templ.Component { return Refunds{Base: b} }),
		show("refunds", "found", "From which debt?", paths.ConsoleRefunds, func(b Base) templ.Component { return Refunds{Base: b, Payment: aRefund(at)} }),
		show("refunds", "asked", "It is on its way", paths.ConsoleRefunds, func(b Base) templ.Component { return Refunds{Base: b, Payment: aRefund(at), Asked: 20_00} }),
		show("refunds", "amount", "More than stands", paths.ConsoleRefunds, func(b Base) templ.Component {
			p := aRefund(at)
			p.Lines[0].Typed, p.Lines[0].Problem = "900", RefundAmount
			return Refunds{Base: b, Payment: p}
		}),
		show("refunds", "refused", "The processor said no", paths.ConsoleRefunds, func(b Base) templ.Component {
			return Refunds{Base: b, Payment: aRefund(at), Problem: RefundRefused}
		}),
		show("refunds", "none", "No such payment", paths.ConsoleRefunds, func(b Base) templ.Component {
			return Refunds{Base: b, Reference: "PAY-00000000", Problem: RefundNotFound}
		}),
		show("problem", "not-found", "No such page", paths.Console, func(b Base) templ.Component {
			return Problem{Base: b, Title: b.T("notfound.title"), Text: b.T("notfound.text"), Reference: "ERR-4Q7XK2MD"}
		}),
	}...)
}

func heldLines(at func(minute, second int) time.Time) []HeldLine {
	until := civil.Of(at(0, 0)).AddDays(60)
	line := HeldLine{
		PaymentID: "pay_7KQ2", DebtID: "dbt_1", Reference: "PAY-7KQ2M9XD", AccountRef: "A-100234", DebtRef: "D-1", CreditorRef: "mercy", Reason: "bankruptcy",
		Amount: 100_00, At: at(1, 0), Until: until, Days: 1, Due: civil.Of(at(0, 0)).AddDays(6),
	}
	all := []HeldLine{line}
	for _, reason := range []string{"disputed", "recalled", "deceased", "attorney", "identity_theft", "minor", "under_review", "gone"} {
		line.PaymentID, line.Reason, line.Until = "pay_"+reason, reason, civil.Date{}
		all = append(all, line)
	}
	all[1].GoesBack, all[1].ByConsumer, all[1].Until = true, true, until
	all[2].GoesBack = true
	all[3].GoesBack, all[3].Asked, all[3].UnderWay = true, at(9, 0), true
	all[1].Due, all[3].Due = until, civil.Of(at(9, 0)).AddDays(14)
	all[4].Days, all[4].Due, all[4].Late = 9, civil.Of(at(0, 0)).AddDays(-2), true
	return all
}

func someAlerts(at func(minute, second int) time.Time) []Alert {
	due := at(0, 0).AddDate(0, 0, 7)
	return []Alert{
		{Kind: "dispute", Subject: "dp_1PqLm2", State: "needs_response", PaymentID: "pay_7KQ2", At: at(1, 0), Due: due},
		{Kind: "dispute", Subject: "dp_1PqLm1", State: "needs_response", PaymentID: "pay_7KQ1", At: at(1, 0), Due: due.AddDate(0, 0, -8), Late: true},
		{Kind: "mismatch", Subject: "pay_7KQ3", State: "amount received: $150.00 expected, $140.00 found", PaymentID: "pay_7KQ3", At: at(2, 0)},
		{Kind: "fraud_warning", Subject: "issfr_1PqLm3", State: "created", PaymentID: "pay_7KQ4", At: at(3, 0)},
		{Kind: "review", Subject: "prv_1PqLm4", State: "closed", PaymentID: "pay_7KQ5", At: at(4, 0), Seen: at(9, 0)},
		{Kind: "payout_failed", Subject: "po_1PqLm5", State: "failed", At: at(5, 0), Seen: at(9, 5)},
		{Kind: "payout_reconciled", Subject: "po_1PqLm6", State: "completed", At: at(6, 0), Seen: at(9, 9)},
		{Kind: "refund_failed", Subject: "console/K7Q2", State: "failed", PaymentID: "pay_7KQ6", At: at(6, 30)},
		{Kind: "loss", Subject: "pay_7KQ6", State: "$50.00 went back twice", PaymentID: "pay_7KQ6", At: at(7, 0)},
	}
}

func someCredits(at func(minute, second int) time.Time) []Credit {
	day := civil.Of(at(0, 0))
	return []Credit{
		{ID: "crd_1", AccountID: "acc_1", AccountRef: "A-100234", DebtRef: "D-1", Creditor: "Mercy Clinic", Amount: 150_00, Back: 150_00,
			Since: at(1, 0).AddDate(0, 0, -9), Due: day.AddDays(-2), Late: true, RiskUntil: day.AddDays(50)},
		{ID: "crd_2", AccountID: "acc_2", AccountRef: "A-100871", DebtRef: "D-9", Creditor: "City Water", Amount: 40_00, OnItsWay: 40_00, Since: at(2, 0), Due: day.AddDays(6)},
		{ID: "crd_3", AccountID: "acc_2", AccountRef: "A-100871", DebtRef: "D-10", Creditor: "City Gas", Amount: 87_83, Kept: 40_00, Since: at(3, 0), Due: day.AddDays(7)},
	}
}

func aRefund(at func(minute, second int) time.Time) *RefundPayment {
	return &RefundPayment{Reference: "PAY-7KQ2M9XD", Amount: 170_00, SentBack: 20_00, Part: PartExtra, Key: "sample-key", RiskUntil: civil.Of(at(0, 0)).AddDays(50), Lines: []RefundLine{
		{DebtID: "dbt_1", DebtRef: "D-1", Creditor: "Mercy Clinic", Amount: 120_00, Stands: 60_00, OnItsWay: 40_00}, {DebtID: "dbt_2", DebtRef: "D-2", Creditor: "City Water", Amount: 50_00},
	}}
}

func replay(b Base, at func(minute, second int) time.Time, erased bool) Replay {
	return Replay{
		Base: b, AccountID: "acc_1", AccountRef: "A-100234", Sight: Sight{2, at(12, 5), "debt", "GET /debts/:id", "en", 200},
		Build: "0.1.0 4f2a9c1", Rules: "packs 9b1c22d07e5af310", Decisions: []string{"view dbt_1 active allowed=true GEN-01"},
		Hash: "6f1ed002ab5595859014ebf0951522d9", Page: "<!doctype html><title>Debt</title><h1>Mercy Clinic</h1><p>$150.00</p>", Erased: erased,
	}
}

func speakers(b Base, at func(minute, second int) time.Time) Representatives {
	day := civil.Of(at(0, 0))
	return Representatives{Base: b, MayRecord: true, AccountID: "acc_1", AccountRef: "A-100234", Held: []Representative{
		{ID: "rep_2", Role: "executor", Name: "Eva Rivera", DocumentID: "DOC-311", CheckedBy: "Sam Agent", Code: "K7Q2-9MXD-4F", From: day},
		{ID: "rep_1", Role: "spouse", Name: "Ben Rivera", DocumentID: "DOC-204", CheckedBy: "Sam Agent", From: day.AddDays(-90), Until: day.AddDays(-1), Over: true},
	}}
}

func someClaims(at func(minute, second int) time.Time) []Claim {
	all := []Claim{
		{Kind: "bankruptcy", Links: 1, Plans: 1, Messages: 2, Name: "Ben Ode", CaseNumber: "26-10417", Days: 3,
			Files: []DisputeFile{{ID: "fil_1", Type: "image/jpeg", Bytes: 481_203, Open: true, Unscanned: true}, {ID: "fil_2", Type: "application/pdf", Bytes: 82_003}}},
		{Kind: "death", ByLink: true, Links: 1, Name: "Eva", Relation: "sister", Phone: "+12125550123", Days: 1},
		{Kind: "hardship", Plans: 1, Until: at(4, 0).AddDate(0, 0, 30)},
	}
	for _, kind := range []string{"illness", "disaster", "attorney", "servicemember", "identity_theft", "minor", "wrong_person"} {
		all = append(all, Claim{Kind: kind})
	}
	for i := range all {
		all[i].ID, all[i].AccountID, all[i].AccountRef, all[i].Reference, all[i].At = "clm_1", "acc_1", "A-100234", "CLM-7KQ2M9XD", at(i, 0)
	}
	return all
}

func waitingAtBank() []OpenPayment {
	return []OpenPayment{{ID: "pay_1", Reference: "PAY-7KQ2M9XD", Amount: 150_00}, {ID: "pay_2", Reference: "PAY-2XD7KQM9", Amount: 25_00}}
}

func during(b Base, at func(minute, second int) time.Time) Account {
	return Account{
		Base: b, MayCall: true, AccountID: "acc_1", AccountRef: "A-100234", Name: "Ana Rivera", Language: "Spanish", LocalTime: at(3, 0).Add(10 * time.Hour),
		LegalHold: &LegalHold{Since: at(1, 0), By: "Legal department", Reason: "Case 26-10417"},
		Flags: []Flag{
			{Words: "Do not text after 9:00 pm their time. It is 8:41 pm now.", Care: true},
			{Words: "Prefers Spanish."},
		},
		Debts: []Debt{
			{DebtRef: "D-1", Creditor: "Mercy Clinic", What: "Care in 2022", Amount: 332_17, Status: consumer.DebtOpen, AsOf: civil.Of(at(0, 0))},
			{DebtRef: "D-2", Creditor: "City Water", What: "Water bill 2023", Amount: 150_00, Pending: 50_00, Status: consumer.DebtPending},
			{DebtRef: "D-3", Creditor: "Northside Gym", What: "Membership 2024", Amount: 89_00, Status: consumer.DebtDisputed},
			{DebtRef: "D-4", Creditor: "Harbor Bank", What: "Card 2015", Amount: 1_204_50, Status: consumer.DebtTimeBarred},
			{DebtRef: "D-5", Creditor: "Valley Dental", What: "Visit 2024", Amount: 240_00, Status: consumer.DebtReturned},
			{DebtRef: "D-6", Creditor: "Metro Power", What: "Power 2022", Amount: 75_00, Held: 25_00, Status: consumer.DebtHold},
			{DebtRef: "D-7", Creditor: "Oak Furniture", What: "Sofa 2021", Credit: 15_00, Status: consumer.DebtPaid},
			{DebtRef: "D-8", Creditor: "Sun Gym", What: "Membership 2020", Status: consumer.DebtClosed},
		},
		Story: []Event{
			{At: at(4, 2), Kind: EventPaid, Amount: 150_00, Part: PartInstead}, {At: at(4, 1), Kind: EventHeld, Amount: 20_00},
			{At: at(3, 50), Kind: EventSubmitted, Amount: 150_00, Part: PartExtra},
			{At: at(3, 20), Kind: EventFailed, Amount: 150_00},
			{At: at(3, 1), Kind: EventPaying}, {At: at(2, 59), Kind: EventChoosing}, {At: at(2, 50), Kind: EventReading},
			{At: at(2, 45), Kind: EventVerified}, {At: at(2, 40), Kind: EventOpened}, {At: at(2, 11), Kind: EventLinkSent},
			{At: at(1, 0), Kind: EventReversed, Amount: 50_00}, {At: at(0, 40), Kind: EventNotMe},
			{At: at(0, 30), Kind: EventSignedOut}, {At: at(0, 0), Kind: EventPlaced},
		},
		Channels: []Channel{
			{Kind: "sms", To: "(•••) •••-0147", Consent: true},
			{Kind: "email", To: "a•••@mail.example", Closed: "They asked us not to send email to this address."},
			{Kind: "say"},
		},
		Sent: &Link{At: at(2, 11), Phrase: []string{"river", "lamp", "seven"}, Steps: []Step{
			{EventLinkSent, at(2, 11)}, {EventOpened, at(2, 40)}, {EventVerified, at(2, 45)}, {EventReading, at(2, 50)},
			{EventChoosing, at(2, 59)}, {EventPaying, time.Time{}}, {EventPaid, time.Time{}},
		}},
	}
}

func busy(b Base, at func(minute, second int) time.Time) Webhooks {
	return Webhooks{
		Base: b, Done: true,
		Endpoints: []Endpoint{
			{ID: "ep_1", URL: "https://records.acme.example/hooks", State: EndpointActive, Waiting: 1, Sequence: 1042, LastOK: at(4, 3), NextTry: at(9, 0)},
			{ID: "ep_2", URL: "https://clinic.example/hooks", Scope: "Mercy Clinic", State: EndpointPaused, Waiting: 12, Sequence: 310},
			{ID: "ep_3", URL: "https://old.example/hooks", Scope: "City Water", State: EndpointOff, Sequence: 77, LastOK: at(0, 1)},
		},
		Unposted: []Unposted{
			{EventID: "evt_GG7HI7BQCQ7AIALQI2OPAX4WS6", Type: "payment.confirmed", Sequence: 1041, Since: at(4, 3)},
			{EventID: "evt_FVUHPGUQ6NZKP7ULNDCBPV7QQB", Type: "payment.confirmed", Sequence: 1038, Since: at(1, 3), Refused: "account A-100871 is closed here"},
		},
		Attempts: []Attempt{
			{EndpointID: "ep_1", EventID: "evt_GG7HI7BQCQ7AIALQI2OPAX4WS6", Type: "payment.confirmed", At: at(4, 3), Millis: 84, Status: 200, Reply: `{"ok":true}`},
			{EndpointID: "ep_2", EventID: "evt_FVUHPGUQ6NZKP7ULNDCBPV7QQB", Type: "payment.confirmed", At: at(4, 1), Millis: 15000, Class: "timeout"},
		},
	}
}

func disputeLines(at func(minute, second int) time.Time) []DisputeLine {
	day := civil.Of(at(0, 0))
	return []DisputeLine{
		{ID: "dsp_1", Reference: "DSP-7KQ2M9XD", DebtRef: "D-1", Kind: "dispute", Disputed: 332_17, Whole: true, Opened: at(0, 0), Due: day.AddDays(-1), Late: true},
		{ID: "dsp_2", Reference: "OCR-9XD7KQ2M", DebtRef: "D-2", Kind: "original_creditor", Opened: at(1, 0), Due: day.AddDays(20)},
		{ID: "dsp_3", Reference: "CMP-M9XD7KQ2", Kind: "complaint", Opened: at(2, 0), Due: day.AddDays(25)},
	}
}

func openDispute(b Base, at func(minute, second int) time.Time) Dispute {
	return Dispute{
		Base: b, DisputeLine: disputeLines(at)[0], AccountID: "acc_1", Reasons: []string{"already_paid", "coerced"}, Story: "I paid at the desk.",
		PaidTo: "Mercy Clinic", PaidOn: civil.Of(at(0, 0)).AddDays(-90), Safe: "Only by email", Repeats: "DSP-2M9XD7KQ", Outcomes: []string{"verified", "duplicative"},
		Files: []DisputeFile{{ID: "fil_1", Type: "image/jpeg", Bytes: 481_203, Open: true, Unscanned: true}, {ID: "fil_2", Type: "application/pdf", Bytes: 82_003}},
	}
}
