package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"quittance/cmd/app"
	"quittance/portal/config"
	"quittance/portal/evidence"
)

// exportCommand writes everything that is kept of one account into one file, or
// checks such a file.
func exportCommand(ctx context.Context, p program, args []string) error {
	if len(args) > 0 && args[0] == "verify" {
		return p.verifyExport(args[1:])
	}
	f := p.flags("export")
	out := f.String("out", "", "the file to write")
	refs, err := parseMixed(f, args)
	if err != nil {
		return err
	}
	if len(refs) != 1 || *out == "" {
		return fmt.Errorf("%w: portal export ACCOUNT_REF -out FILE.zip, or portal export verify FILE.zip", errUsage)
	}
	return withPart(ctx, p, config.Letters, func(w *app.Portal) error {
		account, found, err := w.Accounts().AccountByRef(ctx, refs[0])
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("there is no account %s", refs[0])
		}
		if err := w.Audit.Note(ctx, "account.exported", string(account.ID), ""); err != nil {
			return err
		}
		content, n, err := w.Export(ctx, account, false, nil)
		if err != nil {
			return err
		}
		if err := os.WriteFile(*out, content, 0o600); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%d files in %s, signed by %s\n", n, *out, evidence.KeyOf(evidence.Signer(w.Store.Key("export"))))
		return err
	})
}

// verifyExport checks a file without a database: its signature, each file, and
// by whom it was signed where that is asked.
func (p program) verifyExport(args []string) error {
	f := p.flags("export verify")
	signer := f.String("key", "", "the key that must have signed it, as `portal export` said")
	names, err := parseMixed(f, args)
	if err != nil {
		return err
	}
	name, err := one(names, "portal export verify FILE.zip [-key KEY]")
	if err != nil {
		return err
	}
	content, err := p.env.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%w: %s cannot be read", errUsage, name)
	}
	m, key, err := evidence.VerifyExport(content)
	if err != nil {
		return err
	}
	if *signer != "" && key != *signer {
		return fmt.Errorf("%w: it was signed by another key, %s", evidence.ErrExport, key)
	}
	for _, chain := range slices.Sorted(maps.Keys(m.Chains)) {
		fmt.Fprintf(p.stdout, "%s: %d rows by then, the last link %s\n", chain, m.Chains[chain].Position, m.Chains[chain].Link)
	}
	_, err = fmt.Fprintf(p.stdout, "%d files are as they were made, signed by %s\n", len(m.Files), key)
	return err
}
