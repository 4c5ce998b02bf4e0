package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

var (
	_ contact.Wishes   = (*Store)(nil)
	_ contact.Stops    = (*Store)(nil)
	_ contact.Tally    = (*Store)(nil)
	_ contact.Refusals = (*Store)(nil)
)

// AddWish implements contact.Wishes.
func (s *Store) AddWish(ctx context.Context, w contact.Wish) error {
	if w.OwnWords == nil {
		w.OwnWords = []byte{}
	}
	words, err := s.hidden(ctx, string(w.AccountID), wordsAt(w.ID), w.OwnWords)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO contact_wishes (id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work,
		days, from_hour, until_hour, own_words, words_read_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.ID, string(w.AccountID), at(w.At), w.RecordedBy, w.TextVersion, number(w.NoSMS), number(w.NoEmail), number(w.NotAtWork),
		joinDays(w.Days), w.From, w.Until, words, w.WordsReadBy)
	return err
}

func wordsAt(wish string) string { return "contact_wishes.own_words:" + wish }

// Wish implements contact.Wishes.
func (s *Store) Wish(ctx context.Context, id debt.AccountID) (contact.Wish, error) {
	all, err := s.wishes(ctx, id, 1)
	if err != nil || len(all) == 0 {
		return contact.Wish{}, err
	}
	return all[0], nil
}

// WishesOf lists all that a person asked for, the newest first.
func (s *Store) WishesOf(ctx context.Context, id debt.AccountID) ([]contact.Wish, error) {
	return s.wishes(ctx, id, mostRows)
}

// mostRows bounds lists that have no pages.
const mostRows = 100_000

func (s *Store) wishes(ctx context.Context, id debt.AccountID, limit int) ([]contact.Wish, error) {
	var all []contact.Wish
	err := s.query(ctx, func(r row) error {
		var w contact.Wish
		var made stamp
		var sms, email, work int
		var days string
		err := r.Scan(&w.ID, &w.AccountID, &made, &w.RecordedBy, &w.TextVersion, &sms, &email, &work, &days, &w.From, &w.Until, &w.OwnWords,
			&w.WordsReadBy)
		w.At, w.NoSMS, w.NoEmail, w.NotAtWork, w.Days = made.Time, sms == 1, email == 1, work == 1, splitDays(days)
		all = append(all, w)
		return err
	}, `SELECT id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work, days, from_hour, until_hour, own_words, words_read_by
		FROM contact_wishes WHERE account_id = ? ORDER BY at DESC, id DESC LIMIT ?`, string(id), limit)
	for i := range all {
		if err == nil && len(all[i].OwnWords) > 0 {
			all[i].OwnWords, err = s.shown(ctx, string(id), wordsAt(all[i].ID), all[i].OwnWords)
		}
	}
	return all, err
}

// UnreadWishes implements contact.Wishes.
func (s *Store) UnreadWishes(ctx context.Context, limit int) ([]contact.Unread, error) {
	var all []contact.Unread
	err := s.query(ctx, func(r row) error {
		var u contact.Unread
		var since stamp
		err := r.Scan(&u.AccountID, &u.AccountRef, &since)
		u.Since = since.Time
		all = append(all, u)
		return err
	}, `SELECT w.account_id, c.ref, w.at FROM contact_wishes w JOIN accounts c ON c.id = w.account_id
		WHERE w.words_read_by = '' AND length(w.own_words) > 0 AND c.erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM contact_wishes l
			WHERE l.account_id = w.account_id AND (l.at > w.at OR l.at = w.at AND l.id > w.id))
		ORDER BY w.at, w.id LIMIT ?`, limit)
	return all, err
}

// joinDays writes weekdays as digits, Sunday being 0.
func joinDays(days []time.Weekday) string {
	var b strings.Builder
	for _, d := range days {
		b.WriteString(strconv.Itoa(int(d)))
	}
	return b.String()
}

func splitDays(text string) []time.Weekday {
	var days []time.Weekday
	for _, r := range text {
		days = append(days, time.Weekday(r-'0'))
	}
	return days
}

// AddStopLink implements contact.Stops.
func (s *Store) AddStopLink(ctx context.Context, l contact.StopLink) error {
	_, err := s.exec(ctx, `INSERT INTO stop_links (token_hash, account_id, channel, address_hash, message_id, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
		l.TokenHash, string(l.AccountID), string(l.Channel), l.AddressHash, l.MessageID, at(l.CreatedAt))
	return err
}

// StopLink implements contact.Stops.
func (s *Store) StopLink(ctx context.Context, tokenHash []byte) (contact.StopLink, error) {
	l, err := contact.StopLink{}, contact.ErrNoStop
	failed := s.query(ctx, func(r row) error {
		var made stamp
		err = r.Scan(&l.TokenHash, &l.AccountID, &l.Channel, &l.AddressHash, &l.MessageID, &made)
		l.CreatedAt = made.Time
		return err
	}, `SELECT token_hash, account_id, channel, address_hash, message_id, created_at FROM stop_links WHERE token_hash = ?`, tokenHash)
	if failed != nil {
		return l, failed
	}
	return l, err
}

// AccountsOf implements contact.Stops.
func (s *Store) AccountsOf(ctx context.Context, ch contact.Channel, addressHash []byte) ([]debt.AccountID, error) {
	var ids []debt.AccountID
	err := s.query(ctx, func(r row) error {
		var id debt.AccountID
		var last stamp
		err := r.Scan(&id, &last)
		ids = append(ids, id)
		return err
	}, `SELECT a.account_id, MAX(a.at) FROM (
			SELECT account_id, created_at AS at FROM messages WHERE channel = ? AND address_hash = ? AND kind <> 'step_up_for'
			UNION ALL SELECT account_id, at FROM consents WHERE channel = ? AND address_hash = ?
			UNION ALL SELECT account_id, created_at AS at FROM links WHERE channel = ? AND address_hash = ?) a
		GROUP BY a.account_id ORDER BY 2 DESC, 1 LIMIT 50`,
		string(ch), addressHash, string(ch), addressHash, string(ch), addressHash)
	return ids, err
}

// MessagesSince implements contact.Tally.
func (s *Store) MessagesSince(ctx context.Context, id debt.AccountID, debtID debt.ID, ch contact.Channel, since time.Time, waiting bool) (n contact.Lately, err error) {
	statuses := `('sent', 'sending')`
	if waiting {
		statuses = `('sent', 'sending', 'queued')`
	}
	err = s.queryRow(ctx, []any{&n.All, &n.OfDebt, &n.ByChannel}, `SELECT COUNT(*), COUNT(CASE WHEN debt_id = '' OR debt_id = ? THEN 1 END),
		COUNT(CASE WHEN (debt_id = '' OR debt_id = ?) AND channel = ? THEN 1 END) FROM messages
		WHERE account_id = ? AND asked = 0 AND COALESCE(sent_at, created_at) > ? AND status IN `+statuses,
		string(debtID), string(debtID), string(ch), string(id), at(since))
	return n, err
}

// AddRefusal implements contact.Refusals.
func (s *Store) AddRefusal(ctx context.Context, r contact.Refused) error {
	_, err := s.exec(ctx, `INSERT INTO message_refusals (id, account_id, channel, kind, reason, rule, asked_by, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, string(r.AccountID), string(r.Channel), r.Kind, string(r.Reason), r.Rule, r.AskedBy, at(r.At))
	return err
}

// RefusalsOf implements contact.Refusals.
func (s *Store) RefusalsOf(ctx context.Context, id debt.AccountID) ([]contact.Refused, error) {
	var all []contact.Refused
	err := s.query(ctx, func(r row) error {
		var one contact.Refused
		var made stamp
		err := r.Scan(&one.ID, &one.AccountID, &one.Channel, &one.Kind, &one.Reason, &one.Rule, &one.AskedBy, &made)
		one.At = made.Time
		all = append(all, one)
		return err
	}, `SELECT id, account_id, channel, kind, reason, rule, asked_by, at FROM message_refusals
		WHERE account_id = ? ORDER BY at DESC, id DESC LIMIT 20`, string(id))
	return all, err
}
