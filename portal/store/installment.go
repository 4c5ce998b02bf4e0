package store

import (
	"slices"
	"strings"

	"quittance/plans"
)

// installmentColumns are an installment's columns in the order of scanPlan.
// What follows from the plan is written, and read by the agenda alone.
const installmentColumns = `i.number, i.due, i.charge_at, i.amount_cents, i.paid_cents, i.status, i.attempts, i.retries, i.payment_id,
	i.failure_code, i.failure_return_code, i.notice_state, i.notice_on, i.notice_message, i.notice_sent_at, i.missed, i.unanswered`

// storedInstallment are the columns that a save writes, in the order of
// installmentValues. A lease is not among them: a save leaves it as it is.
var storedInstallment = []string{
	"plan_id", "number", "due", "charge_at", "amount_cents", "paid_cents", "status", "attempts", "retries", "payment_id",
	"failure_code", "failure_return_code", "notice_state", "notice_on", "notice_message", "notice_sent_at", "missed", "unanswered",
	"chargeable", "overdue_on",
}

// saveInstallments writes the installments that are new or changed; a step, or
// none.
func saveInstallments(before, after plans.Plan) []step {
	held := make(map[int][]any, len(before.Installments))
	for _, i := range before.Installments {
		held[i.Number] = installmentValues(before, i)
	}
	var args []any
	for _, i := range after.Installments {
		if values := installmentValues(after, i); !slices.Equal(values, held[i.Number]) {
			args = append(args, values...)
		}
	}
	if len(args) == 0 {
		return nil
	}
	rows := len(args) / len(storedInstallment)
	return []step{{query: upsertInstallments(rows), args: args, touches: int64(rows)}}
}

func upsertInstallments(rows int) string {
	var sets []string
	for _, column := range storedInstallment[2:] {
		sets = append(sets, column+" = excluded."+column)
	}
	return `INSERT INTO plan_installments (` + strings.Join(storedInstallment, ", ") + `) VALUES ` +
		tuples(rows, len(storedInstallment)) + ` ON CONFLICT (plan_id, number) DO UPDATE SET ` + strings.Join(sets, ", ")
}

// installmentValues are plain values, so that two lists of them compare.
func installmentValues(p plans.Plan, i plans.Installment) []any {
	return []any{
		string(p.ID), int64(i.Number), i.Due.String(), micros(i.ChargeAt), int64(i.Amount), int64(i.Paid), string(i.Status),
		int64(i.Attempts), int64(i.Retries), string(i.PaymentID), i.Failure.Code, i.Failure.ReturnCode, string(i.Notice.State), i.Notice.On.String(),
		i.Notice.MessageID, micros(i.Notice.SentAt), flag(i.Missed), flag(i.Unanswered), flag(chargeable(p, i)), overdueOn(p, i),
	}
}

// chargeable reports whether an installment is charged when its time comes: it
// waits for that, or was begun and the processor may never have been asked.
func chargeable(p plans.Plan, i plans.Installment) bool {
	waits := i.Status == plans.Scheduled || i.Status == plans.InFlight && i.PaymentID == ""
	return waits && p.Status == plans.Active && p.Charging == plans.Automatic && !i.ChargeAt.IsZero() && i.Owed() > 0
}

// overdueOn is the first day after an installment's grace days; empty when it
// cannot be missed: a charge of ours that is late is no fault of the consumer's.
func overdueOn(p plans.Plan, i plans.Installment) string {
	waits := i.Status == plans.Failed || i.Status == plans.Scheduled && p.Charging == plans.ByHand
	if !waits || p.Status != plans.Active || i.Missed || i.Owed() == 0 {
		return ""
	}
	return i.Due.AddDays(p.Terms.GraceDays + 1).String()
}
