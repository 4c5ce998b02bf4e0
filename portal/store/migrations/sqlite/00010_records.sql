-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions may only be added to'); END;
-- +goose StatementEnd

-- A row of a chain gets its place once; nothing else of it ever changes.
-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.row_number <> OLD.row_number OR NEW.at <> OLD.at
    OR NEW.actor <> OLD.actor OR NEW.action <> OLD.action OR NEW.account_id <> OLD.account_id OR NEW.object <> OLD.object
    OR NEW.refs <> OLD.refs OR NEW.own <> OLD.own
BEGIN SELECT RAISE(ABORT, 'audit may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.row_number <> OLD.row_number OR NEW.at <> OLD.at
    OR NEW.account_id <> OLD.account_id OR NEW.session_id <> OLD.session_id OR NEW.kind <> OLD.kind OR NEW.route <> OLD.route
    OR NEW.status <> OLD.status OR NEW.language <> OLD.language OR NEW.build <> OLD.build OR NEW.rules <> OLD.rules
    OR NEW.decisions <> OLD.decisions OR NEW.page_hash <> OLD.page_hash OR NEW.own <> OLD.own
BEGIN SELECT RAISE(ABORT, 'evidence may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence may only be added to'); END;
-- +goose StatementEnd
