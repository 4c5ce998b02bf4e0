-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER plan_agreements_no_update BEFORE UPDATE ON plan_agreements
BEGIN SELECT RAISE(ABORT, 'plan_agreements may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_agreements_no_delete BEFORE DELETE ON plan_agreements
BEGIN SELECT RAISE(ABORT, 'plan_agreements may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER plan_terms_no_update BEFORE UPDATE ON plan_terms
BEGIN SELECT RAISE(ABORT, 'plan_terms may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_terms_no_delete BEFORE DELETE ON plan_terms
BEGIN SELECT RAISE(ABORT, 'plan_terms may only be added to'); END;
-- +goose StatementEnd
