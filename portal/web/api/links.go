package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/identity"
)

type linkRequest struct {
	AccountRef string       `json:"account_ref" minLength:"1" maxLength:"64" doc:"Your own number of the account."`
	Channel    string       `json:"channel" enum:"sms,email"`
	Language   string       `json:"language,omitempty" enum:"en,es" doc:"Of the message; the consumer's own when left out."`
	CallID     string       `json:"call_id,omitempty" maxLength:"128" doc:"The call during which it is sent."`
	Consent    *linkConsent `json:"consent,omitempty" doc:"What the consumer agreed to during this call, if that is the ground."`
}

type linkConsent struct {
	Basis       string `json:"basis" enum:"direct_consent,inbound_message,creditor_notice,prior_collector,number_checked"`
	TextVersion string `json:"text_version" minLength:"1" maxLength:"64" doc:"Version of the words that were read out."`
	// NoticeSentOn is of a creditor_notice.
	NoticeSentOn string `json:"notice_sent_on,omitempty" format:"date" doc:"Of a creditor_notice: the day on which the creditor sent it. It is a ground 35 days later, unless the consumer said no."`
}

// at is the day from which a ground counts; false when it needs one and has
// none that can be.
func (c linkConsent) at(now time.Time) (time.Time, bool) {
	if contact.Basis(c.Basis) != contact.CreditorNotice {
		return time.Time{}, c.NoticeSentOn == ""
	}
	day, err := civil.Parse(c.NoticeSentOn)
	if err != nil || day.IsZero() {
		return time.Time{}, false
	}
	sent := day.In(time.UTC)
	return sent, !sent.After(now)
}

type sentLink struct {
	ID         string     `json:"id"`
	Reference  string     `json:"reference" doc:"For people, such as LNK-7KQ2M9XD."`
	AccountRef string     `json:"account_ref"`
	Channel    string     `json:"channel"`
	Status     string     `json:"status" enum:"sent,opened,verified,ended"`
	EndedWhy   string     `json:"ended_why,omitempty"`
	Phrase     []string   `json:"phrase,omitempty" doc:"Words to be read out on the call: the consumer sees the same on the page that the link opens, and in an e-mail beside it, and so knows whom it is from. A text does not hold them."`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	OpenedAt   *time.Time `json:"opened_at,omitempty"`
	VerifiedAt *time.Time `json:"verified_at,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
}

type linkOutput struct {
	Location string `header:"Location"`
	Body     sentLink
}

func (s *server) linkRoutes() {
	send := keyed(operation(http.MethodPost, "/api/v1/links", "sendLink", "Send a link to a consumer", identity.LinksWrite, http.StatusUnprocessableEntity))
	send.Description = "Makes a link and sends it to the contact on file. The address itself is never in the answer."
	send.DefaultStatus = http.StatusCreated
	huma.Register(s.api, send, s.sendLink)
	huma.Register(s.api, operation(http.MethodGet, "/api/v1/links/{id}", "link", "What became of a link", identity.LinksRead, http.StatusNotFound), s.link)
}

func (s *server) sendLink(ctx context.Context, in *struct{ Body linkRequest }) (*linkOutput, error) {
	account, found, err := s.Accounts.AccountByRef(ctx, in.Body.AccountRef)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	if !found {
		return nil, invalid("body.account_ref", "There is no such account.")
	}
	request := identity.LinkRequest{
		AccountID: account.ID, Channel: contact.Channel(in.Body.Channel), Language: in.Body.Language,
		By: "token:" + string(caller(ctx).ID), CallID: in.Body.CallID,
	}
	if c := in.Body.Consent; c != nil {
		since, ok := c.at(s.now())
		if !ok {
			return nil, invalid("body.consent.notice_sent_on", "A creditor_notice needs the day on which the creditor sent it, up to today; no other ground has one.")
		}
		request.Consent = &contact.Consent{Basis: contact.Basis(c.Basis), At: since, TextVersion: c.TextVersion, CallID: in.Body.CallID}
	}
	sent, err := s.Links.Send(ctx, request)
	var refusal identity.Refusal
	if errors.As(err, &refusal) {
		decided(ctx)
		s.Log.InfoContext(ctx, "message refused", "token", caller(ctx).ID, "account", account.ID, "reason", refusal.Reason, "rule", refusal.Rule)
		return nil, problem(http.StatusUnprocessableEntity, "not-sent", fmt.Sprintf("Nothing was sent: %s (%s).", refusal.Reason, refusal.Rule))
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &linkOutput{Location: "/api/v1/links/" + string(sent.Link.ID), Body: s.describe(sent.Link, account.Ref)}
	out.Body.Phrase = sent.Phrase
	return out, nil
}

func (s *server) link(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*linkOutput, error) {
	id, err := unescaped("link", in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	l, err := s.SentLinks.Link(ctx, identity.LinkID(id))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	account, err := s.Accounts.Account(ctx, l.AccountID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &linkOutput{Body: s.describe(l, account.Ref)}, nil
}

func (s *server) describe(l identity.Link, ref string) sentLink {
	return sentLink{
		ID: string(l.ID), Reference: l.Reference, AccountRef: ref, Channel: string(l.Channel),
		Status: string(l.State(s.now())), EndedWhy: l.EndedWhy, CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt,
		OpenedAt: when(l.OpenedAt), VerifiedAt: when(l.VerifiedAt), EndedAt: when(l.EndedAt),
	}
}

// when leaves out a time that has not come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
