-- +goose Up
-- A person's name, birth date, number, street, town, ZIP, phone and e-mail are
-- one sealed value. vault is the account's own key, sealed by the secret key:
-- emptying it makes everything that was sealed for the account unreadable,
-- wherever it stands. The plain columns beside it are empty but in rows that
-- wait for `portal reseal`; state and language stay plain, since the rules of a
-- place are asked by them. The tokens are keyed hashes to search by.
ALTER TABLE accounts ADD COLUMN vault {{blob}} NOT NULL DEFAULT {{noblob}};
ALTER TABLE accounts ADD COLUMN person {{blob}} NOT NULL DEFAULT {{noblob}};
ALTER TABLE accounts ADD COLUMN name_token {{blob}} NOT NULL DEFAULT {{noblob}};
ALTER TABLE accounts ADD COLUMN phone_token {{blob}} NOT NULL DEFAULT {{noblob}};
ALTER TABLE accounts ADD COLUMN erased_at {{ts}};

CREATE INDEX accounts_name ON accounts (name_token) WHERE length(name_token) > 0;
CREATE INDEX accounts_phone ON accounts (phone_token) WHERE length(phone_token) > 0;

-- Keys that outlive a change of the secret key, sealed by it: those behind
-- hashes that are searched by, as of codes and of suppressed addresses.
CREATE TABLE data_keys (
    name   TEXT NOT NULL PRIMARY KEY,
    sealed {{blob}} NOT NULL
) {{strict}};

-- A person or a court asked that nothing of an account be erased.
CREATE TABLE legal_holds (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    placed_by  TEXT NOT NULL,
    reason     TEXT NOT NULL,
    at         {{ts}} NOT NULL
) {{strict}};
