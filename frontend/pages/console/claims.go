package console

import (
	"context"
	"io"
	"strconv"
	"time"

	"quittance/frontend/locale"
)

// Claims is the queue of what people said of their lives and nobody has
// confirmed or cleared: that is done in the system of record.
type Claims struct {
	Base
	Claims []Claim // the oldest first
}

// Claim is one line of the queue.
type Claim struct {
	ID                       string
	AccountID, AccountRef    string
	Reference                string
	Kind                     string // the claim's own key word
	ByLink                   bool   // said by somebody who holds a texted link
	At                       time.Time
	Days                     int
	Until                    time.Time // of a pause
	TakenBack                time.Time // of a death: when whoever signed in took it back; zero: not
	Links, Plans, Messages   int       // that stopped
	Name, Relation, Phone    string    // whom to call, where it was given
	CaseNumber, LawyersEmail string
	Files                    []DisputeFile // photos and papers that were added
}

// Render writes the page.
func (p Claims) Render(ctx context.Context, w io.Writer) error { return claimsPage(p).Render(ctx, w) }

// claimWords name the kinds.
var claimWords = map[string]locale.Key{
	"hardship": "console.claim_hardship", "illness": "console.claim_illness", "disaster": "console.claim_disaster",
	"death": "console.claim_death", "bankruptcy": "console.claim_bankruptcy", "attorney": "console.claim_attorney",
	"servicemember": "console.claim_servicemember", "identity_theft": "console.claim_identity_theft", "minor": "console.claim_minor",
	"wrong_person": "console.claim_wrong_person",
}

func (c Claim) words(b Base) string { return b.T(claimWords[c.Kind]) }

// stopped are the sentences of what stopped.
func (c Claim) stopped(b Base) []string {
	var all []string
	for _, row := range []struct {
		n   int
		key locale.Key
	}{{c.Links, "console.claim_links"}, {c.Plans, "console.claim_plans"}, {c.Messages, "console.claim_messages"}} {
		if row.n > 0 {
			all = append(all, b.T(row.key, "many", strconv.Itoa(row.n)))
		}
	}
	if !c.Until.IsZero() {
		all = append(all, b.T("console.claim_until", "date", when(b, c.Until)))
	}
	return all
}

// contact is whom to call about it, as far as it was said.
func (c Claim) contact() []string {
	var all []string
	for _, part := range []string{c.Name, c.Relation, c.Phone, c.LawyersEmail, c.CaseNumber} {
		if part != "" {
			all = append(all, part)
		}
	}
	return all
}
