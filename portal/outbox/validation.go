package outbox

import (
	"context"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// ValidationNotice is the kind of a notice with the validation information of a
// debt (VAL-10).
const ValidationNotice = "validation_notice"

// NoticeOwed asks the system of record to mail the validation notice of a debt
// that its consumer first heard of here, and returns the event's id: its posting
// says that the notice was mailed.
func (r *Recorder) NoticeOwed(ctx context.Context, st debt.Statement, due civil.Date) (string, error) {
	id, err := r.MailRequired(ctx, About{AccountID: string(st.Debt.AccountID), CreditorRef: st.Debt.CreditorRef}, NoticeFacts{
		Kind: ValidationNotice, DebtRef: st.Debt.Ref, Due: due.String(), NoticeBy: due.String(), AmountCents: st.Owed,
	})
	return string(id), err
}
