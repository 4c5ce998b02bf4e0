package app

import (
	"context"
	"sync/atomic"
	"time"
)

// postedWithin is how long a system of record may take to book what it received
// before somebody has to look (W12). What is older than postedWatched stands in the
// console's queue alone, and unpostedMost bounds the count: this is asked all day.
const (
	postedWithin  = 15 * time.Minute
	postedWatched = 14 * 24 * time.Hour
	unpostedMost  = 1000
)

// unposted counts what was received and is not booked in time.
type unposted struct{ n atomic.Int64 }

func (u *unposted) gauge() float64 { return float64(u.n.Load()) }

// watchUnposted is a job: it says what the system of record received and has
// not booked in time. Until it is booked the balance stays lowered by it, also
// under a snapshot that contains it (M3).
func (p *Portal) watchUnposted(ctx context.Context) (int, error) {
	now := p.in.Now()
	late, err := p.Poster.Waiting(ctx, now.Add(-postedWatched), now.Add(-postedWithin), unpostedMost)
	if err != nil {
		return 0, err
	}
	p.unposted.n.Store(int64(len(late)))
	if len(late) > 0 {
		p.in.Log.WarnContext(ctx, "payments were received by the system of record and are not posted", "count", len(late),
			"oldest", late[0].Event, "since", late[0].DeliveredAt)
	}
	return 0, nil
}
