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
		"unlock":  func(args []string) error { return p.unlockStaff(ctx, args) },
		"disable": func(args []string) error { return p.disableStaff(ctx, args) },
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
	typed := f.String("roles", string(identity.RoleCollector), "what they may do, parted by commas: "+roleNames())
	if err := parse(f, args); err != nil {
		return err
	}
	roles, err := readRoles(*typed)
	if err != nil {
		return err
	}
	password, err := p.env.ReadFile(*file)
	if err != nil {
		return fmt.Errorf("%w: -password-file must name a readable file", errUsage)
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		return w.Store.InTx(ctx, func(ctx context.Context) error {
			added, err := w.Desk.Add(ctx, *email, *name, strings.TrimSpace(string(password)), roles...)
			if errors.Is(err, identity.ErrTaken) {
				return errors.New("somebody with this address is there already: see portal staff list")
			}
			if err != nil {
				return err
			}
			return w.Audit.Note(ctx, "staff.added", "", string(added.ID), added.Roles...)
		})
	})
}

func (p program) listStaff(ctx context.Context, w *app.Portal) error {
	all, err := w.Store.AllStaff(ctx)
	for _, s := range all {
		state := "may sign in"
		if !s.DisabledAt.IsZero() {
			state = "disabled"
		}
		fmt.Fprintf(p.stdout, "%s  %-11s %s  %s  %s\n", s.ID, state, s.Email, strings.Join(s.Roles, ","), s.Name)
	}
	return err
}

func (p program) disableStaff(ctx context.Context, args []string) error {
	email, err := one(args, "portal staff disable ADDRESS")
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		return w.Store.InTx(ctx, func(ctx context.Context) error {
			gone, err := w.Desk.Disable(ctx, email)
			if errors.Is(err, identity.ErrNotFound) {
				return errors.New("nobody has this address: see portal staff list")
			}
			if err != nil {
				return err
			}
			return w.Audit.Note(ctx, "staff.disabled", "", string(gone.ID))
		})
	})
}
