package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/portal/contact"
)

// byHolder is who asks for a link by the link before it. Nobody knows more of
// them than that.
const byHolder = "holder"

// How often a new link goes out for an old one, and how long an answer waits for
// the morning before it is looked at again.
const (
	asksAnHour = 1
	asksADay   = 3
	askAgain   = 15 * time.Minute
)

// Ask takes the wish of whoever holds a link for a new one. It does the same for
// a link that never was as for any other, and answers nothing: what becomes of
// the wish is decided later, by Answer (S2). Of what cannot be a token it keeps
// nothing.
func (l *Links) Ask(ctx context.Context, token string) error {
	raw, _ := parseToken(token)
	if err := l.Store.AskLink(ctx, hashToken(raw), l.now()); err != nil {
		return fmt.Errorf("ask for a link: %w", err)
	}
	return nil
}

// Answer sends new links to those who asked for one by an old one: to the
// contact on file, once an hour and three times a day, and only what the rules
// let go to somebody who asked. It returns how many wishes it looked at.
func (l *Links) Answer(ctx context.Context, limit int) (int, error) {
	asked, err := l.Store.LinksAsked(ctx, l.now(), limit)
	if err != nil {
		return 0, fmt.Errorf("links that were asked for: %w", err)
	}
	var failed error
	for _, held := range asked {
		if err := l.answer(ctx, held); err != nil {
			// It is looked at again later, so that it does not stand before the others.
			again := l.Store.AnswerLink(ctx, held.ID, l.now().Add(askAgain))
			failed = errors.Join(failed, fmt.Errorf("answer who asked for a link: %w", err), again)
		}
	}
	return len(asked), failed
}

func (l *Links) answer(ctx context.Context, asked Link) error {
	r := LinkRequest{AccountID: asked.AccountID, Channel: asked.Channel, By: byHolder}
	if err := l.freshen(ctx, r); err != nil {
		return err
	}
	return l.Tx.InTx(ctx, func(ctx context.Context) error {
		held, err := l.Store.Link(ctx, asked.ID)
		if err != nil || held.AskedAt.IsZero() { // another process answered
			return err
		}
		due, err := l.renew(ctx, r, held)
		if err != nil {
			return err
		}
		return l.Store.AnswerLink(ctx, held.ID, due)
	})
}

// renew sends a new link in place of one that is held, unless a rule stands
// against it. due is when to look again; zero is never.
func (l *Links) renew(ctx context.Context, r LinkRequest, held Link) (due time.Time, err error) {
	often, err := l.askedOften(ctx, held)
	if err != nil || often || held.EndedWhy == EndedWrongPerson {
		return due, err
	}
	p, err := l.People.Person(ctx, r.AccountID)
	if err != nil {
		return due, fmt.Errorf("person: %w", err)
	}
	r.Language = p.Language
	to, err := l.allowed(ctx, r, p)
	refusal := Refusal{}
	switch {
	case errors.As(err, &refusal) && contact.Reason(refusal.Reason) == contact.QuietHours:
		return l.now().Add(askAgain), nil // they asked at night; it goes in the morning
	case errors.As(err, &refusal):
		return due, l.refuse(ctx, r, refusal)
	case err != nil:
		return due, err
	}
	_, err = l.send(ctx, r, to)
	return due, err
}

func (l *Links) askedOften(ctx context.Context, held Link) (bool, error) {
	earlier, err := l.Store.LinksOf(ctx, held.AccountID)
	if err != nil {
		return false, fmt.Errorf("links: %w", err)
	}
	earlier = slices.DeleteFunc(earlier, func(e Link) bool { return e.SentBy != byHolder })
	within := func(n int, d time.Duration) bool {
		return len(earlier) >= n && earlier[n-1].CreatedAt.After(l.now().Add(-d))
	}
	return within(asksAnHour, time.Hour) || within(asksADay, day), nil
}
