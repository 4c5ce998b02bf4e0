package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"quittance/cmd/app"
	"quittance/plans/civil"
	"quittance/portal/config"
	"quittance/portal/pack"
)

// whyOff says in words why the portal is off in a state.
var whyOff = map[string]string{
	pack.NotListed:      "not in PORTAL_STATES",
	pack.LicenseMissing: "its license number is missing from PORTAL_AGENCY_LICENSES (STA-03)",
}

// checkStates says where the portal is on, and where it is off and why
// (STA-05). Being off in a state is a choice; packs that do not hold are not.
func (p program) checkStates(cfg config.Config) error {
	places, err := app.LoadPlaces(cfg)
	if err != nil {
		fmt.Fprintf(p.stdout, "packs      %s\n", oneLine(err))
		return err
	}
	var on, bare []string
	off := map[string][]string{}
	for _, s := range places.Standings(civil.Of(time.Now())) {
		switch {
		case !s.On:
			off[s.Reason] = append(off[s.Reason], s.State)
		case s.Pack == "":
			bare = append(bare, s.State)
		default:
			on = append(on, s.State)
		}
	}
	fmt.Fprintf(p.stdout, "packs      %d packs hold their vectors\n", len(places.Book.Packs))
	for _, line := range []struct {
		states []string
		about  string
	}{
		{on, "the portal is on here, by the state's own pack"},
		{bare, "on because PORTAL_STATES says so; there is no pack, so the federal rules alone hold"},
		{off[pack.LicenseMissing], "off: " + whyOff[pack.LicenseMissing]},
		{off[pack.NotListed], "off: " + whyOff[pack.NotListed]},
	} {
		if len(line.states) > 0 {
			fmt.Fprintf(p.stdout, "states     %s: %s\n", strings.Join(line.states, " "), line.about)
		}
	}
	if len(on)+len(bare) == 0 {
		fmt.Fprintln(p.stdout, "states     the portal is off everywhere (STA-05)")
		return errors.New("no state is on")
	}
	return nil
}

func oneLine(err error) string {
	return strings.Join(slices.Compact(strings.Split(err.Error(), "\n")), "; ")
}
