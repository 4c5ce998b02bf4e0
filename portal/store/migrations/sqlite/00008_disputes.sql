-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
-- +goose StatementBegin
CREATE TRIGGER claim_reports_no_update BEFORE UPDATE OF id, claim_id, at, door, said_by ON claim_reports
BEGIN SELECT RAISE(ABORT, 'claim_reports may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claim_reports_no_delete BEFORE DELETE ON claim_reports
BEGIN SELECT RAISE(ABORT, 'claim_reports may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claim_reports_sealed_once BEFORE UPDATE OF sealed ON claim_reports
WHEN NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substr(OLD.sealed, 1, 1) = x'7e' OR substr(NEW.sealed, 1, 1) <> x'7e')
BEGIN SELECT RAISE(ABORT, 'claim_reports may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER disputes_no_update BEFORE UPDATE ON disputes
BEGIN SELECT RAISE(ABORT, 'disputes may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER disputes_no_delete BEFORE DELETE ON disputes
BEGIN SELECT RAISE(ABORT, 'disputes may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER dispute_steps_no_update BEFORE UPDATE ON dispute_steps
BEGIN SELECT RAISE(ABORT, 'dispute_steps may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dispute_steps_no_delete BEFORE DELETE ON dispute_steps
BEGIN SELECT RAISE(ABORT, 'dispute_steps may only be added to'); END;
-- +goose StatementEnd
