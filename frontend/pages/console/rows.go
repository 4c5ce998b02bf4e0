package console

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/locale"
	"quittance/frontend/pages"
	"quittance/frontend/paths"
)

// Rows lists rows of placements that somebody must look at: what they were about
// and which of their columns, never what stood in them.
//
// POST /console/rows with "task" and "decision" (confirmed or dropped), or with
// "tasks": the ids of less strict statuses that are confirmed together.
type Rows struct {
	Base
	Rows    []Row // the longest wait first
	Changed bool  // the one that was decided was decided before
}

// Row is one line of it.
type Row struct {
	TaskID                         string
	Kind                           string // of intake's tasks
	AccountID, AccountRef, DebtRef string
	Creditor, Name                 string // of another name of a creditor: whose, and which; of joint debtors: the other account_ref
	Status                         string // what the row says; empty: it could not be read
	Reasons                        []string
	Held                           bool   // the debt is on hold for it
	Until                          string // of a less strict status: what the debt counts as until somebody decides
	At                             time.Time
}

var rowKinds = map[string]struct{ what, confirm, drop locale.Key }{
	"another_person":      {"console.row_person", "console.row_person_same", "console.row_person_other"},
	jointDebtors:          {"console.row_joint", "console.row_joint_same", "console.row_joint_other"},
	"other_creditor_name": {"console.row_name", "console.row_name_take", "console.row_name_keep"},
	"not_taken_in":        {"console.row_refused", "", "console.row_done"},
	"place_unknown":       {"console.row_place", "", "console.row_done"},
	lessStrict:            {"console.row_looser", "console.row_looser_take", "console.row_looser_keep"},
}

// lessStrict is the kind of a row whose status leaves more open than the one before.
const lessStrict = "less_strict"

// jointDebtors is the kind of a row of a debt that is held under another
// account_ref: Name is that one, and AccountID its account.
const jointDebtors = "joint_debtors"

func (r Row) words(b Base) string {
	return b.T(rowKinds[r.Kind].what, "name", r.Name, "status", strings.ReplaceAll(r.Until, "_", " "))
}

// looser are the rows of the page that may be confirmed together: as many as it
// shows, each by its id.
func (p Rows) looser() []string {
	var ids []string
	for _, r := range p.Rows {
		if r.Kind == lessStrict {
			ids = append(ids, r.TaskID)
		}
	}
	return ids
}

// about is the creditor's number, or the columns with what is wrong of each.
func (r Row) about() string {
	if r.Creditor != "" {
		return r.Creditor
	}
	return strings.ReplaceAll(strings.Join(r.Reasons, ", "), "_", " ")
}

// confirm is what the button says that takes what the row said; empty: there is
// none.
func (r Row) confirm(b Base) string {
	if key := rowKinds[r.Kind].confirm; key != "" {
		return b.T(key)
	}
	return ""
}

func (r Row) drop(b Base) string {
	if r.Held && r.confirm(b) == "" {
		return b.T("console.row_end_hold")
	}
	return b.T(rowKinds[r.Kind].drop)
}

// Render writes the page.
func (p Rows) Render(ctx context.Context, w io.Writer) error { return rowsPage(p).Render(ctx, w) }

// rows are the page in each state.
func rows(show func(page, state, title, path string, build func(Base) templ.Component) pages.Example, at func(minute, second int) time.Time) []pages.Example {
	some := []Row{
		{TaskID: "tsk_1", Kind: "another_person", AccountID: "acc_1", AccountRef: "A-100234", DebtRef: "D-7", Status: "bankruptcy", Reasons: []string{"date_of_birth:another_person"}, Held: true, At: at(2, 0)},
		{TaskID: "tsk_2", Kind: "other_creditor_name", AccountRef: "A-100871", DebtRef: "D-9", Creditor: "CR-7", Name: "Mercy Clinic LLC", At: at(3, 0)},
		{TaskID: "tsk_3", Kind: "not_taken_in", AccountID: "acc_3", AccountRef: "A-100902", DebtRef: "D-12", Reasons: []string{"balance:sum", "itemization_date:not_a_date"}, At: at(4, 0)},
		{TaskID: "tsk_4", Kind: "place_unknown", AccountID: "acc_4", AccountRef: "A-100903", DebtRef: "D-13", Status: "recalled", Reasons: []string{"postal_code:not_a_postal_code"}, Held: true, At: at(5, 0)},
	}
	looser := []Row{
		{TaskID: "tsk_5", Kind: lessStrict, AccountID: "acc_5", AccountRef: "A-100904", DebtRef: "D-14", Status: "active", Until: "bankruptcy", Reasons: []string{"status:less_strict"}, Held: true, At: at(6, 0)},
		{TaskID: "tsk_6", Kind: lessStrict, AccountID: "acc_6", AccountRef: "A-100905", DebtRef: "D-15", Status: "active", Until: "identity_theft", Reasons: []string{"status:less_strict"}, Held: true, At: at(7, 0)},
	}
	joint := []Row{
		{TaskID: "tsk_7", Kind: jointDebtors, AccountID: "acc_7", AccountRef: "A-100907", DebtRef: "D-17", Name: "A-100906", Status: "active", Reasons: []string{"debt_ref:joint"}, At: at(8, 0)},
		{TaskID: "tsk_8", Kind: jointDebtors, AccountID: "acc_8", AccountRef: "A-100909", DebtRef: "D-18", Name: "A-100908", Status: "bankruptcy", Reasons: []string{"debt_ref:joint"}, Held: true, At: at(9, 0)},
	}
	return []pages.Example{
		show("rows", "joint", "The same debt under a second account", paths.ConsoleRows, func(b Base) templ.Component { return Rows{Base: b, Rows: joint} }),
		show("rows", "some", "Rows to look at", paths.ConsoleRows, func(b Base) templ.Component { return Rows{Base: b, Rows: some} }),
		show("rows", "changed", "Decided before", paths.ConsoleRows, func(b Base) templ.Component { return Rows{Base: b, Rows: some[1:], Changed: true} }),
		show("rows", "looser", "Statuses that would leave more open", paths.ConsoleRows, func(b Base) templ.Component { return Rows{Base: b, Rows: looser} }),
		show("rows", "none", "Nothing waits", paths.ConsoleRows, func(b Base) templ.Component { return Rows{Base: b} }),
	}
}
