package consumer

import (
	"strings"

	"quittance/frontend/modelform"
	"quittance/portal/paper"
	"quittance/portal/validation"
)

// emptyBox stands before a prompt on paper.
const emptyBox = "[   ]  "

// printed is a notice as a PDF, in the order of the page.
func printed(d modelform.Document, n validation.Notice, title string) paper.Document {
	doc := paper.Document{Title: title, Language: d.Language, Made: n.At, From: d.From, Foot: d.Reference}
	add := func(blocks ...paper.Block) { doc.Blocks = append(doc.Blocks, blocks...) }
	add(paper.Paragraph(strings.Join(append([]string{d.ToWord}, d.To...), "\n")), paper.Paragraph(d.Opening))
	add(paper.Heading(d.Shows), paper.Paragraph(d.Account))
	add(paper.Rows{figure(d.AsOf)}, paper.Paragraph(d.Between))
	rows := paper.Rows{}
	for _, r := range append(d.Since, d.Total) {
		rows = append(rows, figure(r))
	}
	add(rows)
	for _, part := range []modelform.Part{d.Dispute, d.Else} {
		add(paper.Heading(part.Heading))
		for _, l := range part.Lines {
			add(paper.Paragraph(l.Text))
		}
	}
	add(paper.Rule{})
	add(answer(d.Respond)...)
	return doc
}

func figure(r modelform.Row) [2]string {
	return [2]string{r.Words, strings.TrimSpace(r.Sign + " " + r.Amount.String())}
}

func answer(p modelform.Prompts) []paper.Block {
	blocks := []paper.Block{paper.Heading(p.Heading), paper.Paragraph(p.CheckAll), paper.Paragraph(p.Because)}
	for _, r := range p.Reasons {
		blocks = append(blocks, paper.Paragraph("      "+emptyBox+r.Words))
	}
	blocks = append(blocks, paper.Paragraph(emptyBox+p.Original.Words), paper.Paragraph(emptyBox+p.Enclosed.Words+" $ ____________"), paper.Paragraph(p.Payable))
	if p.Spanish.Words != "" {
		blocks = append(blocks, paper.Paragraph(emptyBox+p.Spanish.Words))
	}
	return append(blocks, paper.Paragraph(strings.Join(append([]string{p.MailTo}, p.MailLines...), "\n")))
}
