package console

import (
	"context"
	"io"
	"strings"
	"time"

	"quittance/frontend/locale"
)

// Alerts is what the payment processor wants looked at, what nobody saw first.
type Alerts struct {
	Base
	Alerts  []Alert
	Changed bool // the one that was marked as seen stands otherwise by now
}

// Alert is one line of it.
type Alert struct {
	Kind, Subject, State string
	PaymentID            string // empty: none of ours
	Version              string // as it stands on the page
	At, Due, Seen        time.Time
	Late                 bool
}

var alertKinds = map[string]locale.Key{
	"dispute": "console.alert_dispute", "fraud_warning": "console.alert_fraud", "review": "console.alert_review",
	"payout_failed": "console.alert_payout", "payout_reconciled": "console.alert_reconciled", "mismatch": "console.alert_mismatch",
	"card_declines": "console.alert_declines", "code_reads": "console.alert_codes", "loss": "console.alert_loss",
	"refund_failed": "console.alert_refund",
}

func (a Alert) words(b Base) string { return b.T(alertKinds[a.Kind]) }

// state is the processor's word, made readable.
func (a Alert) state() string { return strings.ReplaceAll(a.State, "_", " ") }

// Render writes the page.
func (p Alerts) Render(ctx context.Context, w io.Writer) error { return alertsPage(p).Render(ctx, w) }
