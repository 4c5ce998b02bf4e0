package dispute

import (
	"context"
	"errors"
	"time"

	"quittance/portal/debt"
)

// Quotas of a person: far above what somebody needs who puts things right, and
// far below what fills a disk.
const (
	FilesADay  = 18
	BytesADay  = 120 << 20
	MostDrafts = 8 // forms that are not sent

	day = 24 * time.Hour
)

var (
	// ErrDay is returned for a file above what a person may send in a day.
	ErrDay = errors.New("the person has sent as many files as one may in a day")
	// ErrDrafts is returned for a form more than a person may leave unsent.
	ErrDrafts = errors.New("the person has as many unsent forms as one may have")
)

// roomForFile asks whether a person may send so many bytes more today; ErrDay.
// It runs in the transaction that keeps the file.
func (s *Service) roomForFile(ctx context.Context, of debt.AccountID, size int64) error {
	files, bytes, err := s.Drafts.SentSince(ctx, of, s.now().Add(-day))
	if err == nil && (files >= FilesADay || bytes+size > BytesADay) {
		err = ErrDay
	}
	return err
}

// roomForDraft asks whether a person may begin one form more; ErrDrafts.
func (s *Service) roomForDraft(ctx context.Context, of debt.AccountID) error {
	open, err := s.Drafts.UnsentDrafts(ctx, of)
	if err == nil && open >= MostDrafts {
		err = ErrDrafts
	}
	return err
}
