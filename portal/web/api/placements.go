package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/identity"
)

// ErrUnreadable is what Placements wraps when a file as a whole cannot be
// read. Its text is shown to the caller and repeats nothing of the file.
var ErrUnreadable = errors.New("file cannot be read")

// Placements takes a file in, row by row.
type Placements interface {
	// Import reads "csv" or "json", tells each of every row in order, and with
	// dry changes nothing. Nothing of a file that is ErrUnreadable from its first
	// row is taken in.
	Import(ctx context.Context, file io.Reader, format string, dry bool, each func(Row) error) error
}

// Outcome is what became of a row.
type Outcome string

// Outcomes of a row.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Kept      Outcome = "kept"    // what is held is newer
	Refused   Outcome = "refused" // and why stands in Problems
)

// Row is what became of one row of a placements file.
type Row struct {
	Number     int      `json:"row" doc:"In CSV the line, the header being 1; in JSON the debt, from 1."`
	AccountRef string   `json:"account_ref,omitempty"`
	DebtRef    string   `json:"debt_ref,omitempty"`
	Outcome    Outcome  `json:"outcome" enum:"created,updated,unchanged,kept,refused"`
	Problems   []Reason `json:"problems,omitempty"`
}

// Reason is one thing that is wrong with a row.
type Reason struct {
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
	Rows      int   `json:"rows"`
	Created   int   `json:"created"`
	Updated   int   `json:"updated"`
	Unchanged int   `json:"unchanged"`
	Kept      int   `json:"kept"`
	Refused   int   `json:"refused"`
	DryRun    bool  `json:"dry_run"`
	Report    []Row `json:"report" doc:"One for each row, in order."`
}

type placementsOutput struct{ Body placementsReport }

func (s *server) placementRoutes() {
	o := operation(http.MethodPost, "/api/v1/placements", "place", "Place debts and state balances", identity.PlacementsWrite, http.StatusUnprocessableEntity)
	o.Description = "A file of placements as described in the documentation, as CSV with one debt a row or as JSON. " +
		"Rows are taken in one by one: the answer reports each. The same file again changes nothing, and an older row never overwrites newer knowledge, " +
		"so no Idempotency-Key is needed. When every row is refused the answer is a problem that names them."
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
	format := "json"
	if kind, _, _ := bytes.Cut([]byte(in.ContentType), []byte(";")); string(bytes.ToLower(bytes.TrimSpace(kind))) == "text/csv" {
		format = "csv"
	}
	out := &placementsOutput{Body: placementsReport{DryRun: in.DryRun, Report: []Row{}}}
	err := s.Placements.Import(ctx, bytes.NewReader(in.RawBody), format, in.DryRun, func(r Row) error {
		out.Body.add(r)
		return nil
	})
	if errors.Is(err, ErrUnreadable) {
		return nil, problem(http.StatusUnprocessableEntity, "file", printable(err.Error()), refusals(out.Body.Report)...)
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	if out.Body.Refused == out.Body.Rows {
		return nil, problem(http.StatusUnprocessableEntity, "rows-refused", "No row could be taken in.", refusals(out.Body.Report)...)
	}
	return out, nil
}

func (p *placementsReport) add(r Row) {
	p.Rows++
	p.Report = append(p.Report, r)
	switch r.Outcome {
	case Created:
		p.Created++
	case Updated:
		p.Updated++
	case Unchanged:
		p.Unchanged++
	case Kept:
		p.Kept++
	case Refused:
		p.Refused++
	}
}

// refusals names the first rows that were refused.
func refusals(rows []Row) []Fault {
	var faults []Fault
	for _, r := range rows {
		for _, p := range r.Problems {
			if r.Outcome == Refused && len(faults) < mostFaults {
				faults = append(faults, Fault{Location: fmt.Sprintf("rows[%d].%s", r.Number, p.Field), Message: p.Message})
			}
		}
	}
	return faults
}
