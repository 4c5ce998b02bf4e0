-- +goose Up
-- What is personal in these rows is sealed by the account's own key, again when
-- keys change, and emptied when a person is erased (REC-01). Everything else in
-- them stays as it was written, and so do the rows.
DROP TRIGGER validation_notices_append_only ON validation_notices;
CREATE TRIGGER validation_notices_append_only BEFORE DELETE OR UPDATE OF id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, at ON validation_notices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER claim_reports_append_only ON claim_reports;
CREATE TRIGGER claim_reports_append_only BEFORE DELETE OR UPDATE OF id, claim_id, at, door, said_by ON claim_reports
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER contact_wishes_append_only ON contact_wishes;
CREATE TRIGGER contact_wishes_append_only BEFORE DELETE OR UPDATE OF id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work, days, from_hour, until_hour ON contact_wishes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER plan_agreements_append_only ON plan_agreements;
CREATE TRIGGER plan_agreements_append_only BEFORE DELETE OR UPDATE OF plan_id, version, why, lines, consent_hash, consent_session, consent_language, consent_at, agreed_at ON plan_agreements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
