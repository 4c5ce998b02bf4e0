// Package migrations holds the SQL of the schema's steps. Migrations are forward
// only and never edited once released. What only one engine can say, such as its
// guards, stands in the engine's folder, in a file of the same name.
package migrations

import (
	"embed"
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

// up begins each file.
const up = "-- +goose Up\n"

// For merges common and the migrations of an engine ("sqlite", "postgres") into
// one flat folder, tokens replaced: what the engine adds to a file of common
// stands at its end.
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
			step := tokens[engine].Replace(string(text))
			if tables, both := files[path.Base(name)]; both {
				step = tables + "\n" + strings.TrimPrefix(step, up)
			}
			files[path.Base(name)] = step
		}
	}
	return files, nil
}
