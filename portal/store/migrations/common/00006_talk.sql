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

-- A change of address, number or e-mail that a consumer asked for. Of an
-- e-mail the digits that were sent to it are kept as a hash until they come
-- back. via and target_hash are by which channel the digits went, and to where;
-- told, notice_id and was are how the contact that was on file hears of it, by
-- which message or event, and its mailing address, sealed, for the letter that
-- takes the place of a message (SEC-12).
CREATE TABLE contact_changes (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    what        TEXT NOT NULL,
    sealed      {{blob}} NOT NULL,
    code_hash   {{blob}} NOT NULL,
    tries       {{int}} NOT NULL,
    created_at  {{ts}} NOT NULL,
    done_at     {{ts}},
    via         TEXT NOT NULL DEFAULT '',
    target_hash {{blob}} NOT NULL DEFAULT {{noblob}},
    told        TEXT NOT NULL DEFAULT '',
    notice_id   TEXT NOT NULL DEFAULT '',
    was         {{blob}} NOT NULL DEFAULT {{noblob}}
) {{strict}};

CREATE INDEX contact_changes_account ON contact_changes (account_id, created_at);
CREATE INDEX contact_changes_target ON contact_changes (target_hash, created_at);
CREATE INDEX contact_changes_notice ON contact_changes (notice_id);

-- What a person's number, e-mail, address or language was before they changed
-- it themselves, sealed by the account's key: no later file brings it back.
CREATE TABLE contacts_left (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    what       TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    at         {{ts}} NOT NULL,
    PRIMARY KEY (account_id, what, at)
) {{strict}};
