package app

import (
	"context"
	"sync/atomic"
	"time"
)

// cardsStopped counts accounts from which no card is taken: somebody may be trying out
// cards.
type cardsStopped struct{ n atomic.Int64 }

func (s *cardsStopped) gauge() float64 { return float64(s.n.Load()) }

// watchDeclines is a job: it keeps the figure for whoever reads the metrics.
func (p *Portal) watchDeclines(ctx context.Context) (int, error) {
	n, err := p.Store.CardsStopped(ctx, p.in.Now().Add(-24*time.Hour))
	if err == nil {
		p.stopped.n.Store(int64(n))
	}
	return 0, err
}
