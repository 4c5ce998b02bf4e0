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

CREATE INDEX representatives_account ON representatives (account_id, created_at);

-- given is the keyed hash of a wrong answer: the same one again is no new guess.
CREATE TABLE attempts (
    id       {{identity}},
    bucket   TEXT NOT NULL,
    at       {{ts}} NOT NULL,
    outcome  TEXT NOT NULL,
    budgeted {{int}} NOT NULL CHECK (budgeted IN (0, 1)),
    visitor  TEXT NOT NULL,
    given    {{blob}}
) {{strict}};

CREATE INDEX attempts_bucket ON attempts (bucket, id) WHERE outcome <> 'refused';
CREATE INDEX attempts_budget ON attempts (at) WHERE budgeted = 1 AND outcome = 'failed';

-- Tries that are counted and not kept, by hour and by a slot of a keyed hash, so
-- that there is a largest number of rows.
CREATE TABLE tallies (
    kind TEXT NOT NULL,
    slot {{int}} NOT NULL,
    hour {{int}} NOT NULL,
    n    {{int}} NOT NULL,
    PRIMARY KEY (kind, slot)
) {{strict}};

-- When a wait ticket of a slot was used last: none that is older works again.
CREATE TABLE tickets (
    slot {{int}} NOT NULL PRIMARY KEY,
    at   {{ts}} NOT NULL
) {{strict}};

-- representative_id, here and in step_ups, is who is signed in or was sent a code
-- for the consumer; empty is the consumer. device is what a browser is, in two
-- words of ours, so that a person knows their own sessions; nothing of what it
-- says of itself is kept (F15).
CREATE TABLE sessions (
    id                TEXT NOT NULL PRIMARY KEY,
    audience          TEXT NOT NULL,
    subject           TEXT NOT NULL,
    path              TEXT NOT NULL,
    link_id           TEXT NOT NULL,
    stepped_up        {{int}} NOT NULL CHECK (stepped_up IN (0, 1)),
    created_at        {{ts}} NOT NULL,
    seen_at           {{ts}} NOT NULL,
    expires_at        {{ts}} NOT NULL,
    ended_at          {{ts}},
    ended_why         TEXT NOT NULL,
    representative_id TEXT NOT NULL DEFAULT '',
    role              TEXT NOT NULL DEFAULT '',
    device            TEXT NOT NULL DEFAULT ''
) {{strict}};

CREATE INDEX sessions_subject ON sessions (audience, subject) WHERE ended_at IS NULL;
CREATE INDEX sessions_representative ON sessions (representative_id) WHERE representative_id <> '' AND ended_at IS NULL;
CREATE INDEX sessions_link ON sessions (link_id) WHERE ended_at IS NULL AND link_id <> '';

CREATE TABLE step_ups (
    id                TEXT NOT NULL PRIMARY KEY,
    account_id        TEXT NOT NULL,
    path              TEXT NOT NULL,
    link_id           TEXT NOT NULL,
    channel           TEXT NOT NULL,
    code_hash         {{blob}} NOT NULL,
    created_at        {{ts}} NOT NULL,
    sent_at           {{ts}},
    sends             {{int}} NOT NULL,
    tries             {{int}} NOT NULL,
    used_at           {{ts}},
    representative_id TEXT NOT NULL DEFAULT ''
) {{strict}};

-- Who asked for six digits and has no answer yet. There is one for a slot of a
-- keyed hash, so that there is a largest number of rows.
CREATE TABLE digit_asks (
    slot              {{int}} NOT NULL PRIMARY KEY,
    step_up_id        TEXT NOT NULL,
    account_id        TEXT NOT NULL,
    representative_id TEXT NOT NULL,
    granted           {{int}} NOT NULL CHECK (granted IN (0, 1)),
    at                {{ts}} NOT NULL
) {{strict}};

CREATE INDEX digit_asks_step_up ON digit_asks (step_up_id);

-- asked_at is when the holder of a link asked for a new one; a job answers, so
-- that asking is the same work whatever the answer is.
CREATE TABLE links (
    id           TEXT NOT NULL PRIMARY KEY,
    reference    TEXT NOT NULL UNIQUE,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    channel      TEXT NOT NULL,
    address_hash {{blob}} NOT NULL,
    token_hash   {{blob}} NOT NULL UNIQUE,
    sent_by      TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    created_at   {{ts}} NOT NULL,
    expires_at   {{ts}} NOT NULL,
    opened_at    {{ts}},
    verified_at  {{ts}},
    ended_at     {{ts}},
    ended_why    TEXT NOT NULL,
    asked_at     {{ts}}
) {{strict}};

CREATE INDEX links_account ON links (account_id, created_at);
CREATE INDEX links_of_address ON links (channel, address_hash);
CREATE INDEX links_asked ON links (asked_at) WHERE asked_at IS NOT NULL;

-- How many reference codes each token of the API read in an hour.
CREATE TABLE code_reads (
    reader TEXT NOT NULL,
    hour   {{ts}} NOT NULL,
    n      {{int}} NOT NULL,
    PRIMARY KEY (reader, hour)
) {{strict}};

CREATE TABLE api_tokens (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    creditor_ref TEXT NOT NULL,
    issued_by    TEXT NOT NULL,
    created_at   {{ts}} NOT NULL,
    expires_at   {{ts}} NOT NULL,
    revoked_at   {{ts}}
) {{strict}};

CREATE TABLE staff (
    id          TEXT NOT NULL PRIMARY KEY,
    email       TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    password    TEXT NOT NULL,
    roles       TEXT NOT NULL,
    created_at  {{ts}} NOT NULL,
    disabled_at {{ts}}
) {{strict}};
