-- +goose Up
CREATE TABLE creditors (
    ref  TEXT NOT NULL PRIMARY KEY CHECK (ref <> ''),
    name TEXT NOT NULL
) {{strict}};

-- A person's name, birth date, number, street, town, ZIP, phone and e-mail are
-- one sealed value. vault is the account's own key, sealed by the secret key:
-- emptying it makes everything that was sealed for the account unreadable,
-- wherever it stands. State and language stay plain, since the rules of a place
-- are asked by them. The tokens are keyed hashes to search by.
CREATE TABLE accounts (
    id            TEXT NOT NULL PRIMARY KEY,
    ref           TEXT NOT NULL UNIQUE CHECK (ref <> ''),
    code_hash     {{blob}} NOT NULL UNIQUE,
    code_sealed   {{blob}} NOT NULL,
    state         TEXT NOT NULL,
    language      TEXT NOT NULL,
    created_at    {{ts}} NOT NULL,
    updated_at    {{ts}} NOT NULL,
    vault         {{blob}} NOT NULL DEFAULT {{noblob}},
    person        {{blob}} NOT NULL DEFAULT {{noblob}},
    name_token    {{blob}} NOT NULL DEFAULT {{noblob}},
    phone_token   {{blob}} NOT NULL DEFAULT {{noblob}},
    erased_at     {{ts}}
) {{strict}};

CREATE INDEX accounts_name ON accounts (name_token) WHERE length(name_token) > 0;
CREATE INDEX accounts_phone ON accounts (phone_token) WHERE length(phone_token) > 0;

-- What is owed stands in the ledger; balance_cents is what the system of
-- record last said, and how it is made up to the cent (VAL-04).
-- interest_authority and fees_authority are what allows the interest and the
-- fees added since the itemization date, as a code of the system of record.
-- Whether an amount without one counts is decided when it is read (AMT-04).
CREATE TABLE debts (
    id                     TEXT NOT NULL PRIMARY KEY,
    account_id             TEXT NOT NULL REFERENCES accounts (id),
    ref                    TEXT NOT NULL UNIQUE CHECK (ref <> ''),
    creditor_ref           TEXT NOT NULL,
    original_creditor_name TEXT NOT NULL,
    type                   TEXT NOT NULL,
    account_number_last4   TEXT NOT NULL,
    description            TEXT NOT NULL,
    contract_date          TEXT NOT NULL CHECK (length(contract_date) IN (0, 10)),
    limitation_date        TEXT NOT NULL CHECK (length(limitation_date) IN (0, 10)),
    itemization_type       TEXT NOT NULL,
    itemization_date       TEXT NOT NULL CHECK (length(itemization_date) = 10),
    itemization_cents      {{int}} NOT NULL,
    interest_added_cents   {{int}} NOT NULL,
    fees_added_cents       {{int}} NOT NULL,
    credits_cents          {{int}} NOT NULL,
    balance_cents          {{int}} NOT NULL CHECK (balance_cents >= 0),
    as_of                  {{ts}} NOT NULL,
    version                {{int}} NOT NULL,
    status                 TEXT NOT NULL,
    created_at             {{ts}} NOT NULL,
    updated_at             {{ts}} NOT NULL,
    itemization_used_at    {{ts}},
    interest_authority     TEXT NOT NULL DEFAULT '' CHECK (length(interest_authority) <= 64),
    fees_authority         TEXT NOT NULL DEFAULT '' CHECK (length(fees_authority) <= 64),
    CHECK (balance_cents = itemization_cents + interest_added_cents + fees_added_cents - credits_cents)
) {{strict}};

CREATE INDEX debts_account ON debts (account_id);

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
