package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"quittance/cmd/app"
	"quittance/plans/civil"
	"quittance/portal/config"
	"quittance/portal/pack"
)

// errPacks makes `portal packs check` exit with 1.
var errPacks = errors.New("the packs are refused")

// packsCommand shows the law as data, what changed in it, and whether it holds.
// It needs no database and no complete settings.
func packsCommand(_ context.Context, p program, args []string) error {
	return choose(args, map[string]func([]string) error{
		"list":  p.listPacks,
		"show":  p.showPack,
		"diff":  p.diffPacks,
		"check": p.checkPacks,
	})
}

// ownPacks reads the packs with what settings there are.
func (p program) ownPacks() (pack.Places, error) {
	cfg, err := config.Load(p.env)
	if err != nil && !errors.Is(err, config.ErrUnsafe) {
		return pack.Places{}, err
	}
	return app.LoadPlaces(cfg)
}

func (p program) listPacks([]string) error {
	places, err := p.ownPacks()
	if err != nil {
		return err
	}
	standing := map[string]string{}
	for _, s := range places.Standings(civil.Of(time.Now())) {
		standing["US-"+s.State] = "on"
		if !s.On {
			standing["US-"+s.State] = "off: " + whyOff[s.Reason]
		}
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "place\tversion\tfrom\trules\tfor counsel\tapproved by\tportal")
	for _, q := range places.Book.Packs {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\t%s\n", q.Jurisdiction, q.Version, q.From, len(q.Rules), len(q.Waiting()), q.Approver, standing[q.Jurisdiction])
	}
	return w.Flush()
}

func (p program) showPack(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%w: name one place: portal packs show CA", errUsage)
	}
	places, err := p.ownPacks()
	if err != nil {
		return err
	}
	wanted, found := strings.ToUpper(args[0]), false
	for _, q := range places.Book.Packs {
		if q.Jurisdiction == wanted || q.Jurisdiction == "US-"+wanted {
			found = true
			p.tell(q)
		}
	}
	if !found {
		return fmt.Errorf("there is no pack for %s; `portal packs list` names them", wanted)
	}
	return nil
}

func (p program) tell(q pack.Pack) {
	fmt.Fprintf(p.stdout, "%s (%s), version %s, from %s. Written by %s, approved by %s.\n", q.Name["en"], q.Jurisdiction, q.Version, q.From, q.Author, q.Approver)
	for _, r := range q.Rules {
		fmt.Fprintf(p.stdout, "\n%s (%s)\n  %s.\n  %s\n", r.ID, r.Rule, r.Sentence(), r.Citation)
		if r.Text.ES != "" {
			fmt.Fprintf(p.stdout, "  In Spanish: “%s”\n", r.Text.ES)
		}
		if r.Review == pack.Counsel {
			fmt.Fprintln(p.stdout, "  Your lawyer confirms this one before you rely on it.")
		}
	}
}

func (p program) diffPacks(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("%w: name two files: portal packs diff OLD.json NEW.json", errUsage)
	}
	var read [2]pack.Pack
	for i, name := range args {
		content, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("the file cannot be read: %w", err)
		}
		if read[i], err = pack.Read(name, content); err != nil {
			return err
		}
	}
	changes := pack.Diff(read[0], read[1])
	for _, line := range changes {
		fmt.Fprintln(p.stdout, line)
	}
	if len(changes) == 0 {
		fmt.Fprintln(p.stdout, "Nothing changed.")
	}
	return nil
}

func (p program) checkPacks(args []string) error {
	cfg, err := config.Load(p.env)
	if err != nil && !errors.Is(err, config.ErrUnsafe) {
		return err
	}
	dir := cfg.PacksDir
	if len(args) > 0 {
		dir = args[0]
	}
	book, err := app.LoadBook(dir)
	if err != nil {
		fmt.Fprintln(p.stdout, err)
		return errPacks
	}
	vectors := 0
	for _, q := range book.Packs {
		vectors += len(q.Vectors)
		if ids := q.Waiting(); len(ids) > 0 {
			fmt.Fprintf(p.stdout, "%s: your lawyer confirms %s\n", q.Jurisdiction, strings.Join(ids, ", "))
		}
	}
	fmt.Fprintf(p.stdout, "%d packs, %d vectors: all hold.\n", len(book.Packs), vectors)
	return nil
}
