-- +goose Up
CREATE TABLE attempts (
    id       {{identity}},
    bucket   TEXT NOT NULL,
    at       {{ts}} NOT NULL,
    outcome  TEXT NOT NULL,
    budgeted {{int}} NOT NULL CHECK (budgeted IN (0, 1)),
    visitor  TEXT NOT NULL
) {{strict}};

CREATE INDEX attempts_bucket ON attempts (bucket, id) WHERE outcome <> 'refused';
CREATE INDEX attempts_budget ON attempts (at) WHERE budgeted = 1 AND outcome = 'failed';

CREATE TABLE sessions (
    id         TEXT NOT NULL PRIMARY KEY,
    audience   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    path       TEXT NOT NULL,
    link_id    TEXT NOT NULL,
    stepped_up {{int}} NOT NULL CHECK (stepped_up IN (0, 1)),
    created_at {{ts}} NOT NULL,
    seen_at    {{ts}} NOT NULL,
    expires_at {{ts}} NOT NULL,
    ended_at   {{ts}},
    ended_why  TEXT NOT NULL
) {{strict}};

CREATE INDEX sessions_subject ON sessions (audience, subject) WHERE ended_at IS NULL;

CREATE TABLE step_ups (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    path       TEXT NOT NULL,
    link_id    TEXT NOT NULL,
    channel    TEXT NOT NULL,
    code_hash  {{blob}} NOT NULL,
    created_at {{ts}} NOT NULL,
    sent_at    {{ts}},
    sends      {{int}} NOT NULL,
    tries      {{int}} NOT NULL,
    used_at    {{ts}}
) {{strict}};

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
    ended_why    TEXT NOT NULL
) {{strict}};

CREATE INDEX links_account ON links (account_id, created_at);

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

CREATE TABLE consents (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    channel      TEXT NOT NULL,
    address_hash {{blob}} NOT NULL,
    basis        TEXT NOT NULL,
    at           {{ts}} NOT NULL,
    recorded_by  TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    text_version TEXT NOT NULL
) {{strict}};

CREATE INDEX consents_address ON consents (account_id, channel, address_hash, at);

CREATE TABLE suppressions (
    channel      TEXT NOT NULL,
    address_hash {{blob}} NOT NULL,
    account_id   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    at           {{ts}} NOT NULL,
    PRIMARY KEY (channel, address_hash, account_id, reason)
) {{strict}};

CREATE TABLE messages (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    channel      TEXT NOT NULL,
    kind         TEXT NOT NULL,
    language     TEXT NOT NULL,
    sealed       {{blob}} NOT NULL,
    status       TEXT NOT NULL,
    tries        {{int}} NOT NULL,
    created_at   {{ts}} NOT NULL,
    next_at      {{ts}} NOT NULL,
    leased_until {{ts}},
    expires_at   {{ts}},
    sent_at      {{ts}},
    provider_id  TEXT NOT NULL,
    problem      TEXT NOT NULL
) {{strict}};

CREATE INDEX messages_due ON messages (next_at) WHERE status = 'queued';
CREATE INDEX messages_created ON messages (created_at);
