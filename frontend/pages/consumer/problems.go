package consumer

import "quittance/frontend/locale"

// Problems are the sentences beside a field that was refused. Each says how to
// put it right. Handlers write them with Base.T and put them into
// Input.Problem.
const (
	ProblemCodeMissing   locale.Key = "problem.code_missing"
	ProblemCodeFormat    locale.Key = "problem.code_format" // length or check character
	ProblemCodeOther     locale.Key = "problem.code_other"  // not even like one
	ProblemZIPMissing    locale.Key = "problem.zip_missing"
	ProblemZIPFormat     locale.Key = "problem.zip_format"
	ProblemBirthMissing  locale.Key = "problem.birth_missing"
	ProblemBirthFormat   locale.Key = "problem.birth_format"
	ProblemBirthYear     locale.Key = "problem.birth_year"   // two digits, or before anybody alive
	ProblemStepMissing   locale.Key = "problem.step_missing" // the six digits
	ProblemStepFormat    locale.Key = "problem.step_format"
	ProblemStepWrong     locale.Key = "problem.step_wrong"
	ProblemStepAsked     locale.Key = "problem.step_asked"     // of digits that may not have been sent
	ProblemNumberMissing locale.Key = "problem.number_missing" // is this real
	ProblemNumberFormat  locale.Key = "problem.number_format"
	ProblemWordsFormat   locale.Key = "problem.words_format" // not three words
	ProblemNoDebt        locale.Key = "problem.no_debt"      // nothing chosen to pay
	ProblemAmountMissing locale.Key = "problem.amount_missing"
	ProblemAmountFormat  locale.Key = "problem.amount_format"
	ProblemAmountCents   locale.Key = "problem.amount_cents" // a fraction of a cent
	ProblemAmountComma   locale.Key = "problem.amount_comma" // it may part thousands or cents
	ProblemAmountZero    locale.Key = "problem.amount_zero"  // zero or below
	ProblemAmountMin     locale.Key = "problem.amount_min"   // argument "min": money.Cents
	ProblemAmountMax     locale.Key = "problem.amount_max"   // argument "max": money.Cents
	ProblemAmountAll     locale.Key = "problem.amount_all"   // this debt takes no part payment
	ProblemChanged       locale.Key = "problem.changed"      // the balance moved meanwhile
	ProblemDebtClosed    locale.Key = "problem.debt_closed"  // cannot be paid any more
	ProblemDeclines      locale.Key = "problem.declines"     // too many cards were declined today
	ProblemMethod        locale.Key = "problem.method"       // no method chosen
	ProblemAuthorize     locale.Key = "problem.authorize"    // the box was left empty
	ProblemReviewMoved   locale.Key = "problem.review_moved" // midnight passed between reading and paying
	ProblemSamePayment   locale.Key = "problem.same_payment" // this payment was already made
	ProblemPaymentsOff   locale.Key = "problem.payments_off" // the portal takes no payments now

	ProblemPlanAmountMin   locale.Key = "problem.plan_amount_min"  // argument "min": money.Cents
	ProblemPlanAmountMax   locale.Key = "problem.plan_amount_max"  // argument "max": money.Cents
	ProblemPlanAmountLong  locale.Key = "problem.plan_amount_long" // argument "amount": money.Cents
	ProblemPlanRhythm      locale.Key = "problem.plan_rhythm"
	ProblemPlanDay         locale.Key = "problem.plan_day"
	ProblemPlanDayEarly    locale.Key = "problem.plan_day_early"  // argument "date": the nearest possible
	ProblemPlanDayLate     locale.Key = "problem.plan_day_late"   // argument "date"
	ProblemPlanDayClosed   locale.Key = "problem.plan_day_closed" // argument "date"
	ProblemPlanDayTaken    locale.Key = "problem.plan_day_taken"  // argument "date"
	ProblemPlanOfferGone   locale.Key = "problem.plan_offer_gone"
	ProblemPlanMoved       locale.Key = "problem.plan_moved"        // the schedule moved before it was signed
	ProblemPlanPart        locale.Key = "problem.plan_part"         // neither in place of the next one nor extra
	ProblemAmountScrap     locale.Key = "problem.amount_scrap"      // arguments "rest", "more", "less"
	ProblemAmountScrapMore locale.Key = "problem.amount_scrap_more" // arguments "rest", "more"
	ProblemPlanDeclined    locale.Key = "problem.plan_declined"
	ProblemPlanAgain       locale.Key = "problem.plan_again" // the processor did not answer
	ProblemPlanCharging    locale.Key = "problem.plan_charging"
	ProblemPlanAgree       locale.Key = "problem.plan_agree"
	ProblemPlanName        locale.Key = "problem.plan_name"
	ProblemPlanWhich       locale.Key = "problem.plan_which" // no payment chosen
	ProblemPlanSkips       locale.Key = "problem.plan_skips"
	ProblemPlanSplit       locale.Key = "problem.plan_split"
	ProblemPlanSent        locale.Key = "problem.plan_sent"
	ProblemPlanRefused     locale.Key = "problem.plan_refused"
	ProblemPlanNothing     locale.Key = "problem.plan_nothing"
	ProblemBudgetPeople    locale.Key = "problem.budget_people"
	ProblemBudgetAmount    locale.Key = "problem.budget_amount"
	ProblemBudgetMost      locale.Key = "problem.budget_most" // argument "max": money.Cents
)

// Problems of a dispute.
const (
	ProblemDisputeReasons    locale.Key = "problem.dispute_reasons"
	ProblemDisputeWords      locale.Key = "problem.dispute_words"
	ProblemDisputeLong       locale.Key = "problem.dispute_long"
	ProblemDisputeLines      locale.Key = "problem.dispute_lines"
	ProblemDisputeMuch       locale.Key = "problem.dispute_much"        // argument "max": money.Cents
	ProblemDisputeFuture     locale.Key = "problem.dispute_future"      // a day that has not come
	ProblemDisputeDay        locale.Key = "problem.dispute_day"         // no day at all
	ProblemDisputeFileType   locale.Key = "problem.dispute_file_type"   // argument "name"
	ProblemDisputeFileHEIC   locale.Key = "problem.dispute_file_heic"   // argument "name"
	ProblemDisputeFilePixels locale.Key = "problem.dispute_file_pixels" // argument "name"
	ProblemDisputeFileBroken locale.Key = "problem.dispute_file_broken" // argument "name"
	ProblemDisputeFileActive locale.Key = "problem.dispute_file_active" // argument "name"
	ProblemDisputeFileLocked locale.Key = "problem.dispute_file_locked" // argument "name"
	ProblemDisputeFileSize   locale.Key = "problem.dispute_file_size"   // argument "name"
	ProblemDisputeFileEmpty  locale.Key = "problem.dispute_file_empty"  // argument "name"
	ProblemDisputeFileMany   locale.Key = "problem.dispute_file_many"   // argument "name"
	ProblemDisputeFileDay    locale.Key = "problem.dispute_file_day"    // argument "name"
	ProblemDisputeDrafts     locale.Key = "problem.dispute_drafts"      // argument "n"
	ProblemDisputeFileNone   locale.Key = "problem.dispute_file_none"
	ProblemDisputeClosed     locale.Key = "problem.dispute_closed"
	ProblemDisputeMoved      locale.Key = "problem.dispute_moved"
)
