package dispute

import (
	"context"

	"quittance/portal/claim"
)

// Claims finds what people said of their lives.
type Claims interface {
	// ClaimByID loads and, in a transaction, locks one; claim.ErrNotFound.
	ClaimByID(ctx context.Context, id claim.ID) (claim.Claim, error)
}

// AddClaimPaper adds a photo or paper to a claim: a report to the police, a
// letter of a court (STS-01, STS-02, STS-04, STS-05). Nothing waits for it. The
// errors are those of a file that is not taken, and ErrNotNow where the claim
// takes none.
func (s *Service) AddClaimPaper(ctx context.Context, to claim.ID, name string, content []byte) (File, error) {
	s.filing.Lock()
	defer s.filing.Unlock()
	var f File
	clean, err := s.purify(ctx, content)
	if err != nil {
		return f, err
	}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.Claims.ClaimByID(ctx, to)
		if err != nil {
			return err
		}
		if !c.TakesPapers() {
			return ErrNotNow
		}
		f, err = s.add(ctx, File{AccountID: c.AccountID, ClaimID: c.ID, Name: name, From: FromConsumer}, clean)
		return err
	})
	return f, err
}

// ClaimPapers lists the files of a claim, in the order they came.
func (s *Service) ClaimPapers(ctx context.Context, of claim.ID) ([]File, error) {
	return s.list(ctx, Owner{Claim: of})
}

// ReadClaimPaper opens a file of a claim for those who look into it; ErrNotFound
// for one that may do harm.
func (s *Service) ReadClaimPaper(ctx context.Context, of claim.ID, id FileID) (File, []byte, error) {
	f, content, err := s.file(ctx, id)
	if err == nil && (f.ClaimID != of || of == "" || !f.Scan.Shown()) {
		return File{}, nil, ErrNotFound
	}
	return f, content, err
}
