package outbox

import (
	"context"
	"strings"

	"quittance/portal/contact"
	"quittance/portal/represent"
)

var _ contact.Watcher = (*Recorder)(nil)

// ConsentFacts are what is told of a ground for writing to somebody, of its
// withdrawal, or of what they asked for. The address itself is never told.
type ConsentFacts struct {
	State       string     `json:"state"`             // "given", "withdrawn" or "wishes"
	Channel     string     `json:"channel,omitempty"` // of a ground or its withdrawal
	Basis       string     `json:"basis,omitempty"`   // of a ground
	RecordedBy  string     `json:"recorded_by"`       // "consumer", "staff:…" or "portal"
	TextVersion string     `json:"text_version,omitempty"`
	Wishes      *WishFacts `json:"wishes,omitempty"`
}

// WishFacts are the ways, days and hours that a person asked for. Their own
// words are for the agency's people to read in the console.
type WishFacts struct {
	NoTexts     bool     `json:"no_texts"`
	NoEmail     bool     `json:"no_email"`
	NotAtWork   bool     `json:"not_at_work"`
	NotOn       []string `json:"not_on"` // "sunday", …
	FromHour    int      `json:"from_hour"`
	UntilHour   int      `json:"until_hour"` // both 0: any hour
	HasOwnWords bool     `json:"has_own_words"`
}

// ContactChanged implements contact.Watcher. What a system told us itself by a
// token is not told back.
func (r *Recorder) ContactChanged(ctx context.Context, c contact.Change) error {
	switch {
	case strings.HasPrefix(c.By, "token:"):
		return nil
	case c.Kind == contact.Strange:
		return r.about(ctx, WrongPartyReported, string(c.AccountID), Data{Link: &LinkFacts{Channel: string(c.Channel)}})
	}
	f := &ConsentFacts{State: string(c.Kind), Channel: string(c.Channel), Basis: string(c.Basis), RecordedBy: c.By, TextVersion: c.TextVersion}
	if c.Kind == contact.Ended {
		f.Basis = ""
	}
	if c.Kind == contact.Wished {
		f.Wishes = wishFacts(c.Wish)
	}
	return r.about(ctx, ConsentChanged, string(c.AccountID), Data{Consent: f})
}

func wishFacts(w contact.Wish) *WishFacts {
	f := &WishFacts{NoTexts: w.NoSMS, NoEmail: w.NoEmail, NotAtWork: w.NotAtWork, FromHour: w.From, UntilHour: w.Until,
		HasOwnWords: len(w.OwnWords) > 0, NotOn: []string{}}
	for _, d := range w.Days {
		f.NotOn = append(f.NotOn, strings.ToLower(d.String()))
	}
	return f
}

// ContactFacts are what is told of a change that a consumer made to how they
// are reached. The new value is part of it: the system of record keeps it.
type ContactFacts struct {
	What       string        `json:"what"` // "address", "phone", "email" or "representative"
	Address    *AddressFacts `json:"address,omitempty"`
	Phone      string        `json:"phone,omitempty"`
	Email      string        `json:"email,omitempty"`
	OldWasTold bool          `json:"old_was_told"` // a message to the old contact is on its way
	// Representative is who speaks for the consumer from now on, or no more.
	Representative *RepresentativeFacts `json:"representative,omitempty"`
}

// RepresentativeFacts name who speaks for a consumer by the agency's own paper,
// never by name. Days are YYYY-MM-DD.
type RepresentativeFacts struct {
	ID         string `json:"id"`
	Role       string `json:"role"`
	State      string `json:"state"` // "recorded" or "revoked"
	DocumentID string `json:"document_id"`
	From       string `json:"from"`
	Until      string `json:"until,omitempty"`
	RecordedBy string `json:"recorded_by"` // "staff:…" or "token:…"; of "revoked": who revoked
}

var _ represent.Watcher = (*Recorder)(nil)

// RepresentativeChanged implements represent.Watcher. It is for the agency alone.
func (r *Recorder) RepresentativeChanged(ctx context.Context, c represent.Change) error {
	who := c.Representative
	f := &RepresentativeFacts{
		ID: string(who.ID), Role: string(who.Role), State: "recorded", DocumentID: who.DocumentID, From: who.From.String(), RecordedBy: c.By,
	}
	if !who.Until.IsZero() {
		f.Until = who.Until.String()
	}
	if c.Revoked {
		f.State = "revoked"
	}
	return r.ContactUpdated(ctx, string(who.AccountID), ContactFacts{What: "representative", Representative: f})
}

// AddressFacts are a mailing address.
type AddressFacts struct {
	Line1      string `json:"line1"`
	Line2      string `json:"line2,omitempty"`
	City       string `json:"city"`
	State      string `json:"state"`
	PostalCode string `json:"postal_code"`
}

// ContactUpdated tells of a new address, number or e-mail. It is for the agency
// alone.
func (r *Recorder) ContactUpdated(ctx context.Context, accountID string, f ContactFacts) error {
	return r.about(ctx, ContactChanged, accountID, Data{Contact: &f})
}

// ReceivedFacts name messages of a consumer; their words are read in the
// console. What is written within a minute is told together.
type ReceivedFacts struct {
	ID    string   `json:"id"`    // of the first
	Via   string   `json:"via"`   // by which the first came: "portal", "sms" or "complaint"
	Count int      `json:"count"` // how many
	IDs   []string `json:"ids"`   // of all, the oldest first
}

// MessageReceived tells that a consumer wrote; of one message ID and Via are
// enough.
func (r *Recorder) MessageReceived(ctx context.Context, accountID string, f ReceivedFacts) error {
	if len(f.IDs) == 0 {
		f.IDs = []string{f.ID}
	}
	f.Count = len(f.IDs)
	return r.about(ctx, MessageReceived, accountID, Data{Received: &f})
}

// CeaseFacts name a wish that all contact end.
type CeaseFacts struct {
	ID       string   `json:"id"`
	Via      string   `json:"via"` // "portal"
	DebtRefs []string `json:"debt_refs"`
}

// CeaseRequested tells that a consumer wants no contact any more.
func (r *Recorder) CeaseRequested(ctx context.Context, accountID string, f CeaseFacts) error {
	return r.about(ctx, CeaseRequested, accountID, Data{Cease: &f})
}
