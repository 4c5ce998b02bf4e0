package consumer

import (
	"context"
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/letter"
	"quittance/portal/paper"
	"quittance/portal/web"
)

// Letters is what the pages need of letters; it is package letter's Service.
type Letters interface {
	Of(ctx context.Context, id debt.AccountID) ([]letter.Letter, error)
	Read(ctx context.Context, id debt.AccountID, letter string) (letter.Letter, letter.Facts, error)
	PayOff(ctx context.Context, id debt.AccountID, of debt.ID) (letter.Letter, error)
	// Holds returns, of a letter that does not hold any more, the one that says so.
	Holds(ctx context.Context, l letter.Letter) (by letter.Letter, holds bool, err error)
}

func (p *Pages) letterRoutes() []web.Route {
	if p.Letters == nil {
		return nil
	}
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/letters/:id", Access: web.Consumer, Page: "Letter", Handler: p.letter},
		{Method: http.MethodGet, Pattern: "/letters/:id/copy.pdf", Access: web.Consumer, Handler: p.letterCopy},
		{Method: http.MethodPost, Pattern: "/debts/:id/payoff", Access: web.Consumer, Page: "Letter", Handler: p.postPayOff, CSRF: true, Body: web.FormBody},
	}
}

// letter is a letter as it was written (STA-04).
func (p *Pages) letter(r *web.Request) error {
	page, err := p.letterOf(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// letterCopy is the same as a file to keep.
func (p *Pages) letterCopy(r *web.Request) error {
	page, err := p.letterOf(r)
	if err != nil {
		return err
	}
	d := p.copyOf(page.Base, page.On.In(p.Zone), page.Reference, page.Title())
	if words := page.NoLonger(); words != "" {
		d.Blocks = append(d.Blocks, paper.Paragraph(words), paper.Rule{})
	}
	d.Blocks = append(d.Blocks, paper.Paragraph(page.Text()), paper.Rule{}, paper.Rows(page.Facts()))
	if lines := page.Schedule(); len(lines) > 0 {
		d.Blocks = append(d.Blocks, paper.Rule{}, paper.Rows(lines))
	}
	for _, note := range page.Notes() {
		d.Blocks = append(d.Blocks, paper.Paragraph(note))
	}
	for _, n := range page.PlanWords {
		for _, text := range n.Text {
			d.Blocks = append(d.Blocks, paper.Paragraph(text))
		}
	}
	if d.Foot == "" {
		d.Foot = "letter"
	}
	return sendCopy(r, d)
}

func (p *Pages) letterOf(r *web.Request) (consumer.Letter, error) {
	l, f, err := p.Letters.Read(r.Context(), me(r), r.Param("id"))
	if errors.Is(err, letter.ErrNotFound) {
		err = web.ErrNotFound
	}
	if err != nil {
		return consumer.Letter{}, err
	}
	if err := p.viewable(r, string(l.DebtID)); err != nil {
		return consumer.Letter{}, err
	}
	v, err := p.load(r)
	if err != nil {
		return consumer.Letter{}, err
	}
	page := consumer.Letter{
		Base: r.Base(), LetterLine: consumer.LetterLine{ID: l.ID, Kind: consumer.LetterKind(l.Kind), On: f.On}, DebtID: string(l.DebtID),
		Reference: f.Reference, Name: f.Name, Creditor: f.Creditor, What: f.What, Ending: f.Ending, Total: f.Total, Paid: f.Paid, Left: f.Left,
		Forgiven: f.Forgiven, OnItsWay: f.OnItsWay,
	}
	for _, line := range f.Lines {
		page.Installments = append(page.Installments, consumer.LetterInstallment(line))
	}
	by, holds, err := p.Letters.Holds(r.Context(), l)
	switch {
	case err != nil:
		return consumer.Letter{}, err
	case !holds:
		page.Withdrawn = civil.Of(by.MadeAt.In(p.Zone))
	case l.Kind == letter.Satisfaction:
		page.Provisional = v.reversible(string(l.DebtID))
	}
	if s, known := v.statement(string(l.DebtID)); known && l.Subject != "" {
		_, effects := v.place(s.Debt)
		page.PlanWords = v.sized(s.Debt, inPlaces(page.Base, effects.Plan))
	}
	return page, nil
}

// postPayOff writes the letter that says what pays a debt off today.
func (p *Pages) postPayOff(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	s, err := v.shownDebt(r.Param("id"))
	if err != nil {
		return err
	}
	if !v.canPay(s) {
		return r.SeeOther(paths.Debt(r.Param("id")))
	}
	l, err := p.Letters.PayOff(r.Context(), me(r), debt.ID(r.Param("id")))
	switch {
	case errors.Is(err, letter.ErrClosed):
		return r.SeeOther(paths.Debt(r.Param("id")))
	case errors.Is(err, letter.ErrNotFound):
		return web.ErrNotFound
	case err != nil:
		return err
	}
	return r.SeeOther(paths.Letter(l.ID))
}

// lettersOn lists the letters of a debt.
func (p *Pages) lettersOn(r *web.Request, id string) ([]consumer.LetterLine, error) {
	if p.Letters == nil {
		return nil, nil
	}
	all, err := p.Letters.Of(r.Context(), me(r))
	var lines []consumer.LetterLine
	for _, l := range all {
		if string(l.DebtID) == id {
			lines = append(lines, consumer.LetterLine{ID: l.ID, Kind: consumer.LetterKind(l.Kind), On: civil.Of(l.MadeAt.In(p.Zone))})
		}
	}
	return lines, err
}
