package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"quittance/cmd/app"
	"quittance/portal/identity"
)

// token manages the API's bearer tokens.
func token(ctx context.Context, p program, args []string) error {
	return choose(args, map[string]func([]string) error{
		"issue": func(args []string) error { return p.issueToken(ctx, args) },
		"list": func([]string) error {
			return withPortal(ctx, p, func(w *app.Portal) error { return p.listTokens(ctx, w) })
		},
		"rotate": func(args []string) error { return p.rotateToken(ctx, args) },
		"revoke": func(args []string) error { return p.revokeToken(ctx, args) },
	})
}

func (p program) issueToken(ctx context.Context, args []string) error {
	f := p.flags("token issue")
	name := f.String("name", "system of record", "who will use it")
	scopes := f.String("scopes", "", "comma-separated: "+strings.Join(scopeNames(), ", "))
	creditors := creditorFlags(f, allCreditors)
	days := f.Int("days", 365, "how long it is valid")
	if err := parse(f, args); err != nil {
		return err
	}
	grant := identity.Grant{Name: *name, By: "command", For: time.Duration(*days) * 24 * time.Hour}
	for s := range strings.SplitSeq(*scopes, ",") {
		grant.Scopes = append(grant.Scopes, identity.Scope(strings.TrimSpace(s)))
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		var err error
		if grant.Creditors, err = creditors.read(ctx, w); err != nil {
			return err
		}
		text, kept, err := w.Tokens.IssueToken(ctx, grant)
		if err == nil {
			err = p.showToken(text, kept)
		}
		return err
	})
}

// showToken prints a token, once.
func (p program) showToken(text string, kept identity.APIToken) error {
	_, err := fmt.Fprintf(p.stdout, "%s\nThis is token %s; it is shown this once and valid until %s.\n", text, kept.ID, kept.ExpiresAt.Format(time.DateOnly))
	return err
}

func scopeNames() []string {
	var names []string
	for _, s := range identity.Scopes {
		names = append(names, string(s))
	}
	return names
}

func (p program) listTokens(ctx context.Context, w *app.Portal) error {
	all, err := w.Store.APITokens(ctx)
	for _, t := range all {
		state, used := "until "+t.ExpiresAt.Format(time.DateOnly), "never used"
		switch {
		case !t.RevokedAt.IsZero():
			state = "revoked"
		case !time.Now().Before(t.ExpiresAt):
			state = "over"
		case !t.RotatedAt.IsZero():
			state = "rotated, " + state
		}
		if !t.UsedAt.IsZero() {
			used = "used " + t.UsedAt.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(p.stdout, "%s  %-26s %-21s %s  %s  %s\n", t.ID, state, used, strings.Join(t.Creditors.Words(), ","), t.Name, strings.Join(t.Scopes, ","))
	}
	return err
}

// rotateToken prints a token that takes the place of another, which works on for a
// while.
func (p program) rotateToken(ctx context.Context, args []string) error {
	f := p.flags("token rotate")
	overlap := f.Duration("overlap", 24*time.Hour, "how long the old one works on, up to 720h")
	ids, err := parseMixed(f, args)
	if err != nil {
		return err
	}
	id, err := one(ids, "portal token rotate tok_… [-overlap 24h]")
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		text, kept, err := w.Tokens.Rotate(ctx, identity.TokenID(id), *overlap, "command")
		if errors.Is(err, identity.ErrNotFound) {
			return errors.New("there is no such token: see portal token list")
		}
		if err != nil {
			return err
		}
		if err := p.showToken(text, kept); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "The old one works on for %s at most.\n", *overlap)
		return err
	})
}

func (p program) revokeToken(ctx context.Context, args []string) error {
	id, err := one(args, "portal token revoke tok_…")
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *app.Portal) error { return w.Tokens.Revoke(ctx, identity.TokenID(id)) })
}
