package notice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"quittance/portal/contact"
)

// Transactor runs fn in one transaction: all of it is kept or none.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Guard is asked once more before a message leaves: much can have been said
// since it was queued (COM-01, SMS-02). An empty reason lets it go.
type Guard interface {
	MaySend(ctx context.Context, m Message) (reason string, err error)
}

// Watcher is told of messages that were sent or given up, in the transaction
// that records it.
type Watcher interface {
	MessageChanged(ctx context.Context, m Outgoing) error
}

// Worker sends what is queued. All fields are required but Watchers, Keep and Lease.
type Worker struct {
	Tx       Transactor
	Store    Store
	Sealer   Sealer
	Senders  map[contact.Channel]Sender
	Guard    Guard
	Watchers []Watcher
	// Keep leaves the words in the row as they went out. Only the phone inbox of
	// the demo does: elsewhere a copy is kept in which no link opens anything.
	Keep bool
	// Lease is how long a message is left to who took it; zero is two minutes.
	Lease time.Duration
	Now   func() time.Time
	Log   *slog.Logger
}

const (
	batch    = 20
	lease    = 2 * time.Minute
	mostTry  = 4
	deadline = 20 * time.Second
	// quietPause is how long a message that waits for its hour is left alone.
	quietPause = time.Hour
	// mostTryWaiting leaves room for nights of waiting.
	mostTryWaiting = 100
)

// pauses follow the first, second and third failure.
var pauses = [mostTry - 1]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}

// Run sends one batch and says how many messages it took. It is a job of
// package worker.
func (w *Worker) Run(ctx context.Context) (int, error) {
	now := w.now()
	failed := w.leftovers(ctx)
	claimed, err := w.Store.ClaimOutgoing(ctx, now, now.Add(cmp.Or(w.Lease, lease)), batch)
	if err != nil {
		return 0, errors.Join(failed, fmt.Errorf("claim messages: %w", err))
	}
	for _, m := range claimed {
		if ctx.Err() != nil {
			break // the lease runs out and another run takes the rest
		}
		o, err := w.attempt(ctx, m)
		if err == nil {
			err = w.save(ctx, o)
		}
		if !errors.Is(err, errTaken) {
			failed = errors.Join(failed, err)
		}
	}
	return len(claimed), failed
}

// errTaken says that another worker has the message.
var errTaken = errors.New("another worker has the message")

// leftovers gives up texts whose sender died between handing them over and
// writing that down. They are reported, never sent again: a second text would
// be one too many (SMS-08).
func (w *Worker) leftovers(ctx context.Context) error {
	left, err := w.Store.LeftSending(ctx, w.now(), batch)
	if err != nil {
		return fmt.Errorf("leftover messages: %w", err)
	}
	for _, o := range left {
		w.Log.WarnContext(ctx, "nobody knows whether a message went out", "message", o.ID, "channel", o.Channel)
		o.LeasedUntil = time.Time{}
		err = errors.Join(err, w.save(ctx, o.end(Failed, ProblemUnknown)))
	}
	return err
}

func (w *Worker) now() time.Time { return w.Now().UTC().Truncate(time.Microsecond) }

// attempt decides what becomes of a claimed message, and sends it if it may
// leave.
func (w *Worker) attempt(ctx context.Context, o Outgoing) (Outgoing, error) {
	o.LeasedUntil = time.Time{}
	m, unreadable := Open(w.Sealer, o)
	sender, known := w.Senders[o.Channel]
	switch {
	case unreadable != nil:
		return o.end(Failed, "unreadable"), nil //nolint:nilerr // nobody can send it; its record says why
	case !known:
		return o.end(Withheld, string(contact.ChannelOff)), nil
	case !o.ExpiresAt.IsZero() && !w.now().Before(o.ExpiresAt):
		return o.end(Withheld, "expired"), nil
	}
	reason, err := w.Guard.MaySend(ctx, m)
	if err != nil {
		return w.again(ctx, o, err), nil
	}
	if contact.Reason(reason).Waits() && o.Kind.Waits() {
		o.NextAt = w.now().Add(quietPause)
		return o, nil
	}
	if reason != "" {
		w.Log.InfoContext(ctx, "message refused", "message", o.ID, "account", o.AccountID, "channel", o.Channel, "reason", reason, "rule", cmp.Or(contact.Reason(reason).Rule(), "GEN-01"))
		return o.end(Withheld, reason), nil
	}
	if o.Channel == contact.SMS { // a mailbox tells a repeated e-mail by its id; a phone cannot
		if ours, err := w.Store.BeginSending(ctx, o); err != nil || !ours {
			return o, errors.Join(err, taken(ours))
		}
	}
	return w.send(ctx, sender, o, m), nil
}

func taken(ours bool) error {
	if ours {
		return nil
	}
	return errTaken
}

func (w *Worker) send(ctx context.Context, s Sender, o Outgoing, m Message) Outgoing {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	id, err := s.Send(ctx, m)
	switch {
	case errors.Is(err, ErrUndeliverable):
		w.Log.WarnContext(ctx, "message is undeliverable", "message", o.ID, "channel", o.Channel, "error", err)
		return o.end(Failed, problem(err))
	case err != nil:
		return w.again(ctx, o, err)
	}
	o.ProviderID, o.SentAt = id, w.now()
	if w.Keep {
		o.Status = Sent
		return o
	}
	o = o.end(Sent, "")
	if o.Sealed, err = seal(w.Sealer, m.Copy()); err != nil {
		w.Log.WarnContext(ctx, "no copy of a message was kept", "message", o.ID, "error", err)
	}
	return o
}

// problem is what a message that cannot be delivered is kept with.
func problem(err error) string {
	for _, p := range []struct {
		err  error
		name string
	}{{ErrBounced, ProblemBounced}, {ErrRefused, ProblemRefused}, {ErrStopped, ProblemStopped}} {
		if errors.Is(err, p.err) {
			return p.name
		}
	}
	return ProblemUndeliverable
}

// again puts a message back after a failure, or gives it up.
func (w *Worker) again(ctx context.Context, o Outgoing, err error) Outgoing {
	w.Log.WarnContext(ctx, "message was not sent", "message", o.ID, "channel", o.Channel, "try", o.Tries, "error", err)
	most := mostTry
	if o.Kind.Waits() {
		most = mostTryWaiting
	}
	if o.Tries >= most {
		return o.end(Failed, "gave_up")
	}
	o.NextAt = w.now().Add(pauses[min(max(o.Tries, 1), len(pauses))-1])
	return o
}

// end closes a message and erases its words. Of one that was sent a copy is kept.
func (o Outgoing) end(s Status, problem string) Outgoing {
	o.Status, o.Problem, o.Sealed = s, problem, nil
	return o
}

func (w *Worker) save(ctx context.Context, o Outgoing) error {
	return w.Tx.InTx(ctx, func(ctx context.Context) error {
		saved, err := w.Store.SaveOutgoing(ctx, o)
		if err != nil {
			return fmt.Errorf("save message: %w", err)
		}
		if o.Status == Queued || !saved {
			return nil
		}
		return tell(ctx, w.Watchers, o)
	})
}

func tell(ctx context.Context, watchers []Watcher, o Outgoing) error {
	for _, watcher := range watchers {
		if err := watcher.MessageChanged(ctx, o); err != nil {
			return err
		}
	}
	return nil
}
