-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER validation_notices_no_update BEFORE UPDATE ON validation_notices
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER validation_notices_no_delete BEFORE DELETE ON validation_notices
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
