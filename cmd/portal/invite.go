package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"quittance/cmd/app"
	"quittance/frontend/paths"
	"quittance/portal/identity"
)

// inviteStaff takes a person on who chooses a password of their own.
func (p program) inviteStaff(ctx context.Context, args []string) error {
	f := p.flags("staff invite")
	email := f.String("email", "", "address to sign in with")
	name := f.String("name", "", "name that colleagues see")
	typed := f.String("roles", string(identity.RoleCollector), "what they may do, parted by commas: "+roleNames())
	if err := parse(f, args); err != nil {
		return err
	}
	roles, err := readRoles(*typed)
	if err != nil {
		return err
	}
	return p.invites(ctx, "staff.invited", identity.InvitedFor, func(ctx context.Context, d *identity.Desk) (identity.Staff, string, error) {
		return d.Invite(ctx, *email, *name, roles...)
	})
}

// resetStaff takes somebody's password away, and with -app what their phone shows, and
// lets them choose another.
func (p program) resetStaff(ctx context.Context, args []string) error {
	f := p.flags("staff reset")
	app := f.Bool("app", false, "their app and recovery codes too: the phone is lost")
	names, err := parseMixed(f, args)
	if err != nil {
		return err
	}
	email, err := one(names, "portal staff reset [-app] ADDRESS")
	if err != nil {
		return err
	}
	done := "staff.password_reset"
	if *app {
		done = "staff.password_and_app_reset"
	}
	return p.invites(ctx, done, identity.ResetFor, func(ctx context.Context, d *identity.Desk) (identity.Staff, string, error) {
		if *app {
			if _, err := d.ForgetFactors(ctx, email); err != nil {
				return identity.Staff{}, "", err
			}
		}
		return d.Reset(ctx, email)
	})
}

// invites prints the link by which a person chooses a password, once.
func (p program) invites(ctx context.Context, done string, valid time.Duration, do func(context.Context, *identity.Desk) (identity.Staff, string, error)) error {
	var link string
	err := p.onStaff(ctx, done, func(ctx context.Context, w *app.Portal) (identity.Staff, error) {
		who, token, err := do(ctx, w.Desk)
		link = w.Config.PublicURL + paths.ConsoleInvitation(token)
		return who, err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s\nGive this link to them alone. It works once, for %d hours.\n", link, int(valid.Hours()))
	return nil
}

// rolesOfStaff says anew what somebody may do.
func (p program) rolesOfStaff(ctx context.Context, args []string) error {
	f := p.flags("staff roles")
	email := f.String("email", "", "whose roles")
	typed := f.String("roles", "", "what they may do from now on, parted by commas: "+roleNames())
	if err := parse(f, args); err != nil {
		return err
	}
	roles, err := readRoles(*typed)
	if err != nil {
		return err
	}
	return p.onStaff(ctx, "staff.roles_changed", func(ctx context.Context, w *app.Portal) (identity.Staff, error) {
		return w.Desk.SetRoles(ctx, *email, roles...)
	})
}

// staffSessions lists where somebody is signed in, or signs them out.
func (p program) staffSessions(ctx context.Context, args []string) error {
	f := p.flags("staff sessions")
	email := f.String("email", "", "whose sessions")
	end := f.Bool("end", false, "end them all")
	if err := parse(f, args); err != nil {
		return err
	}
	if *end {
		return p.onStaff(ctx, "staff.sessions_ended", func(ctx context.Context, w *app.Portal) (identity.Staff, error) {
			return w.Desk.EndSessions(ctx, *email)
		})
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		who, err := w.Store.StaffByEmail(ctx, strings.ToLower(*email))
		if err != nil {
			return fmt.Errorf("nobody has this address: see portal staff list (%w)", err)
		}
		live, err := w.Staff.Live(ctx, identity.Session{Subject: string(who.ID)})
		for _, s := range live {
			fmt.Fprintf(p.stdout, "%s  since %s  seen %s  %s\n", s.ID, s.CreatedAt.Format(time.RFC3339), s.SeenAt.Format(time.RFC3339), s.Device)
		}
		if len(live) == 0 && err == nil {
			fmt.Fprintln(p.stdout, "Not signed in anywhere. -end would end what there is.")
		}
		return err
	})
}
