-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER contact_wishes_no_update BEFORE UPDATE ON contact_wishes
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER contact_wishes_no_delete BEFORE DELETE ON contact_wishes
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER message_refusals_no_update BEFORE UPDATE ON message_refusals
BEGIN SELECT RAISE(ABORT, 'message_refusals may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER message_refusals_no_delete BEFORE DELETE ON message_refusals
BEGIN SELECT RAISE(ABORT, 'message_refusals may only be added to'); END;
-- +goose StatementEnd
