-- +goose Up
-- channel and packs are by which channel something was asked for, and which
-- versions of the compliance packs answered (GEN-01, STA-01); speaker is who asked
-- for the consumer, empty for the consumer.
CREATE TABLE decisions (
    id         {{identity}},
    at         {{ts}} NOT NULL,
    account_id TEXT NOT NULL,
    debt_id    TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    action     TEXT NOT NULL,
    status     TEXT NOT NULL,
    allowed    {{int}} NOT NULL CHECK (allowed IN (0, 1)),
    reason     TEXT NOT NULL,
    rules      TEXT NOT NULL CHECK (rules <> ''),
    channel    TEXT NOT NULL DEFAULT '',
    packs      TEXT NOT NULL DEFAULT '',
    speaker    TEXT NOT NULL DEFAULT ''
) {{strict}};

CREATE INDEX decisions_account ON decisions (account_id, at);

-- Who did what, by ids. position and link are filled once, by the job that
-- links the rows; own is the hash of the fields before them.
CREATE TABLE audit (
    row_number {{identity}},
    at         {{ts}} NOT NULL,
    actor      TEXT NOT NULL CHECK (actor <> ''),
    action     TEXT NOT NULL CHECK (action <> ''),
    account_id TEXT NOT NULL,
    object     TEXT NOT NULL,
    refs       TEXT NOT NULL,
    own        {{blob}} NOT NULL CHECK (length(own) = 32),
    position   {{int}} UNIQUE,
    link       {{blob}},
    CHECK ((position IS NULL) = (link IS NULL))
) {{strict}};

CREATE INDEX audit_loose ON audit (row_number) WHERE position IS NULL;
CREATE INDEX audit_account ON audit (account_id, row_number) WHERE account_id <> '';
-- Whose data did an actor read (SEC-09)?
CREATE INDEX audit_reads ON audit (actor, at) WHERE action >= 'read.' AND action < 'read/';
-- Who was refused, and whence (SEC-07)?
CREATE INDEX audit_refused ON audit (at) WHERE action >= 'refused.' AND action < 'refused/';

-- What a person saw on a page of legal effect. The bytes stand in
-- evidence_pages, sealed and once for each account, until they are erased; the
-- rows of the chain stay.
CREATE TABLE evidence (
    row_number {{identity}},
    at         {{ts}} NOT NULL,
    account_id TEXT NOT NULL CHECK (account_id <> ''),
    session_id TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind <> ''),
    route      TEXT NOT NULL,
    status     {{int}} NOT NULL,
    language   TEXT NOT NULL,
    build      TEXT NOT NULL,
    rules      TEXT NOT NULL,
    decisions  TEXT NOT NULL,
    page_hash  {{blob}} NOT NULL CHECK (length(page_hash) = 32),
    own        {{blob}} NOT NULL CHECK (length(own) = 32),
    position   {{int}} UNIQUE,
    link       {{blob}},
    CHECK ((position IS NULL) = (link IS NULL))
) {{strict}};

CREATE INDEX evidence_loose ON evidence (row_number) WHERE position IS NULL;
CREATE INDEX evidence_account ON evidence (account_id, row_number);

CREATE TABLE evidence_pages (
    account_id TEXT NOT NULL,
    hash       {{blob}} NOT NULL CHECK (length(hash) = 32),
    sealed     {{blob}} NOT NULL,
    at         {{ts}} NOT NULL,
    PRIMARY KEY (account_id, hash)
) {{strict}};

-- The end of each chain. Its lock lets one process link at a time. keyed_from is
-- the position from which on its links are keyed; 0 while none is.
CREATE TABLE chain_heads (
    name       TEXT NOT NULL PRIMARY KEY,
    position   {{int}} NOT NULL,
    link       {{blob}} NOT NULL,
    keyed_from {{int}} NOT NULL DEFAULT 0
) {{strict}};

INSERT INTO chain_heads (name, position, link) VALUES ('audit', 0, {{noblob}}), ('evidence', 0, {{noblob}});

-- The head that a chain had on a day, as it was told to the log and to the
-- agency's endpoints.
CREATE TABLE chain_seals (
    day      TEXT NOT NULL CHECK (day <> ''),
    name     TEXT NOT NULL,
    position {{int}} NOT NULL,
    link     {{blob}} NOT NULL,
    at       {{ts}} NOT NULL,
    PRIMARY KEY (day, name)
) {{strict}};
