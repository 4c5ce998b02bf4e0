package sandbox

import "time"

// due is something to happen at a time; equal times keep their order.
type due[T any] struct {
	at  time.Time
	seq int
	val T
}

// queue is a binary heap of due things, earliest first.
type queue[T any] struct {
	items []due[T]
	seq   int
}

func (q *queue[T]) len() int { return len(q.items) }

func (q *queue[T]) before(i, j int) bool {
	a, b := &q.items[i], &q.items[j]
	if a.at.Equal(b.at) {
		return a.seq < b.seq
	}
	return a.at.Before(b.at)
}

func (q *queue[T]) push(at time.Time, val T) {
	q.seq++
	q.items = append(q.items, due[T]{at, q.seq, val})
	for i := len(q.items) - 1; i > 0; {
		up := (i - 1) / 2
		if !q.before(i, up) {
			return
		}
		q.items[i], q.items[up] = q.items[up], q.items[i]
		i = up
	}
}

// pop returns the earliest item that is due at now.
func (q *queue[T]) pop(now time.Time) (due[T], bool) {
	if len(q.items) == 0 || q.items[0].at.After(now) {
		return due[T]{}, false
	}
	first, last := q.items[0], len(q.items)-1
	q.items[0] = q.items[last]
	q.items[last] = due[T]{}
	q.items = q.items[:last]
	for i := 0; ; {
		least := i
		for _, child := range []int{2*i + 1, 2*i + 2} {
			if child < last && q.before(child, least) {
				least = child
			}
		}
		if least == i {
			return first, true
		}
		q.items[i], q.items[least] = q.items[least], q.items[i]
		i = least
	}
}
