package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"quittance/portal/identity"
)

// TestTheGaugesOfTheDoorsReadThemOnce: five of them in one look, again in the
// next; what failed is not kept for good.
func TestTheGaugesOfTheDoorsReadThemOnce(t *testing.T) {
	t.Parallel()
	now, reads := time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC), 0
	l := &lastDoors{now: func() time.Time { return now }, read: func(context.Context, time.Time) (identity.Doors, error) {
		if reads++; reads == 2 {
			return identity.Doors{}, errors.New("away")
		}
		return identity.Doors{Failed: reads}, nil
	}}
	for look, want := range []identity.Doors{{Failed: 1}, {}, {Failed: 3}} {
		for range 5 {
			d, err := l.get()
			if d.Failed != want.Failed || (err != nil) != (look == 1) {
				t.Errorf("look %d: %+v, %v", look, d, err)
			}
		}
		now = now.Add(DoorsFor)
	}
	if reads != 3 {
		t.Errorf("%d reads in 3 looks", reads)
	}
}
