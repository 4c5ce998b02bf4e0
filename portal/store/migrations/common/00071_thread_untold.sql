-- +goose Up
-- Messages of consumers that the system of record was not told of yet, and when
-- it was told last of an account's: once a minute at most.
CREATE TABLE thread_untold (
    message_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    via        TEXT NOT NULL,
    at         {{ts}} NOT NULL
) {{strict}};

CREATE INDEX thread_untold_account ON thread_untold (account_id, at);

CREATE TABLE thread_told (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    told_at    {{ts}} NOT NULL
) {{strict}};
