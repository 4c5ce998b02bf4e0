-- +goose Up
-- What a person's number, e-mail, address or language was before they changed
-- it themselves, sealed by the account's key: no later file brings it back.
CREATE TABLE contacts_left (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    what       TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    at         {{ts}} NOT NULL,
    PRIMARY KEY (account_id, what, at)
) {{strict}};

-- Who has read what a person asked for in their own words; empty is nobody
-- (COM-02).
ALTER TABLE contact_wishes ADD COLUMN words_read_by TEXT NOT NULL DEFAULT '';
CREATE INDEX contact_wishes_unread ON contact_wishes (at) WHERE words_read_by = '';
