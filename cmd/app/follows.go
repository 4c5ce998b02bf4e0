package app

import (
	"quittance/payments"
	"quittance/plans"
	"quittance/portal/alert"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/credit"
	"quittance/portal/dispute"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/intake"
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
	credits    []credit.Watcher
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
	placements []intake.Watcher // by file, by the API and by the system of record's answers
}

// follow makes room for all who are told, so that they may be named before they
// are wired, and writes the list. The audit log comes last, so that what it
// notes is what is about to be committed. Behind each row stands the test that
// misses it (`make mutants`).
func (p *Portal) follow() {
	p.Plans, p.Papers, p.recorder, p.Alerts = new(plans.Service), new(letter.Service), new(outbox.Recorder), new(alert.Desk)
	p.Credits = new(credit.Desk)
	p.messenger, p.announcer, p.answerer, p.Changing, p.Contacts = new(messenger), new(announcer), new(answerer), new(talk.Changing), new(contact.Book)
	p.Links, p.Claims, p.Validation, p.Importer = new(identity.Links), new(claim.Service), new(validation.Service), new(intake.Importer)
	p.Payments = new(payments.Service)
	p.follows = follows{
		payments: []payments.Watcher{
			p.Plans,                  // TestPlansAreChargedFromTheOfferToTheLastInstallment
			p.recorder,               // TestWHK03_SEC08_EachActIsToldAndInTheLog
			p.Papers,                 // TestSTA04_APaidDebtAndAFirstLookOweTheirPapers
			openPayments{p.Payments}, // TestSTR14_G00_ADisputeThatIsWonTakesBackWhatIsOpen
			p.Alerts,                 // TestSTR13_F1_WhatTheBankTakesBackAfterARefundIsOurLoss
			p.messenger,              // TestCOM05_F6_WhoeverPaysIsToldWhatBecomesOfIt
			p.Credits,                // TestAMT07_F1_MoreThanIsOwedIsACreditThatIsToldAndSentBack
			p.Audit,                  // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		alarms: []payments.Alarm{
			p.Alerts, // TestSTR05_AChargeOfNoPaymentRings
		},
		credits: []credit.Watcher{
			overpayments{p.recorder}, // TestAMT07_F1_MoreThanIsOwedIsACreditThatIsToldAndSentBack
			p.messenger,              // TestAMT07_F6_WhoPaidTooMuchHearsThatItGoesBack
		},
		plans: []plans.Watcher{
			p.recorder,               // TestWHK03_SEC08_EachActIsToldAndInTheLog
			p.announcer,              // TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged
			p.messenger,              // TestREG04_F6_WhoHasAPlanIsToldWhenItChangesWithoutThem
			p.Papers,                 // TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted
			openPayments{p.Payments}, // TestWHK06_G00_ASettlementThatIsPaidTakesBackWhatIsOpen
			p.Audit,                  // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		statements: []plans.StatementWatcher{
			statements{p.recorder}, // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		visits: []identity.Watcher{
			p.recorder,               // TestWHK03_SEC08_EachActIsToldAndInTheLog
			firstViews{p.Validation}, // TestVAL10_STS02_AnExecutorsFirstLookBeginsTheDutyAndNobodysNextLookDoesAgain
			paperwork{p},             // TestSTA04_APaidDebtAndAFirstLookOweTheirPapers
			p.Audit,                  // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		links: []identity.Watcher{
			p.recorder,               // TestWHK03_SEC08_EachActIsToldAndInTheLog
			firstViews{p.Validation}, // TestVAL10_ALinkBeginsTheDutyToMailANotice
			paperwork{p},             // TestSTA04_APaidDebtAndAFirstLookOweTheirPapers
			strangers{p.Claims},      // TestSMS03_AStrangerAtALinkStandsBeforeTheCollectors
			p.Audit,                  // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		contacts: []contact.Watcher{
			p.Links,    // TestSMS05_AStopByTextEndsTheLinkThatWentToTheNumber
			p.recorder, // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		messages: []notice.Watcher{
			notice.Bounces{Book: p.Contacts}, // TestSEC08_AMessageThatComesBackLaterIsInTheLog
			p.recorder,                       // TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged
			p.announcer,                      // TestPDN03_ABouncedNoticeIsAskedForOnPaperOnceAndWithoutItNothingIsCharged
			p.Changing,                       // TestSEC12_AWordToTheOldContactThatComesBackBecomesALetterToTheOldAddress
			p.answerer,                       // TestVAL12_AnElectronicAnswerWhoseMessageCameBackIsAskedForOnPaperOnce
			paperwork{p},                     // TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted
			p.Audit,                          // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		postings: []outbox.PostingWatcher{
			p.announcer,              // TestPDN03_WhereNoEmailMayBeUsedTheNoticeIsMailedBeforeTheCharge
			firstViews{p.Validation}, // TestVAL10_ALinkBeginsTheDutyToMailANotice
			paperwork{p},             // TestSTA04_APlanIsConfirmedByMailOrByEmailAndItIsCounted
		},
		holds: []hold.Watcher{
			stopPlans{p.Plans},       // TestWHK03_SEC08_EachActIsToldAndInTheLog
			openPayments{p.Payments}, // TestSTS01_G00_EveryHoldTakesBackEveryOpenStep
			p.Audit,                  // TestWHK03_SEC08_EachActIsToldAndInTheLog
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
			p.Audit,    // TestWHK03_SEC08_EachActIsToldAndInTheLog
		},
		placements: []intake.Watcher{
			openPayments{p.Payments}, // TestSTS01_G00_EveryHoldTakesBackEveryOpenStep
			stopPlans{p.Plans},       // TestWHK06_F2_ARecallByFileEndsAPlanAndABankruptcyAllOfThem
			firstViews{p.Validation}, // TestVAL10_F2_ARecallByFileEndsTheDutyToMailANotice
			endLinks{p.Links},        // TestSTS01_F2_ABankruptcyByFileEndsTheLinks
			p.Credits,                // TestAMT07_F1_BooksThatStateACreditSettleItThemselves
		},
	}
}
