package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// LetServe grants a role of PostgreSQL what serving needs in this schema and no
// more: its rows and its numbers. It may not alter a table, so that the guards of
// what is only added to stand against it too. Said twice it changes nothing; on
// SQLite there are no roles.
func (s *Store) LetServe(ctx context.Context, role string) error {
	if s.engine != postgresEngine {
		return nil
	}
	var schema string
	if err := s.queryRow(ctx, []any{&schema}, `SELECT current_schema()`); err != nil {
		return fmt.Errorf("find the schema: %w", err)
	}
	in, to := pgx.Identifier{schema}.Sanitize(), pgx.Identifier{role}.Sanitize()
	for _, grant := range []string{
		`GRANT USAGE ON SCHEMA ` + in + ` TO ` + to,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ` + in + ` TO ` + to,
		`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ` + in + ` TO ` + to,
	} {
		if _, err := s.exec(ctx, grant); err != nil {
			return fmt.Errorf("let %s serve: %w", role, err)
		}
	}
	return nil
}

// MayAlter reports whether the role that the database is opened with could change
// the schema, and with it the guards of what is only added to.
func (s *Store) MayAlter(ctx context.Context) (bool, error) {
	if s.engine != postgresEngine {
		return false, nil // who has the file has it all
	}
	may := false
	err := s.queryRow(ctx, []any{&may}, `SELECT bool_or(pg_has_role(current_user, relowner, 'USAGE')) OR
		(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR has_schema_privilege(current_user, current_schema(), 'CREATE')
		FROM pg_class WHERE relname = 'audit' AND relnamespace = current_schema()::regnamespace`)
	return may, err
}
