// Package alert keeps what the processor says that a person has to look at:
// disputes with the day by which they want an answer, warnings of fraud,
// payouts that failed, and differences between its books and ours. In come
// warnings and mismatches of payments, in their transaction; out go rows for
// finance, a line in the log and the event reconciliation.mismatch. No money
// moves by any of it (STR-05, STR-14).
package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"quittance/payments"
	"quittance/portal/outbox"
)

// ErrNoAlert means that there is no such alert, or that it changed meanwhile.
var ErrNoAlert = errors.New("no such alert")

// Kind is what an alert is about: one of payments.WarningKind, or Mismatch.
type Kind string

// Mismatch is a difference between the processor's books and ours; CodeReads is a
// token of the API that read as many reference codes as an hour allows; Loss is
// money that the bank took back after it had been given back.
const (
	Mismatch  Kind = "mismatch"
	CodeReads Kind = "code_reads"
	Loss      Kind = "loss"
)

// Alert is one thing to look at. Kind and Subject name it.
type Alert struct {
	Kind      Kind
	Subject   string      // the processor's id of it; of a mismatch the payment's
	State     string      // how it stands; without personal data
	PaymentID payments.ID // empty: about none of ours
	DueAt     time.Time   // until when the processor wants an answer; may be zero
	At        time.Time   // since when it stands so
	SeenAt    time.Time   // zero until somebody looked
	SeenBy    string
}

// Store keeps alerts.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// KeepAlert adds an alert, or makes it stand as it does now and unseen again.
	// False when that is known already, or something newer.
	KeepAlert(ctx context.Context, a Alert) (bool, error)
	// Alerts lists the latest: what nobody saw first, by due date.
	Alerts(ctx context.Context, most int) ([]Alert, error)
	// SeeAlert marks one that stands as it did at a time; false when there is none.
	SeeAlert(ctx context.Context, a Alert) (bool, error)
}

// Events tells the system of record.
type Events interface {
	Mismatch(ctx context.Context, f outbox.ReconciledFacts) error
}

// Desk takes alerts in and shows them. All fields are required.
type Desk struct {
	Store  Store
	Events Events
	Log    *slog.Logger
	Now    func() time.Time
}

var (
	_ payments.Alarm          = (*Desk)(nil)
	_ payments.WarningWatcher = (*Desk)(nil)
	_ payments.Watcher        = (*Desk)(nil)
)

// PaymentChanged implements payments.Watcher: what went back twice is the
// agency's loss, and nobody is asked for it again (STR-13).
func (d *Desk) PaymentChanged(ctx context.Context, c payments.Change) error {
	lost := c.After.Lost()
	if lost <= c.Before.Lost() {
		return nil
	}
	_, err := d.keep(ctx, Alert{
		Kind: Loss, Subject: string(c.After.ID), PaymentID: c.After.ID, At: d.Now(), State: fmt.Sprintf("%s went back twice", lost),
	})
	return err
}

// Warn implements payments.WarningWatcher.
func (d *Desk) Warn(ctx context.Context, w payments.Warning, about payments.ID, at time.Time) error {
	_, err := d.keep(ctx, Alert{Kind: Kind(w.Kind), Subject: w.Subject, State: w.State, PaymentID: about, DueAt: w.DueAt, At: at})
	return err
}

// Mismatch implements payments.Alarm: a difference is told once, however often
// it is met.
func (d *Desk) Mismatch(ctx context.Context, m payments.Mismatch) error {
	now := d.Now().UTC()
	subject := m.IntentID
	if m.PaymentID != "" {
		subject = string(m.PaymentID)
	}
	fresh, err := d.keep(ctx, Alert{
		Kind: Mismatch, Subject: subject, PaymentID: m.PaymentID, At: now,
		State: fmt.Sprintf("%s: %s expected, %s found", m.Reason, m.Expected, m.Found),
	})
	if err != nil || !fresh {
		return err
	}
	return d.Events.Mismatch(ctx, outbox.ReconciledFacts{
		Day: now.Format(time.DateOnly), Subject: "processor", ExpectedCents: m.Expected, FoundCents: m.Found, DifferenceCents: m.Found - m.Expected,
		PaymentID: string(m.PaymentID), ProcessorRef: m.IntentID, Reason: m.Reason,
	})
}

// Ring keeps an alert of ours; true when it is new.
func (d *Desk) Ring(ctx context.Context, k Kind, subject, state string) (bool, error) {
	return d.keep(ctx, Alert{Kind: k, Subject: subject, State: state, At: d.Now()})
}

func (d *Desk) keep(ctx context.Context, a Alert) (bool, error) {
	a.At = a.At.UTC().Truncate(time.Microsecond)
	fresh, err := d.Store.KeepAlert(ctx, a)
	if err != nil {
		return false, fmt.Errorf("keep alert: %w", err)
	}
	if fresh {
		level := slog.LevelError
		if a.Kind == Kind(payments.PayoutReconcile) {
			level = slog.LevelInfo // it comes with every payout
		}
		d.Log.Log(ctx, level, "somebody has to look", "alert", a.Kind, "subject", a.Subject, "state", a.State,
			"payment", a.PaymentID, "due", a.DueAt)
	}
	return fresh, nil
}

// List returns the latest alerts, those that nobody saw first.
func (d *Desk) List(ctx context.Context, most int) ([]Alert, error) { return d.Store.Alerts(ctx, most) }

// See notes that somebody looked at an alert as it stood at a.At; ErrNoAlert
// when it stands otherwise by now.
func (d *Desk) See(ctx context.Context, a Alert, by string) error {
	a.SeenAt, a.SeenBy = d.Now().UTC().Truncate(time.Microsecond), by
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		seen, err := d.Store.SeeAlert(ctx, a)
		if err == nil && !seen {
			err = ErrNoAlert
		}
		return err
	})
}
