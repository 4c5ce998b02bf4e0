package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"quittance/portal/outbox"
)

var _ outbox.Endpoints = (*Store)(nil)

type endpointRow struct {
	ID          string `gorm:"primaryKey"`
	URL         string
	Description string
	CreditorRef string
	Types       words
	Status      string
	Reason      string
	Secrets     secrets
	Sequence    int64 `gorm:"column:last_sequence"`
	Failing     stamp `gorm:"column:failing_since"`
	Failures    int
	Alerted     stamp `gorm:"column:alerted_at"`
	Hold        stamp `gorm:"column:hold_until"`
	Created     stamp `gorm:"column:created_at"`
	Receipt     int64 `gorm:"column:posts_on_receipt"`
}

// TableName names the table for the ORM.
func (endpointRow) TableName() string { return "endpoints" }

// secrets are sealed signing secrets as a JSON array.
type secrets []outbox.Secret

// GormDataType tells the ORM that this is one column.
func (secrets) GormDataType() string { return "text" }

// Value implements driver.Valuer.
func (s secrets) Value() (driver.Value, error) {
	text, err := json.Marshal([]outbox.Secret(s))
	return string(text), err
}

// Scan implements sql.Scanner.
func (s *secrets) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("secrets cannot be read from %T", v)
	}
	return json.Unmarshal([]byte(text), (*[]outbox.Secret)(s))
}

func endpointRowOf(e outbox.Endpoint) endpointRow {
	types := make(words, len(e.Types))
	for i, t := range e.Types {
		types[i] = string(t)
	}
	return endpointRow{
		ID: string(e.ID), URL: e.URL, Description: e.Description, CreditorRef: e.CreditorRef, Types: types,
		Status: string(e.Status), Reason: e.Reason, Secrets: e.Secrets, Sequence: e.LastSequence,
		Failing: at(e.FailingSince), Failures: e.Failures, Alerted: at(e.AlertedAt), Hold: at(e.HoldUntil), Created: at(e.CreatedAt),
		Receipt: flag(e.PostsOnReceipt),
	}
}

func (r endpointRow) endpoint() outbox.Endpoint {
	var types []outbox.Type
	for _, t := range r.Types {
		types = append(types, outbox.Type(t))
	}
	return outbox.Endpoint{
		ID: outbox.EndpointID(r.ID), URL: r.URL, Description: r.Description, CreditorRef: r.CreditorRef, Types: types,
		Status: outbox.EndpointStatus(r.Status), Reason: r.Reason, Secrets: r.Secrets, LastSequence: r.Sequence,
		FailingSince: r.Failing.Time, Failures: r.Failures, AlertedAt: r.Alerted.Time, HoldUntil: r.Hold.Time,
		CreatedAt: r.Created.Time, PostsOnReceipt: r.Receipt == 1,
	}
}

// CreateEndpoint implements outbox.Endpoints.
func (s *Store) CreateEndpoint(ctx context.Context, e outbox.Endpoint) error {
	row := endpointRowOf(e)
	return s.writes(ctx).Create(&row).Error
}

// Endpoint implements outbox.Endpoints.
func (s *Store) Endpoint(ctx context.Context, id outbox.EndpointID) (outbox.Endpoint, error) {
	var row endpointRow
	err := s.locking(ctx).Where("id = ?", string(id)).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return outbox.Endpoint{}, outbox.ErrNoEndpoint
	}
	return row.endpoint(), err
}

// endpointLookup reads an endpoint by hand, to share a round trip.
func (s *Store) endpointLookup(id outbox.EndpointID, to *outbox.Endpoint) lookup {
	return lookup{
		query: `SELECT id, url, description, creditor_ref, types, status, reason, secrets, last_sequence, failing_since,
			failures, alerted_at, hold_until, created_at, posts_on_receipt FROM endpoints WHERE id = ?`,
		args: []any{string(id)},
		scan: func(r row) error {
			var e endpointRow
			err := r.Scan(&e.ID, &e.URL, &e.Description, &e.CreditorRef, &e.Types, &e.Status, &e.Reason, &e.Secrets,
				&e.Sequence, &e.Failing, &e.Failures, &e.Alerted, &e.Hold, &e.Created, &e.Receipt)
			*to = e.endpoint()
			return err
		},
	}
}

// Endpoints implements outbox.Endpoints.
func (s *Store) Endpoints(ctx context.Context) ([]outbox.Endpoint, error) {
	return s.endpoints(ctx, "")
}

func (s *Store) endpoints(ctx context.Context, where string, args ...any) ([]outbox.Endpoint, error) {
	var rows []endpointRow
	find := s.reads(ctx).Order("created_at, id")
	if where != "" {
		find = find.Where(where, args...)
	}
	err := find.Find(&rows).Error
	return mapped(rows, endpointRow.endpoint), err
}

// SaveEndpoint implements outbox.Endpoints.
func (s *Store) SaveEndpoint(ctx context.Context, e outbox.Endpoint) error {
	row := endpointRowOf(e)
	result := s.writes(ctx).Model(&endpointRow{}).Where("id = ?", row.ID).
		Select("*").Omit("ID", "Created", "Sequence").Updates(row)
	if result.Error == nil && result.RowsAffected == 0 {
		return outbox.ErrNoEndpoint
	}
	return result.Error
}

// Requeue implements outbox.Endpoints.
func (s *Store) Requeue(ctx context.Context, n outbox.Selection, when time.Time) (int64, error) {
	where, args := []string{"endpoint_id = ?"}, []any{string(n.Endpoint)}
	add := func(condition string, arg any) {
		where, args = append(where, condition), append(args, arg)
	}
	if n.Event != "" {
		add("event_id = ?", string(n.Event))
	}
	if len(n.Types) > 0 {
		add(s.oneOf("type", texts(n.Types)))
	}
	if !n.From.IsZero() {
		add("occurred_at >= ?", at(n.From))
	}
	if !n.To.IsZero() {
		add("occurred_at < ?", at(n.To))
	}
	if n.Undelivered {
		add("state <> ?", string(outbox.Delivered))
	}
	return s.exec(ctx, `UPDATE deliveries SET state = 'pending', attempts = 0, leased_until = NULL, delivered_at = NULL,
		next_at = ? WHERE `+strings.Join(where, " AND "), append([]any{at(when)}, args...)...)
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = string(t)
	}
	return out
}
