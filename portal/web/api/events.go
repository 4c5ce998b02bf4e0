package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/identity"
	"quittance/portal/outbox"
)

const (
	// feedMonths is how far back the feed reaches.
	feedMonths = 13
	// pollEvery is how often a waiting request looks again.
	pollEvery = 500 * time.Millisecond
)

type feedInput struct {
	After    int64  `query:"after" minimum:"0" doc:"The sequence of the last event you have; 0 for the first."`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Wait     int    `query:"wait" minimum:"0" maximum:"20" doc:"Seconds to wait for an event when there is none yet."`
	Endpoint string `query:"endpoint" doc:"Read one endpoint's own sequence, exactly as it is delivered there, instead of the feed of all."`
}

type feedEvent struct {
	ID        string          `json:"id" doc:"Also the webhook-id of its deliveries."`
	Sequence  int64           `json:"sequence"`
	Type      string          `json:"type"`
	Timestamp string          `json:"timestamp"`
	Data      json.RawMessage `json:"data" doc:"As in the webhook; see /api/schemas/{type}/1."`
}

type feedOutput struct {
	Body struct {
		Events []feedEvent `json:"events"`
		After  int64       `json:"after" doc:"What to send as after the next time."`
	}
}

type postingRequest struct {
	TransactionID string `json:"transaction_id,omitempty" maxLength:"255" doc:"Of the transaction in your books."`
	RefusalReason string `json:"refusal_reason,omitempty" maxLength:"255" doc:"Why it will not be booked. No personal data."`
}

type postingOutput struct {
	Body struct {
		EventID       string    `json:"event_id"`
		TransactionID string    `json:"transaction_id,omitempty"`
		RefusalReason string    `json:"refusal_reason,omitempty"`
		PostedAt      time.Time `json:"posted_at"`
	}
}

func (s *server) eventRoutes() {
	feed := operation(http.MethodGet, "/api/v1/events", "events", "Read events in order", identity.EventsRead, http.StatusNotFound)
	feed.Description = fmt.Sprintf("The events of the last %d months. Read on from after until nothing comes; wait holds the request open.", feedMonths)
	feed.Metadata = map[string]any{takesLong: true}
	huma.Register(s.api, feed, s.events)
	posting := operation(http.MethodPut, "/api/v1/events/{id}/posting", "post", "Say that an event was booked, or why not", identity.PostingsWrite,
		http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity)
	posting.Description = "Saying the same again changes nothing. A refusal may later become a posting; a posting stays."
	huma.Register(s.api, posting, s.posting)
}

func (s *server) events(ctx context.Context, in *feedInput) (*feedOutput, error) {
	read := s.feed
	if in.Endpoint != "" {
		if _, err := s.ownEndpoint(ctx, in.Endpoint); err != nil {
			return nil, err
		}
		read = s.sequence
	}
	until := time.NewTimer(time.Duration(in.Wait) * time.Second)
	defer until.Stop()
	for {
		events, err := read(ctx, in)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		if len(events) > 0 {
			if err := s.Audit.Note(ctx, "read.events", "", events[len(events)-1].ID, strconv.Itoa(len(events))); err != nil {
				return nil, s.fail(ctx, err)
			}
		}
		if len(events) > 0 || in.Wait == 0 || !pause(ctx, until) {
			return answerFeed(in, events), nil
		}
	}
}

// pause waits for the next look; false when the time is up.
func pause(ctx context.Context, until *time.Timer) bool {
	select {
	case <-ctx.Done():
		return false
	case <-until.C:
		return false
	case <-time.After(pollEvery):
		return true
	}
}

func answerFeed(in *feedInput, events []feedEvent) *feedOutput {
	out := &feedOutput{}
	out.Body.Events, out.Body.After = events, in.After
	if len(events) > 0 {
		out.Body.After = events[len(events)-1].Sequence
	}
	return out
}

// feed reads the feed of all events that the caller may see.
func (s *server) feed(ctx context.Context, in *feedInput) ([]feedEvent, error) {
	own := caller(ctx).Creditors
	rows, err := s.History.Feed(ctx, own, outbox.FeedQuery{
		After: in.After, Since: s.now().AddDate(0, -feedMonths, 0), Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	events := make([]feedEvent, 0, len(rows))
	for _, e := range rows {
		body, err := outbox.Body(e, e.Position, own)
		if err != nil {
			return nil, err
		}
		event, err := readBody(e.ID, e.Position, body)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

// sequence reads what one endpoint is sent.
func (s *server) sequence(ctx context.Context, in *feedInput) ([]feedEvent, error) {
	rows, err := s.History.Deliveries(ctx, outbox.EndpointID(in.Endpoint), in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	events := make([]feedEvent, 0, len(rows))
	for _, d := range rows {
		event, err := readBody(d.Event, d.Sequence, d.Body)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

func readBody(id outbox.EventID, sequence int64, body []byte) (feedEvent, error) {
	e := feedEvent{ID: string(id), Sequence: sequence}
	var parts struct {
		Type, Timestamp string
		Data            json.RawMessage
	}
	if err := json.Unmarshal(body, &parts); err != nil {
		return feedEvent{}, fmt.Errorf("body of event %s: %w", id, err)
	}
	e.Type, e.Timestamp, e.Data = parts.Type, parts.Timestamp, parts.Data
	return e, nil
}

func (s *server) posting(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body postingRequest
}) (*postingOutput, error) {
	id, err := unescaped("event", in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	books, err := s.booksOf(ctx, outbox.EventID(id))
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	p, err := s.Poster.Acknowledge(ctx, outbox.Posting{
		Event: outbox.EventID(id), CreditorRef: books,
		TransactionID: in.Body.TransactionID, Refusal: in.Body.RefusalReason,
	})
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &postingOutput{}
	out.Body.EventID, out.Body.TransactionID, out.Body.RefusalReason, out.Body.PostedAt = id, p.TransactionID, p.Refusal, p.PostedAt
	return out, nil
}

// booksOf is in whose books the caller says that an event stands: the agency's, or
// those of the one creditor of the caller's that it is about; outbox.ErrNoEvent,
// errBooks.
func (s *server) booksOf(ctx context.Context, id outbox.EventID) (string, error) {
	own := caller(ctx).Creditors
	if own.All() {
		return "", nil
	}
	e, err := s.History.Event(ctx, id)
	if err != nil {
		return "", err
	}
	var books []string
	for _, ref := range e.Creditors {
		if own.See(ref) {
			books = append(books, ref)
		}
	}
	switch len(books) {
	case 0:
		return "", outbox.ErrNoEvent
	case 1:
		return books[0], nil
	}
	return "", errBooks
}

// errBooks is for an event that is about several creditors of the caller's.
var errBooks = errors.New("the event is about several of the token's creditors")
