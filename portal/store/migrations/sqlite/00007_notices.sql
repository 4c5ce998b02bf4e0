-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
-- +goose StatementBegin
CREATE TRIGGER validation_notices_no_update BEFORE UPDATE OF id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, at ON validation_notices
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER validation_notices_no_delete BEFORE DELETE ON validation_notices
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER validation_notices_sealed_once BEFORE UPDATE OF sealed ON validation_notices
WHEN NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substr(OLD.sealed, 1, 1) = x'7e' OR substr(NEW.sealed, 1, 1) <> x'7e')
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER validation_requests_no_update BEFORE UPDATE ON validation_requests
BEGIN SELECT RAISE(ABORT, 'validation_requests may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER validation_requests_no_delete BEFORE DELETE ON validation_requests
BEGIN SELECT RAISE(ABORT, 'validation_requests may only be added to'); END;
-- +goose StatementEnd
