package outbox_test

import (
	"slices"
	"testing"

	"quittance/portal/outbox"
)

// told says by which types each event of the rule book is told (WHK-01).
var told = map[string][]outbox.Type{
	"communication.initial":       {outbox.ConsumerVerified, outbox.NoticeMailRequired},
	"message.undeliverable":       {outbox.MessageUndeliverable},
	"dispute.opened":              {outbox.DisputeOpened},
	"dispute.closed":              {outbox.DisputeClosed},
	"original_creditor.requested": {outbox.CreditorRequested},
	"preference.changed":          {outbox.ContactChanged, outbox.ConsentChanged},
	"optout":                      {outbox.ConsentChanged},
	"cease":                       {outbox.CeaseRequested},
	"representation.claimed":      {outbox.RepresentationClaimed},
	"status.claimed":              {outbox.StatusClaimed},
	"plan.created":                {outbox.PlanCreated},
	"plan.changed":                {outbox.PlanChanged},
	"plan.canceled":               {outbox.PlanCancelled},
	"payment.submitted":           {outbox.PaymentSubmitted},
	"payment.confirmed":           {outbox.PaymentConfirmed},
	"payment.failed":              {outbox.PaymentFailed},
	"payment.reversed":            {outbox.PaymentReversed},
	"payment.reinstated":          {outbox.PaymentReinstated},
	"payment.refunded":            {outbox.PaymentRefunded},
	"mandate.revoked":             {outbox.PlanCancelled, outbox.PlanPaused},
	"notice.mail_required":        {outbox.NoticeMailRequired},
	"wrong_party":                 {outbox.WrongPartyReported},
}

func TestWHK01_EveryEventOfTheRuleBookIsEmittedWithASchemaAndAnExample(t *testing.T) {
	t.Parallel()
	types := emitted()
	for event, by := range told {
		for _, typ := range by {
			if !slices.Contains(types, typ) {
				t.Errorf("%s: %s is not emitted", event, typ)
			}
			if _, err := outbox.Schema(typ, "1"); err != nil {
				t.Errorf("%s: %v", event, err)
			}
			if _, err := outbox.Example(typ, "1"); err != nil {
				t.Errorf("%s: %v", event, err)
			}
		}
	}
}
