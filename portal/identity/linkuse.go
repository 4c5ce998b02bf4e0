package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// Open is a person pressing Continue. It returns the token of a visit that
// waits for the personal fact, or ErrLinkEnded. A GET never comes here:
// machines open links too (SMS-05).
func (l *Links) Open(ctx context.Context, token string) (pending string, err error) {
	var opened Link
	err = l.change(ctx, token, func(ctx context.Context, held Link) error {
		opened = held
		now := l.now()
		if !held.Usable(now) {
			return ErrLinkEnded
		}
		if !held.OpenedAt.IsZero() {
			return nil
		}
		held.OpenedAt = now
		if err := l.Store.SaveLink(ctx, held); err != nil {
			return fmt.Errorf("save link: %w", err)
		}
		return tell(ctx, l.Watchers, held.change(LinkOpened, now))
	})
	if err != nil {
		return "", err
	}
	return pendingSigner(l.Keys, l.Now).sign(claims{Subject: linkBucket(opened.ID)}, l.Now().Add(PendingFor))
}

// Return is Open for the browser in which a link was used: it leads to the
// identity page again for a while (LeadsBack); ErrLinkEnded. Whether it is that
// browser the caller knows.
func (l *Links) Return(ctx context.Context, token string) (pending string, err error) {
	var held Link
	err = l.change(ctx, token, func(_ context.Context, found Link) error {
		if held = found; !held.LeadsBack(l.now()) {
			return ErrLinkEnded
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return pendingSigner(l.Keys, l.Now).sign(claims{Subject: linkPrefix + backPrefix + string(held.ID)}, l.Now().Add(PendingFor))
}

// change runs fn on the locked link of a token; ErrLinkEnded when there is
// none.
func (l *Links) change(ctx context.Context, token string, fn func(context.Context, Link) error) error {
	raw, ok := parseToken(token)
	if !ok {
		return ErrLinkEnded
	}
	return l.Tx.InTx(ctx, func(ctx context.Context) error {
		held, err := l.Store.LinkByToken(ctx, hashToken(raw))
		if errors.Is(err, ErrNotFound) {
			return ErrLinkEnded
		}
		if err != nil {
			return fmt.Errorf("link: %w", err)
		}
		return fn(ctx, held)
	})
}

// NotMe is a stranger saying so (SMS-03): the link and all that went to the same
// number or address end at once, with the sessions that they opened (F15); it is
// never written to again, and the system of record is told nothing but that. It
// works for a link that grew too old, too; ErrLinkEnded when
// there is no such link.
func (l *Links) NotMe(ctx context.Context, token string) error {
	return l.change(ctx, token, l.notMe)
}

// NotMePending is NotMe for a visitor who has pressed Continue already.
func (l *Links) NotMePending(ctx context.Context, pending string) error {
	c, err := pendingSigner(l.Keys, l.Now).read(pending)
	if err != nil {
		return errors.Join(ErrPending, err)
	}
	return l.Tx.InTx(ctx, func(ctx context.Context) error {
		held, err := l.byBucket(ctx, c.Subject)
		if err != nil {
			return err
		}
		return l.notMe(ctx, held)
	})
}

func (l *Links) byBucket(ctx context.Context, bucket string) (Link, error) {
	if len(bucket) <= len(linkPrefix) || bucket[:len(linkPrefix)] != linkPrefix {
		return Link{}, ErrPending
	}
	held, err := l.Store.Link(ctx, LinkID(strings.TrimPrefix(bucket[len(linkPrefix):], backPrefix)))
	if errors.Is(err, ErrNotFound) {
		return Link{}, ErrLinkEnded
	}
	return held, err
}

func (l *Links) notMe(ctx context.Context, held Link) error {
	if held.EndedWhy == EndedWrongPerson {
		return nil
	}
	held.EndedAt, held.EndedWhy = l.now(), EndedWrongPerson
	if err := l.Store.SaveLink(ctx, held); err != nil {
		return fmt.Errorf("save link: %w", err)
	}
	if err := l.strange(ctx, held.AccountID, held.Channel, held.AddressHash); err != nil {
		return err
	}
	if err := l.Book.Suppress(ctx, held.AccountID, held.Channel, held.AddressHash, contact.WrongPerson); err != nil {
		return fmt.Errorf("suppress: %w", err)
	}
	return tell(ctx, l.Watchers, held.change(WrongPartyReported, held.EndedAt))
}

// RevokeAll ends every link of an account that can still be used, for an
// opt-out or a hold (SMS-05).
func (l *Links) RevokeAll(ctx context.Context, id debt.AccountID) error {
	return l.Tx.InTx(ctx, func(ctx context.Context) error {
		all, err := l.Store.LinksOf(ctx, id)
		if err != nil {
			return fmt.Errorf("links: %w", err)
		}
		for _, held := range all {
			if err := l.revoke(ctx, held); err != nil {
				return err
			}
		}
		return nil
	})
}

// ContactChanged implements contact.Watcher: a stop, or a stranger, ends the
// links that went to the number or address (SMS-05), and a stranger what they
// opened. A representative's stop leaves the consumer's links.
func (l *Links) ContactChanged(ctx context.Context, c contact.Change) error {
	switch c.Kind {
	case contact.Ended:
		return l.each(ctx, c.AccountID, c.Channel, c.AddressHash, l.revoke)
	case contact.Strange:
		return l.strange(ctx, c.AccountID, c.Channel, c.AddressHash)
	default:
		return nil
	}
}

// strange ends all that links to an address of a stranger lead to.
func (l *Links) strange(ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte) error {
	return l.each(ctx, id, ch, hash, func(ctx context.Context, held Link) error {
		if err := l.Sessions.EndOpenedBy(ctx, held.ID, "wrong person"); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		return l.revoke(ctx, held)
	})
}

// each runs fn on the links of an account that went to an address.
func (l *Links) each(ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte, fn func(context.Context, Link) error) error {
	all, err := l.Store.LinksOf(ctx, id)
	if err != nil {
		return fmt.Errorf("links: %w", err)
	}
	for _, held := range all {
		if held.Channel != ch || !bytes.Equal(held.AddressHash, hash) {
			continue
		}
		if err := fn(ctx, held); err != nil {
			return err
		}
	}
	return nil
}

func (l *Links) revoke(ctx context.Context, held Link) error {
	if !held.Usable(l.now()) && !held.LeadsBack(l.now()) {
		return nil
	}
	held.EndedAt, held.EndedWhy = l.now(), EndedRevoked
	return l.Store.SaveLink(ctx, held)
}

// Holder finds the link of a token, usable or not; ErrLinkEnded when there is
// none. In a transaction the link is locked.
func (l *Links) Holder(ctx context.Context, token string) (held Link, err error) {
	err = l.change(ctx, token, func(_ context.Context, found Link) error {
		held = found
		return nil
	})
	return held, err
}

// HolderPending is Holder for a visitor who has pressed Continue already;
// ErrPending when no link led here.
func (l *Links) HolderPending(ctx context.Context, pending string) (Link, error) {
	c, err := pendingSigner(l.Keys, l.Now).read(pending)
	if err != nil {
		return Link{}, errors.Join(ErrPending, err)
	}
	return l.byBucket(ctx, c.Subject)
}
