-- +goose Up
-- From which position on the links of a chain are keyed; 0 while none is.
ALTER TABLE chain_heads ADD COLUMN keyed_from {{int}} NOT NULL DEFAULT 0;

-- The head that a chain had on a day, as it was told to the log and to the
-- agency's endpoints.
CREATE TABLE chain_seals (
    day      TEXT NOT NULL CHECK (day <> ''),
    name     TEXT NOT NULL,
    position {{int}} NOT NULL,
    link     {{blob}} NOT NULL,
    at       {{ts}} NOT NULL,
    PRIMARY KEY (day, name)
) {{strict}};

-- Who was refused, and whence (SEC-07)?
CREATE INDEX audit_refused ON audit (at) WHERE action >= 'refused.' AND action < 'refused/';
