package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

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
	return withPortal(ctx, p, func(w *portal) error {
		files, err := w.everythingOf(ctx, refs[0])
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := evidence.Export(&b, refs[0], w.in.now(), files); err != nil {
			return err
		}
		if err := os.WriteFile(*out, b.Bytes(), 0o600); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%d files in %s\n", len(files), *out)
		return err
	})
}

func (p program) verifyExport(args []string) error {
	name, err := one(args, "portal export verify FILE.zip")
	if err != nil {
		return err
	}
	content, err := p.env.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%w: %s cannot be read", errUsage, name)
	}
	n, err := evidence.VerifyExport(content)
	if err == nil {
		_, err = fmt.Fprintf(p.stdout, "%d files are as they were made\n", n)
	}
	return err
}

// mostPayments bounds the payments of one export.
const mostPayments = 10_000

// everythingOf collects an account: who, what is owed, payments, plans and what
// was signed, the pages that were seen with their rows, and the audit log. The
// look is written down.
func (p *portal) everythingOf(ctx context.Context, ref string) ([]evidence.File, error) {
	account, found, err := looked{p.store, p.audit}.AccountByRef(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("there is no account %s", ref)
	}
	id := string(account.ID)
	var files []evidence.File
	put := func(name string, value any, err error) error {
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(value, "", "  ")
		files = append(files, evidence.File{Name: name, Content: text})
		return err
	}
	statements, first := p.store.AccountStatements(ctx, account.ID)
	paid, second := p.store.PaymentsOfAccount(ctx, id, mostPayments)
	list, third := p.store.PlansOfAccount(ctx, id)
	log, fourth := p.store.AuditOf(ctx, id)
	err = errors.Join(put("account.json", account, nil), put("debts.json", statements, first), put("payments.json", paid, second),
		put("plans.json", list, third), put("audit.json", log, fourth))
	for _, one := range list {
		signed, failed := p.store.Agreements(ctx, one.ID)
		err = errors.Join(err, put("agreements/"+string(one.ID)+".json", signed, failed))
	}
	if err != nil {
		return nil, err
	}
	pages, err := p.pagesOf(ctx, id)
	return append(files, pages...), err
}

// pagesOf are the pages that were seen, each once, and the rows that say when.
func (p *portal) pagesOf(ctx context.Context, id string) ([]evidence.File, error) {
	sights, err := p.store.SightsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := json.MarshalIndent(sights, "", "  ")
	files := []evidence.File{{Name: "seen.json", Content: rows}}
	for _, s := range sights {
		if err != nil {
			return nil, err
		}
		var page []byte
		if page, err = p.store.Page(ctx, id, s.PageHash); errors.Is(err, evidence.ErrErased) {
			err = nil
			continue
		}
		files = append(files, evidence.File{Name: fmt.Sprintf("pages/%x.html", s.PageHash), Content: page})
	}
	return files, err
}
