package consumer

import (
	"errors"
	"net/http"
	"slices"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/claim"
	"quittance/portal/dispute"
	"quittance/portal/web"
)

// told is the claim of the address; another's does not exist (S10).
func (p *Pages) told(r *web.Request) (claim.Claim, error) {
	if p.ClaimRecords == nil {
		return claim.Claim{}, web.ErrNotFound
	}
	made, err := p.ClaimRecords.ClaimByReference(r.Context(), me(r), r.Param("reference"))
	if errors.Is(err, claim.ErrNotFound) {
		err = web.ErrNotFound
	}
	return made, err
}

// lifeDonePage is what was stopped, with the papers that came.
func (p *Pages) lifeDonePage(r *web.Request, made claim.Claim) (consumer.LifeDone, error) {
	page := p.donePage(r, made)
	if p.Disputes == nil {
		return page, nil
	}
	page.Papers = made.TakesPapers()
	files, err := p.Disputes.ClaimPapers(r.Context(), made.ID)
	if err != nil {
		return page, err
	}
	page.Count = len(files)
	reports, err := p.ClaimRecords.Reports(r.Context(), made.ID)
	// Whoever comes back may be a relative, or the one who took the name: they are
	// told how many papers there are and not what they are called.
	if err == nil && slices.ContainsFunc(reports, func(said claim.Report) bool { return said.By == bySession(r) }) {
		for _, f := range files {
			page.Files = append(page.Files, f.Name)
		}
	}
	return page, err
}

// postLifeFiles adds photos and papers to what somebody said. Nothing that was
// stopped waits for them.
func (p *Pages) postLifeFiles(r *web.Request) error {
	made, err := p.told(r)
	if err == nil && p.Disputes == nil {
		err = web.ErrNotFound
	}
	if err != nil {
		return err
	}
	taken := 0
	problems, err := p.collect(r, func(name string, content []byte) error {
		_, err := p.Disputes.AddClaimPaper(r.Context(), made.ID, name, content)
		if err == nil {
			taken++
		}
		return err
	})
	if errors.Is(err, dispute.ErrNotNow) || err == nil && taken > 0 && len(problems) == 0 {
		return r.SeeOther(paths.LifeDone(made.Reference))
	}
	if err != nil {
		return err
	}
	page, err := p.lifeDonePage(r, made)
	if err != nil {
		return err
	}
	if page.FileProblems = problems; len(problems) == 0 {
		page.FileProblems = []string{page.T(consumer.ProblemDisputeFileNone)}
	}
	return r.Page(http.StatusUnprocessableEntity, page)
}

func bySession(r *web.Request) string { return "session:" + string(r.Session().ID) }
