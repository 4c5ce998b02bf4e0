package stripegw

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v79"
	"github.com/stripe/stripe-go/v79/webhook"

	"quittance/payments"
)

// Tolerance is how far the time of a signature may be from now, either way. The
// SDK checks the past only; a signature from the future is refused here.
const Tolerance = 5 * time.Minute

// ErrVersion means that a signed event has the shape of another version of the
// API: the endpoint must be created with APIVersion (STR-03).
var ErrVersion = errors.New("event has another version of the processor's API")

// ParseEvent believes an event that one of the secrets signed within Tolerance,
// at APIVersion and in the key's own mode. Everything else is
// payments.ErrUnsigned, for the last two with ErrVersion and
// payments.ErrWrongMode. Only ids are read: the truth is fetched.
func (g *Gateway) ParseEvent(raw []byte, header string) (payments.Event, error) {
	if err := g.verify(raw, header); err != nil {
		g.log.Warn("event refused", slog.String("reason", err.Error()))
		return payments.Event{}, fmt.Errorf("%w: %w", payments.ErrUnsigned, err)
	}
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil || e.ID == "" || e.Data == nil {
		return payments.Event{}, fmt.Errorf("%w: it is not an event", payments.ErrUnsigned)
	}
	if e.APIVersion != APIVersion {
		g.log.Error("event has another API version; set the endpoint's api_version to "+APIVersion,
			slog.String("event", e.ID), slog.String("version", e.APIVersion))
		return payments.Event{}, fmt.Errorf("%w: %w", payments.ErrUnsigned, ErrVersion)
	}
	if e.Livemode != g.live {
		g.log.Error("event is of the other mode", slog.String("event", e.ID), slog.Bool("live", e.Livemode))
		return payments.Event{}, fmt.Errorf("%w: %w", payments.ErrUnsigned, payments.ErrWrongMode)
	}
	return read(e), nil
}

var (
	errNoMatch = errors.New("no secret fits its signature")
	errTime    = errors.New("its signature is too old or from the future")
)

func (g *Gateway) verify(raw []byte, header string) error {
	fits := slices.ContainsFunc(g.secrets, func(secret string) bool {
		return webhook.ValidatePayloadIgnoringTolerance(raw, header, secret) == nil
	})
	if !fits {
		return errNoMatch
	}
	signed, ok := signedAt(header)
	if age := g.now().Sub(signed); !ok || age > Tolerance || age < -Tolerance {
		return errTime
	}
	return nil
}

// signedAt reads the time that the signature covers. Of several the last one
// counts, as in the SDK.
func signedAt(header string) (time.Time, bool) {
	var at time.Time
	for part := range strings.SplitSeq(header, ",") {
		if v, ok := strings.CutPrefix(part, "t="); ok {
			seconds, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				return time.Time{}, false
			}
			at = time.Unix(seconds, 0)
		}
	}
	return at, !at.IsZero()
}

// handled are the events after which a payment, a setup or a saved method is
// looked at (rules.md K). Every other type is recorded and answered, nothing
// more.
var handled = map[string]bool{
	"payment_intent.processing":                true,
	"payment_intent.succeeded":                 true,
	"payment_intent.payment_failed":            true,
	"payment_intent.requires_action":           true,
	"payment_intent.canceled":                  true,
	"charge.succeeded":                         true,
	"charge.failed":                            true,
	"charge.pending":                           true,
	"charge.updated":                           true,
	"charge.refunded":                          true,
	"charge.refund.updated":                    true,
	"charge.dispute.created":                   true,
	"charge.dispute.updated":                   true,
	"charge.dispute.closed":                    true,
	"charge.dispute.funds_withdrawn":           true,
	"charge.dispute.funds_reinstated":          true,
	"radar.early_fraud_warning.created":        true,
	"review.opened":                            true,
	"review.closed":                            true,
	"checkout.session.completed":               true,
	"checkout.session.async_payment_succeeded": true,
	"checkout.session.async_payment_failed":    true,
	"checkout.session.expired":                 true,
	"refund.created":                           true,
	"refund.updated":                           true,
	"setup_intent.succeeded":                   true,
	"setup_intent.setup_failed":                true,
	"setup_intent.requires_action":             true,
	"setup_intent.canceled":                    true,
	"mandate.updated":                          true,
	"payment_method.detached":                  true,
	"payout.failed":                            true,
	"payout.reconciliation_completed":          true,
}

// envelope is the little that is read of an event. The SDK's own type would
// read the whole object that it carries into a map as well.
type envelope struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	APIVersion string `json:"api_version"`
	Livemode   bool   `json:"livemode"`
	Created    int64  `json:"created"`
	Data       *data  `json:"data"`
}

type data struct {
	Object json.RawMessage `json:"object"`
}

// object is the little that is read of whatever an event carries.
type object struct {
	ID                string            `json:"id"`
	Object            string            `json:"object"`
	PaymentIntent     reference         `json:"payment_intent"`
	Metadata          map[string]string `json:"metadata"`
	ClientReferenceID string            `json:"client_reference_id"`
	PaymentMethod     reference         `json:"payment_method"`
	Status            string            `json:"status"`
	EvidenceDetails   struct {
		DueBy int64 `json:"due_by"` // 0: it takes no answer
	} `json:"evidence_details"`
}

// warnings are the events that a person has to see. State is the processor's
// word for how it stands; where the object has none the event's name says it.
var warnings = map[string]struct {
	kind  payments.WarningKind
	state string
}{
	"charge.dispute.created":            {kind: payments.DisputeWarning},
	"charge.dispute.updated":            {kind: payments.DisputeWarning},
	"charge.dispute.closed":             {kind: payments.DisputeWarning},
	"charge.dispute.funds_withdrawn":    {kind: payments.DisputeWarning},
	"charge.dispute.funds_reinstated":   {kind: payments.DisputeWarning},
	"radar.early_fraud_warning.created": {kind: payments.FraudWarning, state: "created"},
	"review.opened":                     {kind: payments.ReviewWarning, state: "opened"},
	"review.closed":                     {kind: payments.ReviewWarning, state: "closed"},
	"payout.failed":                     {kind: payments.PayoutFailed, state: "failed"},
	"payout.reconciliation_completed":   {kind: payments.PayoutReconcile, state: "completed"},
}

// warning reads what a person has to see, if anything. A dispute that wants an
// answer says until when.
func warning(event string, o object) payments.Warning {
	row, known := warnings[event]
	if !known {
		return payments.Warning{}
	}
	w := payments.Warning{Kind: row.kind, Subject: o.ID, State: row.state}
	if w.Kind == payments.DisputeWarning {
		w.State = o.Status
	}
	if due := o.EvidenceDetails.DueBy; due > 0 && strings.HasSuffix(o.Status, "needs_response") {
		w.DueAt = time.Unix(due, 0).UTC()
	}
	return w
}

// reference is an id, or an object that stands in its place.
type reference string

// UnmarshalJSON reads "pi_1", {"id": "pi_1"} and null.
func (r *reference) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var full struct{ ID string }
		err := json.Unmarshal(b, &full)
		*r = reference(full.ID)
		return err
	}
	return json.Unmarshal(b, (*string)(r))
}

func read(e envelope) payments.Event {
	out := payments.Event{
		ID: e.ID, Type: e.Type, LiveMode: e.Livemode, Created: time.Unix(e.Created, 0).UTC(),
	}
	var o object
	if !handled[e.Type] || e.Data == nil || json.Unmarshal(e.Data.Object, &o) != nil {
		return out
	}
	out.IntentID, out.Warning = string(o.PaymentIntent), warning(e.Type, o)
	switch o.Object {
	case "payment_intent":
		out.IntentID = o.ID
	case "checkout.session":
		out.CheckoutID = o.ID
	case "setup_intent":
		out.SetupID = o.ID
	case "payment_method":
		out.GoneID = o.ID
	case "mandate":
		if o.Status == "inactive" {
			out.GoneID = string(o.PaymentMethod)
		}
	}
	out.PaymentID = payments.ID(o.Metadata[metaPayment])
	if out.PaymentID == "" {
		out.PaymentID = payments.ID(o.ClientReferenceID)
	}
	return out
}

// Events lists every event since then, oldest first: the second path beside
// the signed ones, for those that never arrived (STR-05).
func (g *Gateway) Events(ctx context.Context, since time.Time) ([]payments.Event, error) {
	ctx, cancel := g.within(ctx)
	defer cancel()
	list := g.events.List(&stripe.EventListParams{
		ListParams:   stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)},
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: since.Unix()},
	})
	var out []payments.Event
	for list.Next() {
		if e := list.Event(); e.Livemode == g.live {
			out = append(out, read(listed(e)))
		}
	}
	if err := list.Err(); err != nil {
		return nil, g.failed("events", err)
	}
	slices.Reverse(out)
	return out, nil
}

// listed is an event as the SDK lists it.
func listed(e *stripe.Event) envelope {
	out := envelope{ID: e.ID, Type: string(e.Type), APIVersion: e.APIVersion, Livemode: e.Livemode, Created: e.Created}
	if e.Data != nil {
		out.Data = &data{Object: e.Data.Raw}
	}
	return out
}
