package pack

import (
	"fmt"
	"slices"
	"strings"
)

// prefixes are the first three digits of postal codes by state, as stretches;
// the Postal Service's own list of three-digit areas.
var prefixes = map[string][]string{
	"AL": {"350-369"}, "AK": {"995-999"}, "AZ": {"850-865"}, "AR": {"716-729"}, "CA": {"900-961"}, "CO": {"800-816"},
	"CT": {"060-069"}, "DC": {"200-200", "202-205", "569-569"}, "DE": {"197-199"}, "FL": {"320-339", "341-349"},
	"GA": {"300-319", "398-399"}, "HI": {"967-968"}, "IA": {"500-528"}, "ID": {"832-838"}, "IL": {"600-629"}, "IN": {"460-479"},
	"KS": {"660-679"}, "KY": {"400-427"}, "LA": {"700-714"}, "MA": {"010-027", "055-055"}, "MD": {"206-219"}, "ME": {"039-049"},
	"MI": {"480-499"}, "MN": {"550-567"}, "MO": {"630-658"}, "MS": {"386-397"}, "MT": {"590-599"}, "NC": {"270-289"},
	"ND": {"580-588"}, "NE": {"680-693"}, "NH": {"030-038"}, "NJ": {"070-089"}, "NM": {"870-884"}, "NV": {"889-898"},
	"NY": {"005-005", "063-063", "100-149"}, "OH": {"430-459"}, "OK": {"730-749"}, "OR": {"970-979"}, "PA": {"150-196"},
	"RI": {"028-029"}, "SC": {"290-299"}, "SD": {"570-577"}, "TN": {"370-385"}, "TX": {"733-733", "750-799", "885-885"},
	"UT": {"840-847"}, "VA": {"201-201", "220-246"}, "VT": {"050-054", "056-059"}, "WA": {"980-994"}, "WI": {"530-549"},
	"WV": {"247-268"}, "WY": {"820-831"}, "PR": {"006-007", "009-009"}, "VI": {"008-008"}, "GU": {"969-969"}, "MP": {"969-969"},
	"AS": {"967-967"}, "AE": {"090-098"}, "AA": {"340-340"}, "AP": {"962-966"},
}

// byPrefix is the same by three digits, each with its states in order.
var byPrefix = index()

func index() map[string][]string {
	all := map[string][]string{}
	for _, state := range States() {
		for _, stretch := range prefixes[state] {
			for n := number(stretch[:3]); n <= number(stretch[4:]); n++ {
				code := fmt.Sprintf("%03d", n)
				all[code] = append(all[code], state)
			}
		}
	}
	return all
}

func number(digits string) int {
	n := 0
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}

// zip3 is the part of a postal code that says where it is, or nothing.
func zip3(postal string) string {
	if len(postal) < 5 || strings.Trim(postal[:5], "0123456789") != "" {
		return ""
	}
	return postal[:3]
}

// Known reports whether the two letters are a place in the US.
func Known(state string) bool { return prefixes[state] != nil }

// Candidates are the states in which a consumer may live: the one of the
// address, and those of the postal code where they contradict it. Nothing is
// returned for a place nobody knows.
func Candidates(state, postal string) []string {
	state = strings.ToUpper(strings.TrimSpace(state))
	all := byPrefix[zip3(postal)]
	switch {
	case !Known(state):
		return all
	case slices.Contains(all, state):
		return []string{state}
	}
	return append([]string{state}, all...)
}
