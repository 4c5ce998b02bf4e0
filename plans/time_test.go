package plans_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// TestR9 runs random plans for 37 months, hour by hour, in six zones of the US:
// month-ends, 29 February, both changes of the clocks. Each installment is
// charged once, on its day and not before 9:00 where the consumer is; its
// notice goes out within the window of the law and within the hours in which a
// person may be written to.
func TestR9_NothingIsMissedEarlyOrDoubleInThirtySevenMonths(t *testing.T) {
	t.Parallel()
	each := 1667 // × 6 zones: 10,000 plans
	if testing.Short() {
		each = 50
	}
	if n := os.Getenv("R9_PLANS"); n != "" {
		if _, err := fmt.Sscan(n, &each); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newYears(t, name, each).run(t)
		})
	}
}

// diary is a memory that knows at which hour which plan has something to do,
// so that ten thousand plans can be followed hour by hour.
type diary struct {
	*memory
	now              *time.Time
	charges, notices map[int64][]plans.Due // by hour
}

func (d *diary) CreatePlan(ctx context.Context, p plans.Plan, a plans.Agreement) (plans.Plan, bool, error) {
	d.note(p)
	d.plans[p.ID], d.agreements[p.ID] = copied(p), []plans.Agreement{a}
	return p, true, nil
}

func (d *diary) RunningPlan(context.Context, string) (plans.Plan, error) {
	return plans.Plan{}, plans.ErrNotFound // each debt of this test is asked for once
}

func (d *diary) SavePlan(ctx context.Context, c plans.Change) error {
	d.note(c.After)
	return d.memory.SavePlan(ctx, c)
}

func hourOf(t time.Time) int64 { return (t.Unix() + 3599) / 3600 }

func (d *diary) note(p plans.Plan) {
	for _, i := range p.Installments {
		due := plans.Due{Plan: p.ID, Number: i.Number}
		held, _ := d.plans[p.ID].Installment(i.Number)
		if i.Status == plans.Scheduled && !held.ChargeAt.Equal(i.ChargeAt) {
			at := max(hourOf(i.ChargeAt), hourOf(*d.now))
			d.charges[at] = append(d.charges[at], due)
		}
		if i.Notice.State == plans.NoticeWaiting && held.Notice.On != i.Notice.On {
			at := hourOf(i.Notice.On.In(time.UTC))
			d.notices[at] = append(d.notices[at], due)
		}
	}
}

func (d *diary) ClaimDue(_ context.Context, now, _ time.Time, _ int) ([]plans.Due, error) {
	return d.take(d.charges, now), nil
}

func (d *diary) NoticesDue(_ context.Context, day civil.Date, _ int) ([]plans.Due, error) {
	return d.take(d.notices, day.In(time.UTC)), nil
}

func (d *diary) Overdue(context.Context, civil.Date, int) ([]plans.Due, error) { return nil, nil }

func (d *diary) CardsEnding(context.Context, civil.Date, civil.Date, int) ([]plans.ID, error) {
	return nil, nil
}

// take returns what is noted for an hour; what is not done comes back once.
func (d *diary) take(list map[int64][]plans.Due, now time.Time) []plans.Due {
	due := list[hourOf(now)]
	delete(list, hourOf(now))
	return due
}

// years is many plans in one zone.
type years struct {
	*world
	diary *diary
	made  []plans.ID
	queue []string // notices that wait for an hour in which people may be written to
}

func newYears(t *testing.T, name string, n int) *years {
	t.Helper()
	w := newWorld(t)
	w.zones = []*time.Location{zone(t, name)}
	w.now = time.Date(2027, 1, 4, 20, 0, 0, 0, time.UTC)
	terms := plans.DefaultTerms()
	terms.MinAmount, terms.MaxMonths = 100, 37
	w.terms = []plans.Terms{terms}
	y := &years{world: w, diary: &diary{memory: w.memory, now: &w.now, charges: map[int64][]plans.Due{}, notices: map[int64][]plans.Due{}}}
	w.Store, w.Agenda, w.Notices = y.diary, y.diary, y
	w.Watchers = nil
	r := rand.New(rand.NewPCG(37, uint64(len(name))))
	for i := range n {
		debt := fmt.Sprintf("dbt_%d", i+1)
		w.owed[debt] = money.Cents(5000 + r.IntN(500000))
		y.enrollAny(t, r, debt)
	}
	return y
}

func (y *years) enrollAny(t *testing.T, r *rand.Rand, debt string) {
	t.Helper()
	rule := schedule.Rule{Rhythm: []schedule.Rhythm{schedule.Weekly, schedule.EveryTwoWeeks, schedule.TwiceAMonth, schedule.Monthly}[r.IntN(4)]}
	rule.First = y.today().AddDays(r.IntN(36))
	if rule.Rhythm == schedule.TwiceAMonth {
		rule.OtherDay = 1 + r.IntN(31)
	}
	d, _, err := y.Begin(t.Context(), "acc_1", debt, plans.Wish{Kind: plans.Installments, Rule: rule, Count: 1 + r.IntN(36)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := y.Choose(t.Context(), "acc_1", d.ID, plans.Automatic, payments.BankAccount, "ctoken_1"); err != nil {
		t.Fatal(err)
	}
	p, err := y.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", signature)
	if err != nil {
		t.Fatal(err)
	}
	y.made = append(y.made, p.ID)
}

// Announce implements plans.Notices: the message waits for its hour.
func (y *years) Announce(_ context.Context, p plans.Plan, i plans.Installment) (plans.NoticeState, string, error) {
	id := fmt.Sprintf("%s %d", p.ID, i.Number)
	y.queue = append(y.queue, id)
	return plans.NoticeQueued, id, nil
}

// Mail implements plans.Notices; no message of this world is lost.
func (y *years) Mail(context.Context, plans.Plan, plans.Installment) (string, error) { return "", nil }

// ByNotice implements plans.Index for ids of Announce.
func (y *years) ByNotice(_ context.Context, messageID string) (d plans.Due, err error) {
	_, err = fmt.Sscanf(messageID, "%s %d", &d.Plan, &d.Number)
	return d, err
}

func (y *years) hour(t *testing.T) {
	t.Helper()
	if _, err := y.Tidy(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if h := y.now.In(y.zones[0]).Hour(); h >= 8 && h < 21 {
		for _, id := range y.queue {
			if err := y.NoticeSent(t.Context(), id, y.now); err != nil {
				t.Fatal(err)
			}
		}
		y.queue = y.queue[:0]
	}
	if _, err := y.Run(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
}

// run works hour by hour and then looks at every installment.
func (y *years) run(t *testing.T) {
	t.Helper()
	y.Index = indexOf{y.memory, y}
	for end := y.now.AddDate(0, 38, 0); y.now.Before(end); y.now = y.now.Truncate(time.Hour).Add(time.Hour) {
		y.hour(t)
	}
	charged := map[string]time.Time{}
	for _, c := range y.charges {
		if _, twice := charged[c.key]; twice {
			t.Errorf("%s was charged twice", c.key)
		}
		charged[c.key] = c.at
	}
	for _, id := range y.made {
		p := y.plan(t, id)
		if p.Status != plans.Completed || p.Left() != 0 {
			t.Fatalf("plan %s is %s with %s left: %+v", id, p.Status, p.Left(), p.Installments)
		}
		for _, i := range p.Installments {
			at := charged[fmt.Sprintf("%s/%d/1", id, i.Number)].In(y.zones[0])
			if civil.Of(at) != i.Due || at.Hour() < 9 {
				t.Fatalf("installment %d of %s was due on %s and charged at %s", i.Number, id, i.Due, at)
			}
			if i.Notice.State != plans.NoticeNone && !schedule.Timely(i.Notice.On, i.Due) {
				t.Fatalf("the notice of %s went out on %s", i.Due, i.Notice.On)
			}
		}
		charged[string(id)] = time.Time{}
	}
	t.Logf("%d plans, %d charges", len(y.made), len(y.charges))
}

type indexOf struct {
	*memory
	y *years
}

func (i indexOf) ByNotice(ctx context.Context, messageID string) (plans.Due, error) {
	return i.y.ByNotice(ctx, messageID)
}
