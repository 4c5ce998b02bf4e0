package dispute

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"quittance/portal/debt"
)

// draftLife is how long a form that is not sent is kept.
const draftLife = 48 * time.Hour

// Typed is a form as it was filled in so far.
type Typed struct {
	ID     string
	DebtID debt.ID
	Fields map[string]string
}

// Keep keeps a form until it is sent. Without an id it is a new one; ErrDrafts.
func (s *Service) Keep(ctx context.Context, account debt.AccountID, t Typed) (Typed, error) {
	fresh := t.ID == ""
	if fresh {
		t.ID = s.NewID("drd_")
	}
	plain, err := json.Marshal(t.Fields)
	if err != nil {
		return t, err
	}
	sealed, err := s.Sealer.Seal(plain, draftRow(t.ID))
	if err != nil {
		return t, err
	}
	return t, s.Tx.InTx(ctx, func(ctx context.Context) error {
		if fresh {
			if err := s.roomForDraft(ctx, account); err != nil {
				return err
			}
		}
		return s.Drafts.SaveDisputeDraft(ctx, Draft{ID: t.ID, AccountID: account, DebtID: t.DebtID, Sealed: sealed, At: s.now()})
	})
}

// Draft returns a form of the account's that is not sent yet; ErrNotFound.
func (s *Service) Draft(ctx context.Context, account debt.AccountID, id string) (Typed, error) {
	d, err := s.Drafts.DisputeDraft(ctx, id)
	if err != nil {
		return Typed{}, err
	}
	if d.AccountID != account {
		return Typed{}, ErrNotFound
	}
	plain, err := s.Sealer.Open(d.Sealed, draftRow(d.ID))
	if err != nil {
		return Typed{}, err
	}
	t := Typed{ID: d.ID, DebtID: d.DebtID}
	return t, json.Unmarshal(plain, &t.Fields)
}

func draftRow(id string) string { return "dispute_drafts/" + id }

// Evidence lists the files of a form, or of a dispute, of the account.
func (s *Service) Evidence(ctx context.Context, draft string, of ID) ([]File, error) {
	if of != "" {
		return s.list(ctx, Owner{Dispute: of})
	}
	return s.list(ctx, Owner{Draft: draft})
}

func (s *Service) list(ctx context.Context, of Owner) ([]File, error) {
	files, err := s.Files.FilesOf(ctx, of)
	for i := range files {
		if files[i], err = s.named(files[i], err); err != nil {
			return nil, err
		}
	}
	return files, err
}

// Collect keeps a file with a form that is not sent yet.
func (s *Service) Collect(ctx context.Context, account debt.AccountID, draft, name string, content []byte) (File, error) {
	s.filing.Lock()
	defer s.filing.Unlock()
	var f File
	clean, err := s.purify(ctx, content)
	if err != nil {
		return f, err
	}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		d, err := s.Drafts.DisputeDraft(ctx, draft)
		if err != nil {
			return err
		}
		if d.AccountID != account {
			return ErrNotFound
		}
		f, err = s.add(ctx, File{AccountID: account, DraftID: draft, Name: name, From: FromConsumer}, clean)
		return err
	})
	return f, err
}

// Drop takes a file out of a form that is not sent yet.
func (s *Service) Drop(ctx context.Context, account debt.AccountID, id FileID) error {
	return s.Files.DropFile(ctx, account, id)
}

// AddEvidence adds a file to a dispute of the account's, and tells whoever
// answers it.
func (s *Service) AddEvidence(ctx context.Context, account debt.AccountID, reference, name string, content []byte) (File, error) {
	s.filing.Lock()
	defer s.filing.Unlock()
	var f File
	clean, err := s.purify(ctx, content)
	if err != nil {
		return f, err
	}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		d, err := s.ByReference(ctx, account, reference)
		if err != nil {
			return err
		}
		if d, err = s.Store.Dispute(ctx, d.ID); err != nil { // under its lock
			return err
		}
		if d.State() != Open {
			return ErrNotNow
		}
		if f, err = s.add(ctx, File{AccountID: account, DisputeID: d.ID, Name: name, From: FromConsumer}, clean); err != nil {
			return err
		}
		return s.tell(ctx, Change{Dispute: d, News: EvidenceAdded, File: f})
	})
	return f, err
}

// add seals and keeps a file that was written anew.
func (s *Service) add(ctx context.Context, f File, clean Clean) (File, error) {
	if f.From == FromConsumer {
		there, err := s.Files.FilesOf(ctx, f.owner())
		if err != nil {
			return f, err
		}
		if len(there) >= MostFiles {
			return f, ErrFull
		}
		if err := s.roomForFile(ctx, f.AccountID, int64(len(clean.Content))); err != nil {
			return f, err
		}
	}
	f.ID, f.Type, f.Size, f.AddedAt, f.Scan = FileID(s.NewID("fil_")), clean.Type, int64(len(clean.Content)), s.now(), ScanOff
	if s.Scanner != nil {
		f.Scan = ScanPending
	}
	sum := sha256.Sum256(clean.Content)
	f.SHA256 = hex.EncodeToString(sum[:])
	var err error
	if f.Sealed, err = s.Sealer.Seal([]byte(f.Name), nameRow(f.ID)); err != nil {
		return f, err
	}
	sealed, err := s.Sealer.Seal(clean.Content, bytesRow(f.ID))
	if err != nil {
		return f, err
	}
	return f, s.Files.AddFile(ctx, f, sealed)
}

func nameRow(id FileID) string  { return "dispute_files/" + string(id) }
func bytesRow(id FileID) string { return "dispute_file_bytes/" + string(id) }

func (s *Service) named(f File, err error) (File, error) {
	if err != nil {
		return f, err
	}
	name, err := s.Sealer.Open(f.Sealed, nameRow(f.ID))
	f.Name = string(name)
	return f, err
}

// Read opens a file of a dispute for those who answer it; ErrNotFound for one
// that may do harm.
func (s *Service) Read(ctx context.Context, of ID, id FileID) (File, []byte, error) {
	f, content, err := s.file(ctx, id)
	if err == nil && (f.DisputeID != of || of == "" || !f.Scan.Shown()) {
		return File{}, nil, ErrNotFound
	}
	return f, content, err
}

// ReadOwn opens a file for the consumer whose dispute or claim it belongs to. What came
// from the collector is held back like for anybody else while it is not known
// to be clean.
func (s *Service) ReadOwn(ctx context.Context, account debt.AccountID, id FileID) (File, []byte, error) {
	f, content, err := s.file(ctx, id)
	if err == nil && (f.AccountID != account || f.From == FromCollector && !f.Scan.Shown() || f.Scan == ScanInfected) {
		return File{}, nil, ErrNotFound
	}
	return f, content, err
}

func (s *Service) file(ctx context.Context, id FileID) (File, []byte, error) {
	f, sealed, err := s.Files.FileBytes(ctx, id)
	if err != nil {
		return File{}, nil, err
	}
	if f, err = s.named(f, nil); err != nil {
		return File{}, nil, err
	}
	content, err := s.Sealer.Open(sealed, bytesRow(f.ID))
	return f, content, err
}

// scans at a time.
const scansAtOnce = 10

// scan looks into the files that wait for it. A scanner that does not answer
// leaves them where they are.
func (s *Service) scan(ctx context.Context) (int, error) {
	if s.Scanner == nil {
		return 0, nil
	}
	waiting, err := s.Scans.PendingScans(ctx, scansAtOnce)
	if err != nil {
		return 0, err
	}
	for n, id := range waiting {
		_, content, err := s.file(ctx, id)
		if err != nil {
			return n, err
		}
		verdict, err := s.look(ctx, content)
		if err != nil {
			return n, err
		}
		if err := s.Scans.SetScan(ctx, id, verdict); err != nil {
			return n, err
		}
	}
	return len(waiting), nil
}

func (s *Service) look(ctx context.Context, content []byte) (Scan, error) {
	infected, err := s.Scanner.Scan(ctx, content)
	switch {
	case errors.Is(err, ErrUnscannable):
		return ScanFailed, nil
	case err != nil:
		return ScanPending, err
	case infected:
		return ScanInfected, nil
	}
	return ScanClean, nil
}
