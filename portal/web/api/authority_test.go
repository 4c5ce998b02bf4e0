package api_test

import (
	"strings"
	"testing"
	"time"

	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/pack/packtest"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestAMT04_PlacementsAndBalancesNameWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	required := false
	p := setupOn(t, storetest.Open(t, storetest.SQLiteURL(t), func(o *store.Options) {
		o.Count = func(home debt.Address, st debt.Statement) debt.Statement {
			return gate.Counting{Law: packtest.Everywhere().Book, Required: required, Now: func() time.Time { return noon }}.Count(home, st)
		}
	}))
	token := p.token(t, "")
	with := strings.Replace(header, ",status\n", ",status,interest_authority,fees_authority\n", 1)
	owes := func(debt, codes string) string {
		row := strings.Replace(line("A-1", debt, "mercy", "100.00"), "100.00,0.00,0.00,0.00,100.00", "80.00,15.00,5.00,0.00,100.00", 1)
		return strings.Replace(row, ",active\n", ",active,"+codes+"\n", 1)
	}
	file := with + owes("D-1", "agreement,judgment") + owes("D-2", "agreement,")
	a := p.ask(t, token, "POST", "/api/v1/placements", file, "Content-Type", "text/csv")
	if a.status != 200 || a.field(t, "new") != 2.0 || a.field(t, "flagged") != 1.0 || strings.Count(a.body, `"code":"no_authority"`) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	balance := func() string { return p.ask(t, token, "GET", "/api/v1/accounts/A-1/balance", "").body }
	if b := balance(); strings.Contains(b, "excluded") || strings.Count(b, `"payable_cents":10000`) != 2 {
		t.Errorf("nothing is required, yet %s", b)
	}
	required = true
	b := balance()
	for _, want := range []string{`"excluded":[{"part":"fees","amount_cents":500,"rule":"AMT-04"}]`, `"payable_cents":9500`, `"payable_cents":10000`, `"balance_cents":9500`} {
		if strings.Count(b, want) != 1 {
			t.Errorf("no %s in %s", want, b)
		}
	}
	if strings.Count(b, `"reported_cents":10000`) != 2 {
		t.Errorf("what was reported changed: %s", b)
	}
}
