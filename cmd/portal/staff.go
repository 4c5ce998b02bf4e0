package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"quittance/cmd/app"
	"quittance/portal/identity"
)

// staff manages the people of the console. The password is read from a file, so
// that it stands in no process list and no shell history.
func staff(ctx context.Context, p program, args []string) error {
	return choose(args, map[string]func([]string) error{
		"add": func(args []string) error { return p.addStaff(ctx, args) },
		"list": func([]string) error {
			return withPortal(ctx, p, func(w *app.Portal) error { return p.listStaff(ctx, w) })
		},
		"invite":   func(args []string) error { return p.inviteStaff(ctx, args) },
		"reset":    func(args []string) error { return p.resetStaff(ctx, args) },
		"roles":    func(args []string) error { return p.rolesOfStaff(ctx, args) },
		"sessions": func(args []string) error { return p.staffSessions(ctx, args) },
		"unlock": func(args []string) error {
			return p.changeStaff(ctx, args, "unlock", "staff.unlocked", (*identity.Desk).Unlock)
		},
		"disable": func(args []string) error {
			return p.changeStaff(ctx, args, "disable", "staff.disabled", (*identity.Desk).Disable)
		},
		"enable": func(args []string) error {
			return p.changeStaff(ctx, args, "enable", "staff.enabled", (*identity.Desk).Enable)
		},
	})
}

func roleNames() string {
	var names []string
	for _, r := range identity.Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// readRoles reads roles parted by commas.
func readRoles(typed string) ([]identity.Role, error) {
	var roles []identity.Role
	for name := range strings.SplitSeq(typed, ",") {
		role := identity.Role(strings.TrimSpace(name))
		if !slices.Contains(identity.Roles, role) {
			return nil, fmt.Errorf("%w: -roles takes any of %s, parted by commas, not %q", errUsage, roleNames(), role)
		}
		roles = append(roles, role)
	}
	return roles, nil
}

func (p program) addStaff(ctx context.Context, args []string) error {
	f := p.flags("staff add")
	email := f.String("email", "", "address to sign in with")
	name := f.String("name", "", "name that colleagues see")
	file := f.String("password-file", "", "file that holds the password")
	first := f.Bool("bootstrap", false, "invite the first administrator, while nobody is there")
	typed := f.String("roles", string(identity.RoleCollector), "what they may do, parted by commas: "+roleNames())
	if err := parse(f, args); err != nil {
		return err
	}
	if *first {
		return p.invites(ctx, "staff.bootstrapped", identity.InvitedFor, func(ctx context.Context, d *identity.Desk) (identity.Staff, string, error) {
			return d.Bootstrap(ctx, *email, *name)
		})
	}
	roles, err := readRoles(*typed)
	if err != nil {
		return err
	}
	password, err := p.env.ReadFile(*file)
	if err != nil {
		return fmt.Errorf("%w: -password-file must name a readable file; portal staff invite needs none", errUsage)
	}
	return p.onStaff(ctx, "staff.added", func(ctx context.Context, w *app.Portal) (identity.Staff, error) {
		return w.Desk.Add(ctx, *email, *name, strings.TrimSpace(string(password)), roles...)
	})
}

func (p program) listStaff(ctx context.Context, w *app.Portal) error {
	all, err := w.Store.AllStaff(ctx)
	for _, s := range all {
		state := "may sign in"
		has, err := w.Desk.FactorsOf(ctx, s.ID)
		if err != nil {
			return err
		}
		switch {
		case !s.DisabledAt.IsZero():
			state = "disabled"
		case has.AppSince.IsZero():
			state = "no app yet"
		}
		fmt.Fprintf(p.stdout, "%s  %-11s %s  %s  %s\n", s.ID, state, s.Email, strings.Join(s.Roles, ","), s.Name)
	}
	return err
}

// changeStaff changes how somebody stands, by their address.
func (p program) changeStaff(ctx context.Context, args []string, name, done string, do func(*identity.Desk, context.Context, string) (identity.Staff, error)) error {
	email, err := one(args, "portal staff "+name+" ADDRESS")
	if err != nil {
		return err
	}
	return p.onStaff(ctx, done, func(ctx context.Context, w *app.Portal) (identity.Staff, error) { return do(w.Desk, ctx, email) })
}

// onStaff does something to a person and writes it down, in one transaction.
func (p program) onStaff(ctx context.Context, done string, do func(context.Context, *app.Portal) (identity.Staff, error)) error {
	return withPortal(ctx, p, func(w *app.Portal) error {
		return w.Store.InTx(ctx, func(ctx context.Context) error {
			who, err := do(ctx, w)
			switch {
			case errors.Is(err, identity.ErrNotFound):
				return errors.New("nobody has this address: see portal staff list")
			case errors.Is(err, identity.ErrTaken):
				return errors.New("somebody with this address is there already: see portal staff list")
			case err != nil:
				return err
			}
			return w.Audit.Note(ctx, done, "", string(who.ID), who.Roles...)
		})
	})
}
