-- +goose Up
-- What is personal in these rows is sealed by the account's own key, again when
-- keys change, and emptied when a person is erased (REC-01). Everything else in
-- them stays as it was written, and so do the rows.
DROP TRIGGER validation_notices_no_update;
-- +goose StatementBegin
CREATE TRIGGER validation_notices_no_update BEFORE UPDATE OF id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, at ON validation_notices
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd
DROP TRIGGER claim_reports_no_update;
-- +goose StatementBegin
CREATE TRIGGER claim_reports_no_update BEFORE UPDATE OF id, claim_id, at, door, said_by ON claim_reports
BEGIN SELECT RAISE(ABORT, 'claim_reports may only be added to'); END;
-- +goose StatementEnd
DROP TRIGGER contact_wishes_no_update;
-- +goose StatementBegin
CREATE TRIGGER contact_wishes_no_update BEFORE UPDATE OF id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work, days, from_hour, until_hour ON contact_wishes
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd
DROP TRIGGER plan_agreements_no_update;
-- +goose StatementBegin
CREATE TRIGGER plan_agreements_no_update BEFORE UPDATE OF plan_id, version, why, lines, consent_hash, consent_session, consent_language, consent_at, agreed_at ON plan_agreements
BEGIN SELECT RAISE(ABORT, 'plan_agreements may only be added to'); END;
-- +goose StatementEnd
