package main

import (
	"quittance/payments"
	"quittance/plans"
	"quittance/portal/alert"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/dispute"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/letter"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/talk"
	"quittance/portal/validation"
)

// follows is what follows from what: whom each service tells, in this order and
// in the transaction of what it tells. Nobody is told by any other list.
type follows struct {
	payments   []payments.Watcher
	alarms     []payments.Alarm
	plans      []plans.Watcher
	statements []plans.StatementWatcher
	visits     []identity.Watcher
	links      []identity.Watcher
	contacts   []contact.Watcher
	messages   []notice.Watcher // of what was sent, and of what a carrier says of it later
	postings   []outbox.PostingWatcher
	holds      []hold.Watcher
	disputes   []dispute.Watcher
	claims     []claim.Watcher
	speakers   []represent.Watcher
}

// follow makes room for all who are told, so that they may be named before they
// are wired, and writes the list. What must be settled first stands first: money
// that is parked is not told as paid. The audit log comes last, so that what it
// notes is what is about to be committed. Behind each row stands the test that
// misses it (`make mutants`).
func (p *portal) follow() {
	p.parked, p.plans, p.papers, p.recorder, p.alerts = new(dispute.Park), new(plans.Service), new(letter.Service), new(outbox.Recorder), new(alert.Desk)
	p.announcer, p.answerer, p.changing, p.contacts = new(announcer), new(answerer), new(talk.Changing), new(contact.Book)
	p.links, p.claims, p.validation = new(identity.Links), new(claim.Service), new(validation.Service)
	p.follows = follows{
		payments: []payments.Watcher{
			p.parked,   // TestAMT06_ABankPaymentThatClearsBehindADisputeIsParked
			p.plans,    // TestPlansAreChargedFromTheOfferToTheLastInstallment
			p.recorder, // TestWHK03_SEC08_EachActIsToldAndInTheLog
			p.papers,   // TestSTA04_APaidDebtAndAFirstLookOweTheirPapers
			p.audit,    // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		alarms: []payments.Alarm{
			p.alerts, // TestSTR05_AChargeOfNoPaymentRings
		},
		plans: []plans.Watcher{
			p.recorder,  // TestWHK03_SEC08_EachActIsToldAndInTheLog
			p.announcer, // TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged
			p.papers,    // TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted
			p.audit,     // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		statements: []plans.StatementWatcher{
			statements{p.recorder}, // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		visits: []identity.Watcher{
			p.recorder,               // TestWHK03_SEC08_EachActIsToldAndInTheLog
			firstViews{p.validation}, // TestVAL10_STS02_AnExecutorsFirstLookBeginsTheDutyAndNobodysNextLookDoesAgain
			paperwork{p},             // TestSTA04_APaidDebtAndAFirstLookOweTheirPapers
			p.audit,                  // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		links: []identity.Watcher{
			p.recorder,               // TestWHK03_SEC08_EachActIsToldAndInTheLog
			firstViews{p.validation}, // TestVAL10_ALinkBeginsTheDutyToMailANotice
			paperwork{p},             // TestSTA04_APaidDebtAndAFirstLookOweTheirPapers
			strangers{p.claims},      // TestSMS03_AStrangerAtALinkStandsBeforeTheCollectors
			p.audit,                  // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		contacts: []contact.Watcher{
			p.links,    // TestSMS05_AStopByTextEndsTheLinkThatWentToTheNumber
			p.recorder, // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		messages: []notice.Watcher{
			notice.Bounces{Book: p.contacts}, // TestSEC08_AMessageThatComesBackLaterIsInTheLog
			p.recorder,                       // TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged
			p.announcer,                      // TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged
			p.changing,                       // TestSEC12_AWordToTheOldContactThatComesBackBecomesALetterToTheOldAddress
			p.answerer,                       // TestVAL12_AnElectronicAnswerWhoseMessageCameBackIsAskedForOnPaperOnce
			paperwork{p},                     // TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted
			p.audit,                          // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		postings: []outbox.PostingWatcher{
			p.announcer,              // TestPDN03_WhereNoEmailMayBeUsedTheNoticeIsMailedBeforeTheCharge
			firstViews{p.validation}, // TestVAL10_ALinkBeginsTheDutyToMailANotice
			paperwork{p},             // TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted
		},
		holds: []hold.Watcher{
			stopPlans{p.plans}, // TestWHK03_SEC08_EachActIsToldAndInTheLog
			p.audit,            // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		disputes: []dispute.Watcher{
			p.recorder, // TestWHK03_SEC08_EachActIsToldAndInTheLog
			p.answerer, // TestVAL12_AnElectronicAnswerWhoseMessageCameBackIsAskedForOnPaperOnce
		},
		claims: []claim.Watcher{
			p.recorder,     // TestWHK03_SEC08_EachActIsToldAndInTheLog
			condolences{p}, // TestSTS02_ADeathToldByALinkAsksForALetterToTheAddressOnFile
		},
		speakers: []represent.Watcher{
			p.recorder, // TestWHK03_SEC08_EachActIsToldAndInTheLog
			p.audit,    // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
	}
}
