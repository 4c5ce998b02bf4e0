-- +goose Up
-- The lowest version that a program must know to run on this schema. A program
-- that is older than the schema and not below it goes on running, and starts
-- again; a migration that takes away what older programs use raises it.
CREATE TABLE schema_floor (
    one     {{int}} NOT NULL PRIMARY KEY CHECK (one = 1),
    version {{int}} NOT NULL CHECK (version > 0)
) {{strict}};
INSERT INTO schema_floor (one, version) VALUES (1, 15);
