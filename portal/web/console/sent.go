package console

import (
	"cmp"
	"context"

	"quittance/frontend/locale"
	"quittance/frontend/pages/console"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

// Messages reads what was sent to an account.
type Messages interface {
	// MessagesOf lists an account's messages, newest first, without their words.
	MessagesOf(ctx context.Context, id debt.AccountID, limit int) ([]notice.Outgoing, error)
}

// mostSent is how many messages of an account are listed.
const mostSent = 20

// kindWords name what a message was for.
var kindWords = map[notice.Kind]locale.Key{
	notice.KindLink: "console.message_link", notice.KindStepUp: "console.message_step_up", notice.KindCharge: "console.message_charge",
	notice.KindStopped: "console.message_stopped", notice.KindHelp: "console.message_help", notice.KindThread: "console.message_thread",
	notice.KindAnswer: "console.message_answer", notice.KindCheck: "console.message_check", notice.KindChanged: "console.message_changed",
	notice.KindLetter: "console.message_letter", notice.KindStepUpFor: "console.message_step_up_for", notice.KindAccess: "console.message_access",
	notice.KindMoney: "console.message_money",
}

// problemWords say why a message failed or was held back, where no rule does.
var problemWords = map[string]locale.Key{
	notice.ProblemBounced: "console.message_bounced", notice.ProblemRefused: "console.message_refused", notice.ProblemUnknown: "console.message_unknown",
	notice.ProblemUndeliverable: "console.message_undelivered", notice.ProblemStopped: "console.closed_opted_out",
	"expired": "console.message_expired", "address_changed": "console.message_moved",
}

// sentMessages is what was sent to an account and what became of it: of a
// message that nobody knows to have gone out, the agent hears that too (SMS-08).
func (p *Pages) sentMessages(ctx context.Context, b console.Base, id debt.AccountID) ([]console.SentMessage, error) {
	all, err := p.Messages.MessagesOf(ctx, id, mostSent)
	var list []console.SentMessage
	for _, m := range all {
		at := m.CreatedAt
		if !m.SentAt.IsZero() {
			at = m.SentAt
		}
		list = append(list, console.SentMessage{
			Channel: string(m.Channel), What: b.T(kindWords[m.Kind]), State: became(b, m), Care: m.Status == notice.Failed, At: at.In(p.Zone),
		})
	}
	return list, err
}

func became(b console.Base, m notice.Outgoing) string {
	switch m.Status {
	case notice.Queued, notice.Sending:
		return b.T("console.message_queued")
	case notice.Sent:
		return b.T("console.message_sent")
	default:
	}
	if key, known := problemWords[m.Problem]; known {
		return b.T(key)
	}
	if m.Status == notice.Failed {
		return b.T("console.message_failed")
	}
	return b.T("console.message_held", "why", closed(b, m.Problem, cmp.Or(contact.Reason(m.Problem).Rule(), "GEN-01")))
}
