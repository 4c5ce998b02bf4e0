package consumer

import (
	"context"
	"io"
)

// Render writes the page; so do all the methods of this name below.
func (p PlanDebts) Render(ctx context.Context, w io.Writer) error {
	return planDebtsPage(p).Render(ctx, w)
}
func (p PlanOptions) Render(ctx context.Context, w io.Writer) error {
	return planOptionsPage(p).Render(ctx, w)
}
func (p PlanSchedule) Render(ctx context.Context, w io.Writer) error {
	return planSchedulePage(p).Render(ctx, w)
}
func (p PlanHardship) Render(ctx context.Context, w io.Writer) error {
	return planHardshipPage(p).Render(ctx, w)
}
func (p PlanNewMethod) Render(ctx context.Context, w io.Writer) error {
	return planNewMethodPage(p).Render(ctx, w)
}
func (p PlanMethod) Render(ctx context.Context, w io.Writer) error {
	return planMethodPage(p).Render(ctx, w)
}
func (p PlanSign) Render(ctx context.Context, w io.Writer) error {
	return planSignPage(p).Render(ctx, w)
}
func (p Plan) Render(ctx context.Context, w io.Writer) error {
	return planPage(p).Render(ctx, w)
}
func (p PlanPay) Render(ctx context.Context, w io.Writer) error {
	return planPayPage(p).Render(ctx, w)
}
func (p PlanChange) Render(ctx context.Context, w io.Writer) error {
	return planChangePage(p).Render(ctx, w)
}
func (p PlanPreview) Render(ctx context.Context, w io.Writer) error {
	return planPreviewPage(p).Render(ctx, w)
}
func (p PlanStop) Render(ctx context.Context, w io.Writer) error {
	return planStopPage(p).Render(ctx, w)
}
func (p PlanPaper) Render(ctx context.Context, w io.Writer) error {
	return planPaperPage(p).Render(ctx, w)
}
func (p PlanLetter) Render(ctx context.Context, w io.Writer) error {
	return planLetterPage(p).Render(ctx, w)
}
func (p PlanBudget) Render(ctx context.Context, w io.Writer) error {
	return planBudgetPage(p).Render(ctx, w)
}
