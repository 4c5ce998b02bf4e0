package consumer

import (
	"context"
	"io"
	"time"

	"quittance/frontend/locale"
	"quittance/plans/civil"
)

// Records is everything that is kept about the person: what, why and until when,
// what they got, signed and sent, and one file with all of it (REC-01, REC-02).
type Records struct {
	Base
	// Until is the day from which it is erased; zero while the account is worked
	// on, and while the law or a case wants it kept.
	Until civil.Date
	Years int  // how long after the last work on the account, while Until is zero
	Case  bool // a legal case wants it kept
	Lists []RecordList
	// Wait says that the file was taken often enough for now.
	Wait bool
}

// RecordList is one kind of what is kept, the newest first.
type RecordList struct {
	Kind    RecordKind
	Records []Record
	More    bool // there are older ones: they are in the file
}

// RecordKind is what a list holds.
type RecordKind string

// The kinds, in the order in which they stand.
const (
	RecordNotices  RecordKind = "notices"
	RecordSigned   RecordKind = "signed"
	RecordReceipts RecordKind = "receipts"
	RecordLetters  RecordKind = "letters"
	RecordDisputes RecordKind = "disputes"
	RecordMessages RecordKind = "messages"
	RecordConsents RecordKind = "consents"
	RecordSeen     RecordKind = "seen"
)

// Record is one of them. Without a Path there is nothing behind it but Text.
type Record struct {
	On   civil.Date
	What string // in words: of whom, by which way, which page
	Path string
	Text string // a message's own words; may be empty
}

// RecordsSeen is one page as the person saw it.
type RecordsSeen struct {
	Base
	At     time.Time
	What   string
	Page   string // the whole page; empty once it was erased
	Erased bool
}

var (
	recordTitles = map[RecordKind]locale.Key{
		RecordNotices: "records.notices", RecordSigned: "records.signed", RecordReceipts: "records.receipts", RecordLetters: "records.letters",
		RecordDisputes: "records.disputes", RecordMessages: "records.messages", RecordConsents: "records.consents", RecordSeen: "records.seen",
	}
	messageKinds = map[string]locale.Key{
		"link": "records.kind_link", "step_up": "records.kind_code", "check": "records.kind_code", "charge": "records.kind_charge",
		"stopped": "records.kind_stopped", "help": "records.kind_help", "thread": "records.kind_thread", "changed": "records.kind_changed",
		"money": "records.kind_money",
	}
	wayKeys  = map[string]locale.Key{"sms": "records.by_text", "email": "records.by_email"}
	saidKeys = map[string]locale.Key{
		"withdrawn": "records.said_no", "wish": "records.said_wish", "sms": "records.yes_text", "email": "records.yes_email",
	}
	pageKinds = map[string]locale.Key{
		"balance": "records.page_balance", "debt": "records.page_debt", "amount": "records.page_pay", "method": "records.page_pay",
		"authorization": "records.page_pay", "outcome": "records.page_outcome", "receipt": "records.page_receipt", "plan": "records.page_plan",
		"validation notice": "records.page_notice", "dispute": "records.page_dispute", "complaint": "records.page_dispute",
		"life event": "records.page_life", "preferences": "records.page_reach", "messages": "records.page_messages", "letter": "records.page_letter",
	}
)

// MessageWords says what a message was about and which way it went.
func MessageWords(b Base, kind, channel string) string {
	return named(b, messageKinds, kind) + ", " + named(b, wayKeys, channel)
}

// SaidWords says what was agreed to or asked for: "withdrawn", "wish" or the
// channel that was allowed.
func SaidWords(b Base, said string) string { return named(b, saidKeys, said) }

// PageWords names a page by the kind of evidence that it is.
func PageWords(b Base, kind string) string { return named(b, pageKinds, kind) }

func named(b Base, keys map[string]locale.Key, name string) string {
	key, known := keys[name]
	if !known {
		key = "records.other"
	}
	return b.T(key)
}

// Render writes the page.
func (p Records) Render(ctx context.Context, w io.Writer) error {
	return recordsPage(p).Render(ctx, w)
}

// Render writes the page.
func (p RecordsSeen) Render(ctx context.Context, w io.Writer) error {
	return recordsSeenPage(p).Render(ctx, w)
}

func (p Records) until() string {
	switch {
	case p.Case:
		return p.T("records.until_case")
	case !p.Until.IsZero():
		return p.T("records.until_day", "date", p.Until)
	}
	return p.T("records.until_years", "years", p.Years)
}
