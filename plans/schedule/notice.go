package schedule

import (
	"errors"

	"quittance/plans/civil"
)

// The notice of intent to deposit, in Reg F days before the due date: the law's
// window (PDN-01) and the day on which ours goes out (PDN-02).
const (
	noticeMost     = 10
	noticeUsual    = 9
	noticeLeast    = 3
	noNoticeWithin = 5 // calendar days
)

// NoticeKind says how a payment's notice is given.
type NoticeKind string

// The kinds of notice.
const (
	NoticeNone       NoticeKind = "none"        // none is owed
	NoticeAtCreation NoticeKind = "at_creation" // with the agreement itself
	NoticeLater      NoticeKind = "later"       // on a day to come
)

// NoticePlan is when a payment's notice is given; On is zero for NoticeNone.
type NoticePlan struct {
	On   civil.Date
	Kind NoticeKind
}

// ErrTooLateForNotice is returned by NoticeFor when fewer than three Reg F days
// remain: the date has to move.
var ErrTooLateForNotice = errors.New("too late for a notice three days ahead")

// NoticeOn is the day on which the notice of a payment goes out: nine Reg F days
// before it (PDN-02).
func NoticeOn(due civil.Date) civil.Date { return civil.AddRegFDays(due, -noticeUsual) }

// Timely reports whether a notice that goes out on a day is within the law's
// window, from ten to three Reg F days before the payment (PDN-01).
func Timely(on, due civil.Date) bool {
	return !on.Before(civil.AddRegFDays(due, -noticeMost)) && !on.After(civil.AddRegFDays(due, -noticeLeast))
}

// NoticeFor says which notice a payment needs that is agreed on one day and due
// on another: none within five calendar days (PDN-01), else nine Reg F days
// ahead, else with the agreement itself while three remain (PDN-02).
func NoticeFor(agreedOn, due civil.Date) (NoticePlan, error) {
	return noticeFor(agreedOn, due, NoticeOn(due), civil.AddRegFDays(due, -noticeLeast))
}

// noticeFor decides with the usual and the last day of a notice given. With the
// holidays of today six days never hold fewer than three Reg F days, so the
// error cannot come up; with one more holiday it could.
func noticeFor(agreedOn, due, usual, last civil.Date) (NoticePlan, error) {
	switch {
	case civil.DaysBetween(agreedOn, due) <= noNoticeWithin:
		return NoticePlan{Kind: NoticeNone}, nil
	case usual.After(agreedOn):
		return NoticePlan{On: usual, Kind: NoticeLater}, nil
	case !last.Before(agreedOn):
		return NoticePlan{On: agreedOn, Kind: NoticeAtCreation}, nil
	}
	return NoticePlan{}, ErrTooLateForNotice
}

// EarliestWithNotice is the first due date for which a notice is lawful that
// goes out today, or on the next Reg F day when today is none (PDN-01).
func EarliestWithNotice(today civil.Date) civil.Date {
	sent := civil.AddRegFDays(today.AddDays(-1), 1)
	return Roll(civil.AddRegFDays(sent, noticeLeast))
}
