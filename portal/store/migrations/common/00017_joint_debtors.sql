-- +goose Up
-- Who owes a debt together with others: a row for each of them, also for the
-- person under whose account the debt was placed first, with what their own row
-- last said and of when it is. A debt that one person owes has none. A person
-- confirmed that they owe it together.
CREATE TABLE joint_debtors (
    debt_id      TEXT NOT NULL REFERENCES debts (id),
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    status       TEXT NOT NULL,
    as_of        {{ts}} NOT NULL,
    version      {{int}} NOT NULL,
    confirmed_by TEXT NOT NULL,
    confirmed_at {{ts}} NOT NULL,
    PRIMARY KEY (debt_id, account_id)
) {{strict}};

CREATE INDEX joint_debtors_account ON joint_debtors (account_id);

-- A notice, and the duty to give one, is each person's own. Programs before this
-- one name the keys that are gone.
UPDATE schema_floor SET version = 17 WHERE version < 17;
