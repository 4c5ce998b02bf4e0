package plans

import (
	"cmp"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// bend decides on a change that the consumer wishes for. What cannot be is
// *Impossible; what the plan's state does not allow is ErrNotNow.
func bend(p Plan, b Bend, e env, now time.Time) (Change, error) {
	next := p.clone()
	why, news, err := next.bent(b, e)
	if err != nil {
		return unmoved(p), err
	}
	if err := next.arrange(e); err != nil {
		return unmoved(p), err
	}
	next.Version++
	return moved(p, next, why, now, news...), nil
}

// bent changes p and says why and what to tell.
func (p *Plan) bent(b Bend, e env) (Why, []News, error) {
	if b.Action == Cancel {
		return ByConsumerWhy, []News{NewsCanceled}, p.cancel(ByConsumer)
	}
	if b.Action == Resume {
		return ByConsumerWhy, []News{NewsResumed}, p.resume(e)
	}
	if b.Action == Hand && p.Status != Awaiting && p.Status.Running() {
		return MethodChanged, []News{NewsChanged}, p.byHand()
	}
	if p.Status != Active && p.Status != Awaiting || p.Kind != Installments && b.Action != Move && b.Action != Retry {
		return "", nil, ErrNotNow
	}
	switch b.Action {
	case Move:
		return DateMoved, []News{NewsChanged}, p.move(b.Number, b.To, e, Scheduled)
	case Retry:
		return DateMoved, []News{NewsChanged}, p.retry(b.Number, b.To, e)
	case Skip:
		return WasSkipped, []News{NewsChanged}, p.skip(b.Number)
	case Split:
		return WasSplit, []News{NewsChanged}, p.split(b.Number)
	case Resize:
		return AmountChanged, []News{NewsChanged}, p.resize(b.Each)
	case Rebeat:
		return RhythmChanged, []News{NewsChanged}, p.rebeat(b.Rule, e)
	case Pause:
		return ByConsumerWhy, []News{NewsPaused}, p.pause(b.To, e)
	}
	return "", nil, ErrNotNow
}

// movable finds an installment that nothing was submitted for (REG-05).
func (p *Plan) movable(number int, status InstallmentStatus) (*Installment, error) {
	n := slices.IndexFunc(p.Installments, func(i Installment) bool { return i.Number == number })
	if n < 0 {
		return nil, ErrNotFound
	}
	i := &p.Installments[n]
	if i.Status == InFlight || i.Status == Paid {
		return nil, &Impossible{Problem: AlreadyCharged}
	}
	if i.Status != status || i.Owed() == 0 {
		return nil, ErrNotNow
	}
	return i, nil
}

// moveDays is how far one installment may be moved at once.
const moveDays = 31

func (p *Plan) move(number int, to civil.Date, e env, status InstallmentStatus) error {
	i, err := p.movable(number, status)
	if err != nil {
		return err
	}
	latest := i.Due.AddDays(moveDays)
	if status == Failed {
		latest = e.today.AddDays(moveDays)
	}
	switch {
	case to.Before(e.today):
		return &Impossible{Problem: DateTooEarly, Field: "date", Date: schedule.Roll(e.today)}
	case to.After(latest):
		return &Impossible{Problem: DateTooLate, Field: "date", Date: latest}
	case schedule.Roll(to) != to:
		return &Impossible{Problem: DateClosed, Field: "date", Date: schedule.Roll(to)}
	case p.taken(to, number):
		return &Impossible{Problem: DateTaken, Field: "date", Date: p.free(to, number)}
	}
	i.Due, i.Status, i.Missed = to, Scheduled, false
	return nil
}

// retry sets a new day for an installment that did not work: only where the
// bank's answer allows it and not too often (ACH-05, STR-09).
func (p *Plan) retry(number int, to civil.Date, e env) error {
	i, err := p.movable(number, Failed)
	if err != nil {
		return err
	}
	if p.Charging == Automatic && !p.MayRetry(*i) {
		return ErrNotNow
	}
	if err := p.move(number, to, e, Failed); err != nil {
		return err
	}
	i.Retries++
	return nil
}

// MayRetry reports whether what an automatic plan is charged with may be tried again
// for an installment. Where its bank did not say no (what came back was another
// card's, or was refunded) it may.
func (p Plan) MayRetry(i Installment) bool {
	said := i.Failure != payments.Failure{}
	return i.Retries < min(maxRetries, p.Terms.Retries) && (!said || payments.Advise(i.Failure, p.Details.Type).MayRetry)
}

// maxRetries is the most that any terms may allow.
const maxRetries = 2

func (p *Plan) skip(number int) error {
	i, err := p.movable(number, Scheduled)
	if err != nil {
		return err
	}
	if p.Skipped >= p.Terms.Skips {
		return &Impossible{Problem: NoSkipsLeft}
	}
	p.Skipped++
	p.toEnd(i, civil.Date{})
	return nil
}

// toEnd moves an installment behind the last one and behind a day, in the
// plan's rhythm.
func (p *Plan) toEnd(i *Installment, behind civil.Date) {
	i.Due, i.Status, i.Missed = p.endFrom(behind), Scheduled, false
}

// endFrom is the rhythm's first day that lies behind a day and all installments.
func (p *Plan) endFrom(day civil.Date) civil.Date {
	last := p.lastDue()
	if day.After(last) {
		last = day
	}
	if due := p.Rule.After(last); !due.IsZero() {
		return due
	}
	return schedule.Roll(last.AddDays(30))
}

func (p *Plan) lastDue() civil.Date {
	var last civil.Date
	for _, i := range p.Installments {
		if i.Status != Dropped && i.Due.After(last) {
			last = i.Due
		}
	}
	return last
}

// halfWay is how many days after an installment its second half is due.
var halfWay = map[schedule.Rhythm]int{schedule.Weekly: 3, schedule.EveryTwoWeeks: 7, schedule.TwiceAMonth: 7, schedule.Monthly: 14, schedule.Once: 14}

func (p *Plan) split(number int) error {
	i, err := p.movable(number, Scheduled)
	if err != nil {
		return err
	}
	halves := money.Split(i.Owed(), 2)
	if halves[1] < 100 || i.Paid > 0 {
		return &Impossible{Problem: NothingToSplit}
	}
	due := p.free(i.Due.AddDays(halfWay[p.Rule.Rhythm]), 0)
	i.Amount = halves[0]
	i.ChargeAt = time.Time{} // another amount needs its notice anew (REG-04)
	p.Installments = append(p.Installments, Installment{Number: p.highest() + 1, Due: due, Amount: halves[1], Status: Scheduled})
	return nil
}

func (p *Plan) highest() int {
	n := 0
	for _, i := range p.Installments {
		n = max(n, i.Number)
	}
	return n
}

// resize lays what is still scheduled out anew, in installments of another size.
func (p *Plan) resize(each money.Cents) error {
	next, ok := p.Next()
	if !ok || next.Status != Scheduled {
		return ErrNotNow
	}
	left := p.scheduled()
	rule := p.Rule.From(next.Due)
	lines, err := layOut(left, Wish{Rule: rule, Each: each}, least(p.Terms, left))
	if err != nil {
		return err
	}
	return p.relay(rule, lines)
}

// rebeat lays what is still scheduled out in another rhythm that ends about
// when the old one did.
func (p *Plan) rebeat(r schedule.Rule, e env) error {
	next, ok := p.Next()
	if !ok || next.Status != Scheduled {
		return ErrNotNow
	}
	if !allows(p.Terms, r.Rhythm) {
		return &Impossible{Problem: BadRhythm, Field: "rhythm"}
	}
	switch {
	case r.First.IsZero() && r.Rhythm == p.Rule.Rhythm:
		r = p.Rule.From(next.Due)
	case r.First.IsZero():
		r.First = next.Due
	}
	if r.First.Before(e.today) {
		return &Impossible{Problem: DateTooEarly, Field: "first", Date: schedule.Roll(e.today)}
	}
	left := p.scheduled()
	n := max(1, min(fitting(r, p.lastDue()), int(left/least(p.Terms, left))))
	lines, err := schedule.Even(left, n, r)
	if err != nil {
		return &Impossible{Problem: BadRhythm, Field: "rhythm"}
	}
	return p.relay(r, lines)
}

// scheduled is what is still to be paid on installments that wait for their day.
func (p *Plan) scheduled() money.Cents {
	var sum money.Cents
	for _, i := range p.Installments {
		if i.Status == Scheduled {
			sum += i.Owed()
		}
	}
	return sum
}

// relay puts new lines in the place of all that is scheduled.
func (p *Plan) relay(r schedule.Rule, lines []schedule.Line) error {
	limit := civil.Of(p.CreatedAt).AddMonths(p.Terms.MaxMonths, 31)
	if lines[len(lines)-1].Due.After(limit) {
		n := max(1, fitting(r, limit))
		return &Impossible{Problem: TooLong, Field: "amount", Count: n, Amount: share(schedule.Sum(lines), n)}
	}
	number := p.highest()
	p.drop(Scheduled)
	for _, l := range lines {
		number++
		p.Installments = append(p.Installments, Installment{Number: number, Due: p.free(l.Due, 0), Amount: l.Amount, Status: Scheduled})
	}
	p.Rule = r
	return nil
}

// drop takes back what stands in one of these statuses; what was paid on it
// stays.
func (p *Plan) drop(statuses ...InstallmentStatus) {
	for n := range p.Installments {
		i := &p.Installments[n]
		if !slices.Contains(statuses, i.Status) {
			continue
		}
		if i.Paid > 0 {
			i.Amount, i.Status = i.Paid, Paid
			continue
		}
		i.Status, i.Notice = Dropped, Notice{}
	}
}

// pause charges nothing until a day; what is due before it moves to the end.
func (p *Plan) pause(until civil.Date, e env) error {
	latest := e.today.AddDays(p.Terms.PauseDays)
	switch {
	case p.Terms.PauseDays < 1 || p.Status != Active:
		return ErrNotNow
	case !until.After(e.today):
		return &Impossible{Problem: DateTooEarly, Field: "date", Date: e.today.AddDays(1)}
	case until.After(latest):
		return &Impossible{Problem: PauseTooLong, Field: "date", Date: latest}
	}
	p.Status, p.Reason, p.ResumeOn = Paused, ByConsumer, until
	p.postpone(until, e)
	return nil
}

// postpone moves what is due before a day to the end. Days that nobody signs
// for leave time for their notice (PDN-02).
func (p *Plan) postpone(until civil.Date, e env) {
	behind := until
	if e.signed.IsZero() && p.Charging == Automatic {
		behind = civil.AddRegFDays(e.today, noticeAhead)
	}
	for n := range p.Installments {
		if i := &p.Installments[n]; i.Open() && i.Due.Before(until) {
			p.toEnd(i, behind)
		}
	}
}

// resume is the way back: what was missed moves to the end.
func (p *Plan) resume(e env) error {
	if p.Status != Paused && p.Status != Broken {
		return ErrNotNow
	}
	if p.Reason == MethodFailed && p.Charging == Automatic {
		return ErrNotNow // another method, or by hand
	}
	p.Status, p.Reason, p.ResumeOn = Active, "", civil.Date{}
	p.postpone(e.today, e)
	return nil
}

// byHand takes the method out of a plan, and one that was to come.
func (p *Plan) byHand() error {
	if p.Charging == ByHand && !p.Incoming.Pending() {
		return ErrNotNow
	}
	p.Charging, p.Saved, p.Incoming = ByHand, payments.Saved{}, Incoming{}
	if p.Status == Paused && p.Reason != ByConsumer {
		p.Status, p.Reason, p.ResumeOn = Active, "", civil.Date{}
	}
	return nil
}

func (p *Plan) cancel(why Reason) error {
	if !May(p.Status, Canceled) {
		return ErrNotNow
	}
	p.Status, p.Reason = Canceled, why
	for n := range p.Installments {
		if i := &p.Installments[n]; i.Status == Scheduled || i.Status == Failed {
			i.Status, i.Notice = Dropped, Notice{}
		}
	}
	return nil
}

// taken reports whether another installment is due on a day.
func (p *Plan) taken(day civil.Date, except int) bool {
	return slices.ContainsFunc(p.Installments, func(i Installment) bool {
		return i.Number != except && i.Status != Dropped && i.Due == day
	})
}

// free is the first open day from a day on that no other installment has.
func (p *Plan) free(day civil.Date, except int) civil.Date {
	day = schedule.Roll(day)
	for p.taken(day, except) {
		day = schedule.Roll(day.AddDays(1))
	}
	return day
}

func sortByDue(list []Installment) {
	slices.SortStableFunc(list, func(a, b Installment) int {
		switch {
		case a.Due.Before(b.Due):
			return -1
		case b.Due.Before(a.Due):
			return 1
		}
		return cmp.Compare(a.Number, b.Number)
	})
}

// unmoved is the decision that nothing moves.
func unmoved(p Plan) Change { return Change{Before: p, After: p} }

func moved(before, after Plan, why Why, now time.Time, news ...News) Change {
	after.Revision++
	after.ChangedAt = now
	if after.Status != Paused || after.Reason != ByConsumer {
		after.ResumeOn = civil.Date{} // only the consumer's own pause ends by itself
	}
	if !after.Status.Running() {
		after.Incoming = Incoming{}
	}
	if after.Status != before.Status && !after.Status.Running() {
		after.EndedAt = now
	}
	return Change{Before: before, After: after, Moved: true, Why: why, News: news}
}
