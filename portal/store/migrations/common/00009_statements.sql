-- +goose Up
-- What a consumer said comes in and goes out in a month, and what the
-- calculation made of it.
CREATE TABLE financial_statements (
    id            TEXT NOT NULL PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES accounts (id),
    household     {{int}} NOT NULL CHECK (household > 0),
    income        TEXT NOT NULL,
    essentials    TEXT NOT NULL,
    calculation   TEXT NOT NULL,
    left_cents    {{int}} NOT NULL CHECK (left_cents >= 0),
    ceiling_cents {{int}} NOT NULL CHECK (ceiling_cents >= 0),
    at            {{ts}} NOT NULL
) {{strict}};

CREATE INDEX financial_statements_latest ON financial_statements (account_id, at);
