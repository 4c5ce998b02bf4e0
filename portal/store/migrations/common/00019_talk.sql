-- +goose Up

-- What a consumer and the agency wrote to each other. The words are sealed.
CREATE TABLE thread_messages (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    written_by TEXT NOT NULL CHECK (written_by <> ''),
    via        TEXT NOT NULL,
    sealed     {{blob}} NOT NULL,
    at         {{ts}} NOT NULL
) {{strict}};

CREATE INDEX thread_messages_account ON thread_messages (account_id, at);
CREATE INDEX thread_messages_at ON thread_messages (at);

-- A change of address, number or e-mail that a consumer asked for. Of an
-- e-mail the digits that were sent to it are kept as a hash until they come
-- back.
CREATE TABLE contact_changes (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    what         TEXT NOT NULL,
    sealed       {{blob}} NOT NULL,
    code_hash    {{blob}} NOT NULL,
    tries        {{int}} NOT NULL,
    created_at   {{ts}} NOT NULL,
    done_at      {{ts}}
) {{strict}};

CREATE INDEX contact_changes_account ON contact_changes (account_id, created_at);
