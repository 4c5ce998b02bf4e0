-- +goose Up
-- Who may speak for a consumer (DSC-05). The person is sealed by the account's
-- own key and goes with it.
CREATE TABLE representatives (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    role        TEXT NOT NULL CHECK (role <> ''),
    person      TEXT NOT NULL,
    document_id TEXT NOT NULL CHECK (document_id <> ''),
    checked_by  TEXT NOT NULL CHECK (checked_by <> ''),
    from_day    TEXT NOT NULL CHECK (length(from_day) = 10),
    until_day   TEXT NOT NULL CHECK (length(until_day) IN (0, 10)),
    code_hash   {{blob}} NOT NULL UNIQUE,
    code_sealed {{blob}} NOT NULL,
    recorded_by TEXT NOT NULL,
    created_at  {{ts}} NOT NULL,
    revoked_at  {{ts}},
    revoked_by  TEXT NOT NULL
) {{strict}};

CREATE UNIQUE INDEX representatives_document ON representatives (account_id, role, document_id) WHERE revoked_at IS NULL;
CREATE INDEX representatives_account ON representatives (account_id, created_at);

-- Who is signed in, was sent a code, asked, agreed or said so for the consumer;
-- empty is the consumer.
ALTER TABLE sessions ADD COLUMN representative_id TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN role TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_representative ON sessions (representative_id) WHERE representative_id <> '' AND ended_at IS NULL;
ALTER TABLE step_ups ADD COLUMN representative_id TEXT NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN speaker TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN paid_by TEXT NOT NULL DEFAULT '';
ALTER TABLE disputes ADD COLUMN filed_by TEXT NOT NULL DEFAULT '';
