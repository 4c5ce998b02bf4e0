package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/identity"
	"quittance/portal/intake"
)

// Placements takes a file in, row by row; it is intake's Importer.
type Placements interface {
	Import(ctx context.Context, file io.Reader, o intake.Options) (intake.Report, error)
}

// row is what became of one row of a placements file.
type row struct {
	Number   int      `json:"row" doc:"In CSV the line, the header being 1; in JSON the debt, from 1."`
	DebtRef  string   `json:"debt_ref,omitempty"`
	Outcome  string   `json:"outcome" doc:"new, updated, unchanged, older (what is held is newer and was kept), held (about another person than its account, or of a debt that is held under another account_ref; nothing of it was taken in) or refused."`
	Problems []reason `json:"problems,omitempty"`
}

// reason is one thing that is wrong with a row, or to be looked at in one that is
// held as it says.
type reason struct {
	Field   string `json:"field,omitempty"`
	Code    string `json:"code" doc:"Stable, for programs."`
	Message string `json:"message" doc:"For people. Never repeats the row."`
}

type placementsInput struct {
	DryRun      bool   `query:"dry_run" doc:"Check and report, change nothing."`
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte
}

type placementsReport struct {
	Rows            int   `json:"rows"`
	New             int   `json:"new"`
	Updated         int   `json:"updated"`
	Unchanged       int   `json:"unchanged"`
	Older           int   `json:"older"`
	Refused         int   `json:"refused"`
	Held            int   `json:"held" doc:"Rows about another person than the account that they name, or of a debt that is held under another account_ref: nothing of them was taken in, and somebody must look at them in the console. A stricter status of theirs holds the debt all the same."`
	Flagged         int   `json:"flagged" doc:"Rows that were not refused and have something to look at: those that are held; values that could not be read and were left out; another name of a creditor; amounts added after the itemization date without an authority, or left out of what is owed; those that are waiting; a date of birth that is missing though consumers are matched by it."`
	Waiting         int   `json:"waiting" doc:"Rows whose status is less strict than what is held: they were taken in, and what was held stays in force until somebody confirms the row's status in the console."`
	NewAccounts     int   `json:"new_accounts"`
	ChangedAccounts int   `json:"changed_accounts"`
	DryRun          bool  `json:"dry_run"`
	Report          []row `json:"report" doc:"One for each row, in order."`
}

type placementsOutput struct{ Body placementsReport }

func (s *server) placementRoutes() {
	o := operation(http.MethodPost, "/api/v1/placements", "place", "Place debts and state balances", identity.PlacementsWrite, http.StatusUnprocessableEntity)
	o.Description = "A file of placements as described in the documentation, as CSV with one debt a row or as JSON. " +
		"Rows are taken in one by one: the answer reports each. `interest_authority` and `fees_authority` are optional: your codes, of at most 64 characters, of what allows the amounts that were added after the itemization date. The same file again changes nothing, and an older row never overwrites newer knowledge, " +
		"so no Idempotency-Key is needed. The reference codes of new accounts are read one by one (referenceCode). When every row is refused the answer is a problem that names them."
	o.Metadata = map[string]any{takesBytes: s.PlacementsLimit, takesLong: true}
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"text/csv":         {Schema: &huma.Schema{Type: huma.TypeString}},
		"application/json": {Schema: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}},
	}}
	o.SkipValidateBody = true
	huma.Register(s.api, o, s.place)
	// huma documents the raw body as bytes of any kind; only these two are read.
	delete(s.api.OpenAPI().Paths[o.Path].Post.RequestBody.Content, "application/octet-stream")
}

func (s *server) place(ctx context.Context, in *placementsInput) (*placementsOutput, error) {
	rows := []row{}
	report, err := s.Placements.Import(ctx, bytes.NewReader(in.RawBody), intake.Options{
		Format: formatOf(in.ContentType), DryRun: in.DryRun,
		Each: func(l intake.Line) error {
			rows = append(rows, describeRow(l))
			return nil
		},
	})
	for _, whole := range []error{intake.ErrHeader, intake.ErrBroken, intake.ErrKind, intake.ErrEmpty} {
		if errors.Is(err, whole) {
			return nil, unreadable(err, whole, rows)
		}
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	if report.Refused == report.Rows {
		return nil, problem(http.StatusUnprocessableEntity, "rows-refused", "No row could be taken in.", refusals(rows)...)
	}
	return &placementsOutput{Body: placementsReport{
		Rows: report.Rows, New: report.New, Updated: report.Updated, Unchanged: report.Unchanged, Older: report.Older,
		Refused: report.Refused, Held: report.HeldBack, Flagged: report.Flagged, Waiting: report.Waiting, NewAccounts: report.NewAccounts, ChangedAccounts: report.ChangedAccounts,
		DryRun: in.DryRun, Report: rows,
	}}, nil
}

func formatOf(contentType string) intake.Format {
	if kind, _, _ := mime.ParseMediaType(contentType); kind == "text/csv" {
		return intake.CSV
	}
	return intake.JSON
}

// unreadable is about a file as a whole. Only the errors about its kind and its
// first line say what was found, and only names of columns.
func unreadable(err, whole error, rows []row) *Problem {
	detail := whole.Error()
	if errors.Is(whole, intake.ErrHeader) || errors.Is(whole, intake.ErrKind) {
		detail = err.Error()
	}
	if len(rows) > 0 {
		detail = fmt.Sprintf("%s; rows up to %d were taken in or refused as listed, and sending the whole file again is safe", detail, rows[len(rows)-1].Number)
	}
	return problem(http.StatusUnprocessableEntity, "file", printable(detail), refusals(rows)...)
}

func describeRow(l intake.Line) row {
	r := row{Number: l.Row, DebtRef: l.DebtRef, Outcome: string(l.Outcome)}
	for _, f := range l.Faults {
		r.Problems = append(r.Problems, reason{Field: f.Column, Code: f.Code, Message: f.Sentence})
	}
	return r
}

// refusals names the first fields of rows that were refused.
func refusals(rows []row) []Fault {
	var faults []Fault
	for _, r := range rows {
		for _, p := range r.Problems {
			if r.Outcome == string(intake.Refused) && len(faults) < mostFaults {
				faults = append(faults, Fault{Location: strings.TrimSuffix(fmt.Sprintf("rows[%d].%s", r.Number, p.Field), "."), Message: p.Message})
			}
		}
	}
	return faults
}
