package sandbox

import "regexp"

// clause is one part of Stripe's query language: metadata['payment_id']:'pay_1'
// or status:'succeeded'. Only equality is known here.
var clause = regexp.MustCompile(`(?i)^(?:metadata\[['"]([^'"]+)['"]\]|(status)):['"]([^'"]*)['"](?:\s+AND\s+|$)`)

type results struct {
	Object   string   `json:"object"`
	Data     []object `json:"data"`
	HasMore  bool     `json:"has_more"`
	NextPage *string  `json:"next_page"`
	URL      string   `json:"url"`
}

// searchIntents answers GET /v1/payment_intents/search. Stripe's own answer may
// lag by a minute; this one does not.
func searchIntents(c *call) (any, *apiError) {
	wanted, err := parseQuery(c.get("query"))
	if err != nil {
		return nil, err
	}
	rows := c.s.intents.rows
	if id := wanted["payment_id"]; id != "" {
		rows = c.s.byPayment[id]
	}
	out := results{Object: "search_result", Data: []object{}, URL: c.r.URL.Path}
	for i := len(rows) - 1; i >= 0 && len(out.Data) < 100; i-- {
		if !rows[i].matches(wanted) {
			continue
		}
		shown, err := c.s.show(rows[i], below(c.list("expand"), "data"))
		if err != nil {
			return nil, err
		}
		out.Data = append(out.Data, shown)
	}
	return &out, nil
}

// parseQuery returns metadata keys, and "" for the status.
func parseQuery(query string) (map[string]string, *apiError) {
	wanted := map[string]string{}
	for query != "" {
		m := clause.FindStringSubmatch(query)
		if m == nil {
			return nil, invalid("", "We were unable to parse your search query: %s", query).at("query")
		}
		wanted[m[1]] = m[3]
		query = query[len(m[0]):]
	}
	return wanted, nil
}

func (p *intent) matches(wanted map[string]string) bool {
	for key, value := range wanted {
		if key == "" && p.Status != value || key != "" && p.Metadata[key] != value {
			return false
		}
	}
	return true
}
