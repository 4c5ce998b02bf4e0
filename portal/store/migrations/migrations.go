// Package migrations holds the SQL of the schema's steps. Migrations are forward
// only and never edited once released; numbers interleave between common,
// sqlite and postgres.
package migrations

import (
	"embed"
	"errors"
	"io/fs"
	"path"
	"strings"
)

//go:embed */*.sql
var embedded embed.FS

// tokens are the words in which the engines' SQL differs.
var tokens = map[string]*strings.Replacer{
	"sqlite": strings.NewReplacer(
		"{{ts}}", "INTEGER", "{{int}}", "INTEGER", "{{blob}}", "BLOB", "{{noblob}}", "x''",
		"{{identity}}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{{strict}}", "STRICT"),
	"postgres": strings.NewReplacer(
		"{{ts}}", "BIGINT", "{{int}}", "BIGINT", "{{blob}}", "BYTEA", "{{noblob}}", "''",
		"{{identity}}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", " {{strict}}", ""),
}

// For merges common and the migrations of an engine ("sqlite", "postgres") into
// one flat folder, tokens replaced.
func For(engine string) (Files, error) {
	files := Files{}
	for _, folder := range []string{"common", engine} {
		names, err := fs.Glob(embedded, path.Join(folder, "*.sql"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := embedded.ReadFile(name)
			if err != nil {
				return nil, err
			}
			if _, twice := files[path.Base(name)]; twice {
				return nil, errors.New("migration " + name + " exists twice")
			}
			files[path.Base(name)] = tokens[engine].Replace(string(text))
		}
	}
	return files, nil
}
