package gate

import (
	"time"

	"quittance/plans/civil"
)

// eastmost is, by state, the offset from UTC in hours of the zone in which a
// day begins first: the easternmost zone of the state, in summer time. A debt
// becomes time-barred when the day has come anywhere the consumer may be
// (GEN-03, STS-07).
var eastmost = map[string]int{
	"CT": -4, "DC": -4, "DE": -4, "FL": -4, "GA": -4, "IN": -4, "KY": -4, "MA": -4, "MD": -4, "ME": -4, "MI": -4, "NC": -4,
	"NH": -4, "NJ": -4, "NY": -4, "OH": -4, "PA": -4, "PR": -4, "RI": -4, "SC": -4, "TN": -4, "VA": -4, "VI": -4, "VT": -4, "WV": -4,
	"AL": -5, "AR": -5, "IA": -5, "IL": -5, "KS": -5, "LA": -5, "MN": -5, "MO": -5, "MS": -5, "ND": -5, "NE": -5, "OK": -5,
	"SD": -5, "TX": -5, "WI": -5,
	"AZ": -6, "CO": -6, "ID": -6, "MT": -6, "NM": -6, "NV": -6, "OR": -6, "UT": -6, "WY": -6,
	"CA": -7, "WA": -7,
	"AK": -8, "HI": -10, "AS": -11,
	"GU": 10, "MP": 10,
}

// anywhere is the offset of the place in the US where a day begins first.
const anywhere = 10

// Day is the day that has come for a consumer of the state, by its two-letter
// code; of an unknown state the strictest.
func Day(now time.Time, state string) civil.Date {
	hours, known := eastmost[state]
	if !known {
		hours = anywhere
	}
	return civil.Of(now.In(time.FixedZone(state, hours*60*60)))
}
