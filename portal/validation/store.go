package validation

import (
	"context"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Transactor runs fn in one transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps notices; none is ever changed.
type Store interface {
	// AddNotice keeps a notice with its sealed body, and fixes the itemization
	// date of its debt (VAL-02). False: the debt has one of that day and method.
	AddNotice(ctx context.Context, n Notice, sealed []byte) (bool, error)
	// ValidationNotices lists the notices of an account.
	ValidationNotices(ctx context.Context, id debt.AccountID) ([]Notice, error)
	// SealedNotice is the body of a notice; ErrNotFound.
	SealedNotice(ctx context.Context, id ID) ([]byte, error)
	// AddNoticeRequest keeps that a notice was asked for in a language (VAL-14).
	AddNoticeRequest(ctx context.Context, r Request) error
}

// Request is a notice that was asked for in another language.
type Request struct {
	ID       string
	Notice   ID
	Language string
	At       time.Time
}

// Duty is a notice that is owed: the consumer heard of the debt here and no
// notice of it is known (VAL-10).
type Duty struct {
	DebtID    debt.ID
	AccountID debt.AccountID
	EventID   string // that asked the system of record to mail it
	BeganAt   time.Time
	Due       civil.Date // the last day
	AlertAt   time.Time
	AlertedAt time.Time // zero: nobody was told yet
}

// Duties keeps what is owed.
type Duties interface {
	// Unnoticed lists the debts of an account that have neither a notice nor a
	// duty, settled or not; a duty that ended with a recall or a bankruptcy is none.
	Unnoticed(ctx context.Context, id debt.AccountID) ([]debt.ID, error)
	// BeginDuty keeps a duty and fixes the debt's itemization date; false when
	// the debt has one that counts.
	BeginDuty(ctx context.Context, d Duty) (bool, error)
	// EndDuty ends the duty of a debt to a person, if one is open.
	EndDuty(ctx context.Context, whose debt.AccountID, id debt.ID, by string, at time.Time) error
	// OpenDuties lists open duties, the earliest first: those of an event where
	// one is named, else those whose alert has come.
	OpenDuties(ctx context.Context, q DutyQuery) ([]Duty, error)
	// Alerted keeps that somebody was told of a duty.
	Alerted(ctx context.Context, whose debt.AccountID, id debt.ID, at time.Time) error
}

// DutyQuery says which open duties are meant.
type DutyQuery struct {
	EventID string         // of this event
	Account debt.AccountID // of this account
	Before  time.Time      // alert at or before; zero means all
	Untold  bool           // only those nobody was told of
	Most    int
}

// Accounts reads what is held of a debt.
type Accounts interface {
	// DebtByRef finds a debt by the collector's own number; ErrNotFound.
	DebtByRef(ctx context.Context, ref string) (debt.AccountID, debt.ID, error)
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
}

// Sealer keeps the body of a notice unreadable while it is stored.
type Sealer interface {
	Seal(plain []byte, row string) ([]byte, error)
	Open(sealed []byte, row string) ([]byte, error)
}

// Mailroom asks the system of record to mail a notice, and returns the id of
// the event that did.
type Mailroom interface {
	NoticeOwed(ctx context.Context, d debt.Statement, due civil.Date) (string, error)
}

// Alarm tells the agency of a notice that is still owed.
type Alarm interface {
	NoticeOverdue(ctx context.Context, d Duty) error
}
