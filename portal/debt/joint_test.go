package debt

import "testing"

func TestSTS01_DSC05_WhatIsSaidOfOnePersonStopsTheOthersAndTellsThemNothing(t *testing.T) {
	t.Parallel()
	for s, want := range map[Status]Status{
		Active: "", TimeBarred: TimeBarred, Paid: Paid, Recalled: Recalled,
		Bankruptcy: UnderReview, IdentityTheft: UnderReview, Attorney: UnderReview, Disputed: UnderReview, UnderReview: UnderReview,
		Deceased: "", Minor: "", Servicemember: "", Cease: "", "odd": "",
	} {
		if got := s.Shared(); got != want {
			t.Errorf("%s counts for the others as %q, not %q", s, got, want)
		}
	}
}
