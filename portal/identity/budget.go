package identity

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// Visitor is where a try comes from.
type Visitor struct {
	Address string // of the connection, or as a trusted proxy names it
	Browser string // an id that the browser keeps while it is open; may be empty
	Mark    string // what a browser holds that was let in before; see Result.Mark

	known string    // the mark's id, where it fits who is tried
	need  Challenge // what the budgets ask for
}

// Budgets of failures in an hour. None refuses: beyond it a try waits for a
// ticket, and beyond the agency's a right fact is followed by a code to the
// contact on file, where there is one (F4). An address has no share that others
// could use up.
const (
	VisitorBudget = 10
	NetworkBudget = 60 // of a /24 or /48
	// BudgetAnHour is the least that an agency bears at codes that exist; it bears
	// more with each AccountsAFailure accounts.
	BudgetAnHour     = 500
	AccountsAFailure = 40
)

// TicketWait is how long a ticket makes wait.
const TicketWait = 2 * time.Second

// Spent is how many tries failed in an hour.
type Spent struct{ Visitor, Network, Agency int }

// Challenge is what a try beyond a budget has to show.
type Challenge struct{ Ticket, Possession bool }

// Budget judges what was spent by the number of accounts that the agency has.
func Budget(s Spent, accounts int) Challenge {
	agency := s.Agency >= AgencyBudget(accounts)
	return Challenge{Ticket: agency || s.Visitor >= VisitorBudget || s.Network >= NetworkBudget, Possession: agency}
}

// Hold is the answer to a try beyond a budget: nothing was looked at. With
// Pending the visit is looked at once, after For; an empty Pending leaves it as
// it is.
type Hold struct {
	Pending string
	For     time.Duration
}

// Error implements error.
func (h Hold) Error() string { return fmt.Sprintf("many tries: wait %s", h.For) }

// Unwrap makes it an ErrWait.
func (Hold) Unwrap() error { return ErrWait }

// TallyKind is what is counted.
type TallyKind string

// What is counted and not kept.
const (
	TallyNobody  TallyKind = "nobody"  // tries at what nobody has
	TallyPaused  TallyKind = "paused"  // tries that were not looked at
	TallyVisitor TallyKind = "visitor" // failures by address
	TallyNetwork TallyKind = "network"
)

// Slots there are of each kind, and of tickets. Two who share one wait for each
// other's failures a little; nobody is refused by it.
const (
	TallySlots  = 1 << 14
	TicketSlots = 1 << 16
)

// Slot is one counter.
type Slot struct {
	Kind   TallyKind
	Number int
}

// TallyStore counts what is not kept.
type TallyStore interface {
	// Tallies returns how much was counted in an hour (of the Unix clock), in the
	// order of the slots.
	Tallies(ctx context.Context, hour int64, slots ...Slot) ([]int, error)
	// AddTallies counts one more in each.
	AddTallies(ctx context.Context, hour int64, slots ...Slot) error
	// ClaimTicket uses a ticket up: false when one of its slot was used at or after
	// the time at which this one was issued.
	ClaimTicket(ctx context.Context, slot int, issued, now time.Time) (bool, error)
	// AccountsAbout is how many accounts the agency has, or had a minute ago: it may
	// be asked at each try.
	AccountsAbout(ctx context.Context, now time.Time) (int64, error)
}

func hourOf(at time.Time) int64 { return at.Unix() / 3600 }

func (k Keys) slot(kind TallyKind, what string) Slot {
	return Slot{Kind: kind, Number: slotNumber(keyed(k.tally, string(kind), what), TallySlots)}
}

func slotNumber(sum []byte, of uint64) int { return int(binary.BigEndian.Uint64(sum) % of) }

// places are the slots of an address: its own (a /64 of IPv6) and its network's.
func (k Keys) places(address string) []Slot {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return []Slot{k.slot(TallyVisitor, address), k.slot(TallyNetwork, address)}
	}
	one, network := 32, 24
	if ip = ip.Unmap(); ip.Is6() {
		one, network = 64, 48
	}
	return []Slot{k.slot(TallyVisitor, prefix(ip, one)), k.slot(TallyNetwork, prefix(ip, network))}
}

func prefix(ip netip.Addr, bits int) string {
	p, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return ip.String()
	}
	return p.String()
}

// enter judges where a try comes from, before anything is looked up: the answer
// tells nothing of a code. Links, and browsers that were let in before, pass.
func (v *Verifier) enter(ctx context.Context, visit claims, from Visitor) (Visitor, *Hold, error) {
	if !isCode(visit.Subject) {
		return from, nil, nil
	}
	if from.known = v.Keys.knows(from.Mark, visit.Subject, v.Now); from.known != "" {
		return from, nil, nil
	}
	now := v.now()
	var err error
	if from.need, err = v.spent(ctx, from, now); err != nil || !from.need.Ticket {
		return from, nil, err
	}
	held, err := v.hold(ctx, visit, from)
	return from, held, err
}

// hold claims the ticket of a visit, or gives it another.
func (v *Verifier) hold(ctx context.Context, visit claims, from Visitor) (*Hold, error) {
	now, free := v.now(), time.UnixMilli(visit.Free)
	bound := visit.Free > 0 && visit.Browser == v.browser(from)
	if bound && now.Before(free) {
		return &Hold{For: free.Sub(now)}, nil
	}
	if bound {
		slot := slotNumber(keyed(v.Keys.tally, "ticket", visit.Subject, visit.Browser), TicketSlots)
		claimed, err := v.Tallies.ClaimTicket(ctx, slot, free.Add(-TicketWait), now)
		if err != nil || claimed {
			return nil, err
		}
	}
	visit.Free, visit.Browser = now.Add(TicketWait).UnixMilli(), v.browser(from)
	token, err := v.pending().sign(visit, time.Unix(visit.Expires, 0))
	return &Hold{Pending: token, For: TicketWait}, err
}

// asking is the visit of somebody who asks whether words are ours.
const asking = "ask"

// Queue is the budget of those who ask whether words are ours, with the ticket
// that they hold; nil when they may ask now.
func (v *Verifier) Queue(ctx context.Context, ticket string, from Visitor) (*Hold, error) {
	need, err := v.spent(ctx, from, v.now())
	if err != nil || !need.Ticket {
		return nil, err
	}
	visit, err := v.readVisit(ticket)
	if err != nil || visit.Subject != asking {
		visit = claims{Subject: asking, Expires: v.now().Add(PendingFor).Unix()}
	}
	held, err := v.hold(ctx, visit, from)
	if held != nil && held.Pending == "" {
		held.Pending = ticket
	}
	return held, err
}

// Missed counts words that were not ours by where they came from.
func (v *Verifier) Missed(ctx context.Context, from Visitor) error {
	return v.Tallies.AddTallies(ctx, hourOf(v.now()), v.Keys.places(from.Address)...)
}

func (v *Verifier) browser(from Visitor) string {
	return fmt.Sprintf("%x", keyed(v.Keys.tally, "browser", from.Browser)[:16])
}

// spent reads the budgets. How many accounts there are is asked only where it
// matters.
func (v *Verifier) spent(ctx context.Context, from Visitor, now time.Time) (Challenge, error) {
	n, err := v.Tallies.Tallies(ctx, hourOf(now), v.Keys.places(from.Address)...)
	if err != nil {
		return Challenge{}, fmt.Errorf("tallies: %w", err)
	}
	s := Spent{Visitor: n[0], Network: n[1]}
	if s.Agency, err = v.Attempts.BudgetedFailures(ctx, now.Add(-time.Hour)); err != nil {
		return Challenge{}, fmt.Errorf("budget: %w", err)
	}
	accounts := int64(0)
	if s.Agency >= BudgetAnHour {
		if accounts, err = v.Tallies.AccountsAbout(ctx, now); err != nil {
			return Challenge{}, fmt.Errorf("accounts: %w", err)
		}
	}
	return Budget(s, int(accounts)), nil
}
