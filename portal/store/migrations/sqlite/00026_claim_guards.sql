-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER claim_reports_no_update BEFORE UPDATE ON claim_reports
BEGIN SELECT RAISE(ABORT, 'claim_reports may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claim_reports_no_delete BEFORE DELETE ON claim_reports
BEGIN SELECT RAISE(ABORT, 'claim_reports may only be added to'); END;
-- +goose StatementEnd
