package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

// ErrLinkEnded is the one answer to links that were used, revoked, grew too
// old or never were.
var ErrLinkEnded = errors.New("link cannot be used")

// Refusal says why a link is not sent: the rule behind it and the reason in one
// key word.
type Refusal struct{ Rule, Reason string }

// Error implements error.
func (r Refusal) Error() string { return fmt.Sprintf("not sent: %s (%s)", r.Reason, r.Rule) }

// Permission answers whether the state of an account's debts lets the agency
// write at all (rules.md O); rule and reason are empty when it may.
type Permission interface {
	MayWrite(ctx context.Context, id debt.AccountID) (rule, reason string, err error)
}

// LinkWords is what the words of a link's message are made of.
type LinkWords struct {
	URL, Reference string
	Phrase         []string
}

// Links sends links to consumers and knows what became of them. All fields are
// required but Watchers.
type Links struct {
	Tx         Transactor
	Store      LinkStore
	People     People
	Book       *contact.Book
	Permission Permission
	Messages   Messenger
	Words      Words
	Phrases    *Phrases
	Sessions   *Sessions // of Consumers
	Keys       Keys
	PublicURL  string // the only source of a link's host
	Watchers   []Watcher
	Now        func() time.Time
}

// LinkRequest asks for a link to the contact on file.
type LinkRequest struct {
	AccountID debt.AccountID
	Channel   contact.Channel
	Language  string // empty is the person's own
	By        string // "staff:stf_…", "token:tok_…" or byHolder
	CallID    string
	// Consent is the ground that the person gave during this call, if any. It
	// is recorded first. Only Basis, At, CallID and TextVersion are read.
	Consent *contact.Consent
}

// asked reports whether the person asked for the link on this very call, or by
// the link before it: then it counts in no cap.
func (r LinkRequest) asked() bool {
	return r.By == byHolder || r.Consent != nil && (r.Consent.Basis == contact.DirectConsent || r.Consent.Basis == contact.InboundMessage)
}

// SentLink is a link on its way. Phrase is what the collector reads out.
type SentLink struct {
	Link   Link
	Phrase []string
}

// mostLinksADay keeps an eager hand from flooding a person (COM-11).
const mostLinksADay = 5

// Send makes a link and queues its message, in one transaction; a Refusal
// when a rule stands against it. The consent that came with the request, and
// the decision, are kept then too.
func (l *Links) Send(ctx context.Context, r LinkRequest) (SentLink, error) {
	var sent SentLink
	var answer error
	if err := l.freshen(ctx, r); err != nil {
		return sent, fmt.Errorf("send link: %w", err)
	}
	err := l.Tx.InTx(ctx, func(ctx context.Context) error {
		p, err := l.People.Person(ctx, r.AccountID)
		if err != nil {
			return fmt.Errorf("person: %w", err)
		}
		if r.Language == "" {
			r.Language = p.Language
		}
		to, err := l.allowed(ctx, r, p)
		if refusal := (Refusal{}); errors.As(err, &refusal) {
			answer = refusal
			return l.refuse(ctx, r, refusal)
		}
		if err != nil {
			return err
		}
		sent, err = l.send(ctx, r, to)
		return err
	})
	if err = errors.Join(err, answer); err != nil {
		return SentLink{}, fmt.Errorf("send link: %w", err)
	}
	return sent, nil
}

// refuse keeps that a link was not sent, and why.
func (l *Links) refuse(ctx context.Context, r LinkRequest, why Refusal) error {
	return l.Book.Refuse(ctx, contact.Refused{
		AccountID: r.AccountID, Channel: r.Channel, Kind: string(notice.KindLink),
		Reason: contact.Reason(why.Reason), Rule: why.Rule, AskedBy: r.By,
	})
}

// freshen asks the reassigned numbers database, outside of the transaction,
// where only an old ground stands against a text (SMS-02).
func (l *Links) freshen(ctx context.Context, r LinkRequest) error {
	if r.Channel != contact.SMS || r.asked() && r.By != byHolder {
		return nil
	}
	p, err := l.People.Person(ctx, r.AccountID)
	if err != nil {
		return fmt.Errorf("person: %w", err)
	}
	return l.Book.Freshen(ctx, p.Reach())
}

func (l *Links) now() time.Time { return l.Now().UTC().Truncate(time.Microsecond) }

// allowed returns the address the link may go to, or a Refusal.
func (l *Links) allowed(ctx context.Context, r LinkRequest, p Person) (to string, err error) {
	if err := l.record(ctx, r, p); err != nil {
		return "", err
	}
	rule, reason, err := l.Permission.MayWrite(ctx, p.AccountID)
	if err != nil {
		return "", fmt.Errorf("permission: %w", err)
	}
	if reason != "" {
		return "", Refusal{Rule: rule, Reason: reason}
	}
	known, err := l.Book.Preferences(ctx, p.Reach(), r.Channel)
	if err != nil {
		return "", err
	}
	known.Owed = r.asked()
	if ok, why := contact.May(known, r.Channel, l.now()); !ok {
		return "", Refusal{Rule: why.Rule(), Reason: string(why)}
	}
	earlier, err := l.Store.LinksOf(ctx, p.AccountID)
	if err != nil {
		return "", fmt.Errorf("links: %w", err)
	}
	if len(earlier) >= mostLinksADay && earlier[mostLinksADay-1].CreatedAt.After(l.now().Add(-day)) {
		return "", Refusal{Rule: contact.TooMany.Rule(), Reason: string(contact.TooMany)}
	}
	return known.Address, nil
}

func (l *Links) record(ctx context.Context, r LinkRequest, p Person) error {
	address := contact.Address(r.Channel, p.Phone, p.Email)
	if r.Consent == nil || address == "" {
		return nil
	}
	return l.Book.Record(ctx, contact.Consent{
		AccountID: p.AccountID, Channel: r.Channel, Basis: r.Consent.Basis, At: r.Consent.At, RecordedBy: r.By,
		CallID: r.CallID, TextVersion: r.Consent.TextVersion,
	}, address)
}

func (l *Links) send(ctx context.Context, r LinkRequest, to string) (SentLink, error) {
	made, token, err := l.add(ctx, r, to)
	if err != nil {
		return SentLink{}, err
	}
	phrase := l.Phrases.OfLink(made, r.Language)
	text, err := l.Words.LinkText(r.Language, r.Channel, LinkWords{
		URL: l.PublicURL + "/l/" + token, Reference: made.Reference, Phrase: phrase,
	})
	if err != nil {
		return SentLink{}, fmt.Errorf("words: %w", err)
	}
	_, err = l.Messages.Add(ctx, notice.Message{
		AccountID: made.AccountID, To: to, Channel: made.Channel, Kind: notice.KindLink, Language: r.Language,
		Text: text, ExpiresAt: made.ExpiresAt, Asked: r.asked(),
	})
	if err != nil {
		return SentLink{}, fmt.Errorf("queue message: %w", err)
	}
	change := made.change(LinkSent, made.CreatedAt)
	change.By = r.By
	return SentLink{Link: made, Phrase: phrase}, tell(ctx, l.Watchers, change)
}

// add stores a link under a token that no link has. Two tokens share a
// reference once in 650,000,000,000 pairs; then another is made.
func (l *Links) add(ctx context.Context, r LinkRequest, to string) (made Link, token string, err error) {
	for range 3 {
		raw := make([]byte, tokenBytes)
		rand.Read(raw) // never fails: crypto/rand ends the process instead
		now := l.now()
		made = Link{
			ID: LinkID("lnk_" + rand.Text()), Reference: referenceOf(l.Keys.reference, raw),
			AccountID: r.AccountID, Channel: r.Channel, AddressHash: l.Book.Hash(r.Channel, to),
			TokenHash: hashToken(raw), SentBy: r.By, CallID: r.CallID, CreatedAt: now, ExpiresAt: now.Add(LinkFor),
		}
		if err = l.Store.AddLink(ctx, made); !errors.Is(err, ErrTaken) {
			return made, base64.RawURLEncoding.EncodeToString(raw), err
		}
	}
	return made, "", fmt.Errorf("add link: %w", err)
}

func hashToken(raw []byte) []byte {
	sum := sha256.Sum256(raw)
	return sum[:]
}

func (l Link) change(k Kind, at time.Time) Change {
	return Change{Kind: k, AccountID: l.AccountID, At: at, LinkID: l.ID, Channel: l.Channel, CallID: l.CallID}
}
