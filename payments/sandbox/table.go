package sandbox

import (
	"strconv"
	"strings"
)

// table holds the objects of one kind in the order they were made.
type table[T object] struct {
	at   map[string]int // position counted from the first object ever
	rows []T
	gone int // rows forgotten from the front
}

func (t *table[T]) add(o T) {
	if t.at == nil {
		t.at = map[string]int{}
	}
	t.at[o.id()] = t.gone + len(t.rows)
	t.rows = append(t.rows, o)
}

func (t *table[T]) get(id string) (T, bool) {
	i, ok := t.at[id]
	if !ok {
		var none T
		return none, false
	}
	return t.rows[i-t.gone], true
}

// forgetOldest keeps the last n rows. It works in strides, so that adding stays cheap.
func (t *table[T]) forgetOldest(n int) {
	if len(t.rows) < n+n/4+1 {
		return
	}
	drop := len(t.rows) - n
	for _, o := range t.rows[:drop] {
		delete(t.at, o.id())
	}
	t.rows = append([]T(nil), t.rows[drop:]...)
	t.gone += drop
}

// page is Stripe's list object.
type page struct {
	Object  string   `json:"object"`
	Data    []object `json:"data"`
	HasMore bool     `json:"has_more"`
	URL     string   `json:"url"`
}

const listParams = " limit:int starting_after ending_before created:int created.gte:int created.gt:int created.lte:int created.lt:int "

// list answers a list request: newest first, by cursor, keep decides what is in it.
func list[T object](t *table[T], c *call, keep func(T) bool) (any, *apiError) {
	limit := 10
	if c.has("limit") {
		limit = int(c.int64("limit"))
	}
	if limit < 1 || limit > 100 {
		return nil, invalid("parameter_invalid_integer", "This value must be between 1 and 100.").at("limit")
	}
	from, step, err := start(t, c)
	if err != nil {
		return nil, err
	}
	out := page{Object: "list", Data: []object{}, URL: c.r.URL.Path}
	for i := from; i >= 0 && i < len(t.rows); i += step {
		o := t.rows[i]
		if !c.createdIn(o.born()) || (keep != nil && !keep(o)) {
			continue
		}
		if len(out.Data) == limit {
			out.HasMore = true
			break
		}
		shown, err := c.s.show(o, below(c.list("expand"), "data"))
		if err != nil {
			return nil, err
		}
		out.Data = append(out.Data, shown)
	}
	if step > 0 {
		reverse(out.Data)
	}
	return &out, nil
}

// start finds where a page begins and in which direction it is read.
func start[T object](t *table[T], c *call) (from, step int, err *apiError) {
	for _, name := range []string{"starting_after", "ending_before"} {
		id := c.get(name)
		if id == "" {
			continue
		}
		i, ok := t.at[id]
		if !ok {
			return 0, 0, invalid("resource_missing", "No such object: '%s'", id).at(name)
		}
		if name == "ending_before" {
			return i - t.gone + 1, +1, nil
		}
		return i - t.gone - 1, -1, nil
	}
	return len(t.rows) - 1, -1, nil
}

func (c *call) createdIn(at int64) bool {
	for _, p := range c.params {
		bound, isBound := strings.CutPrefix(p.flat, "created")
		if !isBound {
			continue
		}
		n, _ := strconv.ParseInt(p.value, 10, 64)
		switch bound {
		case "":
			if at != n {
				return false
			}
		case ".gte":
			if at < n {
				return false
			}
		case ".gt":
			if at <= n {
				return false
			}
		case ".lte":
			if at > n {
				return false
			}
		case ".lt":
			if at >= n {
				return false
			}
		}
	}
	return true
}

func reverse(all []object) {
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
}
