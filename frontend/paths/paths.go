// Package paths builds the addresses of the consumer's pages. Templates and
// handlers build links here and nowhere else. Ids, tokens and references are of
// our own making and need no escaping.
package paths

import "strconv"

// Addresses without a variable part.
const (
	Start      = "/"
	Real       = "/is-this-real"
	Verify     = "/verify"
	VerifyDied = "/verify/died"
	Digits     = "/verify/digits"
	Code       = "/verify/code"
	Resend     = "/verify/code/resend"
	Account    = "/account"
	Choose     = "/payments/new"
	Plans      = "/plans"
	Wrong      = "/disputes/new" // "something is wrong"; also with ?debt=
	Ask        = "/request"      // whom was it first owed to? also with ?debt=
	Complain   = "/complaint"
	Help       = "/help"
	Privacy    = "/privacy"
	SignOut    = "/sign-out"   // POST; then 303 to SignedOut
	SignedOut  = "/signed-out" // GET
	Session    = "/session"    // GET: how long it goes on
	Extend     = "/session/extend"
	// Access is where one is signed in, and how to come back; the POSTs sign out
	// everywhere and show the person's own code.
	Access           = "/account/access"
	AccessEverywhere = Access + "/sign-out"
	AccessCode       = Access + "/code"
	Records          = "/account/records"
	// RecordsCopy takes the POST that answers with a file of everything.
	RecordsCopy = "/account/records/copy"
	Language    = "/language"
)

// Where a person agrees to get notices here instead of by mail.
const (
	Electronic       = "/preferences/electronic"
	ElectronicProve  = Electronic + "/try"
	ElectronicSample = Electronic + "/sample"
	ElectronicEnd    = Electronic + "/end" // POST
)

// Link is the texted link; a GET shows the landing page, a POST goes on.
func Link(token string) string { return "/l/" + token }

// LinkAgain takes the POST of whoever asks for a new link.
func LinkAgain(token string) string { return "/l/" + token + "/again" }

// NotMe takes the POST of a person the link was not meant for.
func NotMe(token string) string { return "/l/" + token + "/not-me" }

// Stop is the way out of messages to one address: a GET asks, a POST stops.
func Stop(token string) string { return "/o/" + token }

// Debt is the itemization of one debt.
func Debt(id string) string { return "/debts/" + id }

// DebtNotice is the validation notice of a debt; its POST is the answer.
func DebtNotice(id string) string { return "/debts/" + id + "/notice" }

// NoticeIn is the notice in a language.
func NoticeIn(id, lang string) string { return DebtNotice(id) + "?lang=" + lang }

// NoticeSpanish takes the POST that asks for the notice in Spanish.
func NoticeSpanish(id string) string { return DebtNotice(id) + "/spanish" }

// NoticePDF is a copy of the notice to keep.
func NoticePDF(id, lang string) string { return DebtNotice(id) + ".pdf?lang=" + lang }

// DebtPayOff takes the POST that asks what pays a debt off.
func DebtPayOff(id string) string { return "/debts/" + id + "/payoff" }

// Letter is a letter as it was written, and LetterCopy the same as a file.
func Letter(id string) string { return "/letters/" + id }

// LetterCopy is a copy of a letter to keep.
func LetterCopy(id string) string { return Letter(id) + "/copy.pdf" }

// Dispute and Request are the addresses that notices print, opened at a debt.
func Dispute(id string) string { return "/dispute?debt=" + id }

// Request is where the original creditor is asked for.
func Request(id string) string { return "/request?debt=" + id }

// Payment is the outcome of a payment, whatever it is by now.
func Payment(id string) string { return "/payments/" + id }

// Method is the card or bank step of a payment.
func Method(id string) string { return "/payments/" + id + "/method" }

// StopPayment takes the POST that gives up a payment before it is sent.
func StopPayment(id string) string { return "/payments/" + id + "/stop" }

// Hosted takes the POST that moves the card or bank step to the payment
// partner's own page.
func Hosted(id string) string { return "/payments/" + id + "/hosted" }

// Review is the last look before paying; its POST pays.
func Review(id string) string { return "/payments/" + id + "/review" }

// Receipt is the receipt by its reference.
func Receipt(reference string) string { return "/receipts/" + reference }

// HelpAbout is the help page opened at one subject, e.g. consumer.AboutPlan.
func HelpAbout(about string) string { return Help + "?about=" + about }

// Life is where a person says what has happened in their life; its POST lets
// it take effect.
func Life(kind string) string { return Help + "/" + kind }

// LifeAlive asks whoever signs in whether what somebody with a link said of a
// death is a mistake.
const LifeAlive = Help + "/alive/sure"

// LifeDirect ends what was said of a lawyer, after asking once more.
const LifeDirect = Help + "/lawyer/direct"

// LifeDone says what was stopped, by the claim's reference.
func LifeDone(reference string) string { return Help + "/done/" + reference }

// LifeFiles takes the POST that adds photos and papers to a claim.
func LifeFiles(reference string) string { return LifeDone(reference) + "/files" }

// Died takes the word of whoever holds a texted link that the person has died.
func Died(token string) string { return "/l/" + token + "/died" }

// PlanOptions are the ways to pay a debt over time.
func PlanOptions(debt string) string { return "/debts/" + debt + "/plan" }

// PlanBudget is the worksheet that finds out what a person can pay on a debt.
func PlanBudget(debt string) string { return "/debts/" + debt + "/budget" }

// PlanHardship is what somebody can do about a debt who cannot pay now.
func PlanHardship(debt string) string { return "/debts/" + debt + "/hardship" }

// PlanDraft is the schedule of a plan that is not agreed on yet.
func PlanDraft(draft string) string { return "/plans/new/" + draft }

// PlanMethod is the card or bank step of such a plan.
func PlanMethod(draft string) string { return "/plans/new/" + draft + "/method" }

// PlanSign is where it is agreed on.
func PlanSign(draft string) string { return "/plans/new/" + draft + "/sign" }

// Plan is a plan and where it stands.
func Plan(id string) string { return "/plans/" + id }

// PlanChange lists the changes to a plan; its POST shows one before it is made.
func PlanChange(id string) string { return "/plans/" + id + "/change" }

// PlanPay asks what a payment by hand is to a plan.
func PlanPay(id string) string { return "/plans/" + id + "/pay" }

// PlanNewMethod asks for another account or card for a plan.
func PlanNewMethod(id string) string { return "/plans/" + id + "/method" }

// PlanMethodDraft is where it is given.
func PlanMethodDraft(id, draft string) string { return "/plans/" + id + "/method/" + draft }

// PlanMethodSign is where it is agreed on.
func PlanMethodSign(id, draft string) string { return PlanMethodDraft(id, draft) + "/sign" }

// PlanConfirm takes the POST that makes a change.
func PlanConfirm(id string) string { return "/plans/" + id + "/change/confirm" }

// PlanStop asks whether to stop a plan; its POST does.
func PlanStop(id string) string { return "/plans/" + id + "/stop" }

// PlanPaper is what was agreed to.
func PlanPaper(id string, version int) string {
	return "/plans/" + id + "/agreements/" + strconv.Itoa(version)
}

// PlanPaperCopy is the same as a file to keep.
func PlanPaperCopy(id string, version int) string { return PlanPaper(id, version) + "/copy.pdf" }

// PlanLetterCopy is the letter of a completed plan as a file to keep.
func PlanLetterCopy(id string) string { return PlanLetter(id) + ".pdf" }

// PlanCalendar is the calendar file of a plan.
func PlanCalendar(id string) string { return "/plans/" + id + "/calendar.ics" }

// PlanLetter says that a plan is completed.
func PlanLetter(id string) string { return "/plans/" + id + "/letter" }

// WrongWith leads to the form on one debt, from wherever.
func WrongWith(debt string) string { return Wrong + "?debt=" + debt }

// AskAbout leads to the question whom a debt was first owed to.
func AskAbout(debt string) string { return Ask + "?debt=" + debt }

// DisputeAbout is the form on one debt.
func DisputeAbout(debt string) string { return "/disputes/about/" + debt }

// DisputeCheck is the last look before a dispute is sent; its POST sends it.
func DisputeCheck(draft string) string { return "/disputes/check/" + draft }

// DisputeChange is the form again, filled in.
func DisputeChange(debt, draft string) string { return DisputeAbout(debt) + "?draft=" + draft }

// Sent is a dispute, request or complaint that was sent, and where it stands.
func Sent(reference string) string { return "/disputes/" + reference }

// Withdraw asks once more before a dispute is taken back; its POST does it.
func Withdraw(reference string) string { return Sent(reference) + "/withdraw" }

// DisputeFiles takes the POST that adds files.
func DisputeFiles(reference string) string { return "/disputes/" + reference + "/files" }

// DisputeFile is one file of it, as a download.
func DisputeFile(reference, file string) string { return "/disputes/" + reference + "/files/" + file }

// DisputePayment takes the POST that says what becomes of a payment that was
// on its way.
func DisputePayment(reference string) string { return "/disputes/" + reference + "/payment" }

// RecordsSeen is one page as the person saw it.
func RecordsSeen(number int64) string { return Records + "/seen/" + strconv.FormatInt(number, 10) }
