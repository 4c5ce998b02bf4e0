-- +goose Up

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
