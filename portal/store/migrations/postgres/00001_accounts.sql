-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% may only be added to', TG_TABLE_NAME USING ERRCODE = '23001';
END
$$;
-- +goose StatementEnd

-- VAL-02: once used with the consumer, an itemization's type and date are fixed.
-- +goose StatementBegin
CREATE FUNCTION refuse_itemization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an itemization date that was used does not change' USING ERRCODE = '23001';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER debts_itemization_fixed BEFORE UPDATE OF itemization_type, itemization_date ON debts
    FOR EACH ROW WHEN (OLD.itemization_used_at IS NOT NULL AND
        (OLD.itemization_type <> NEW.itemization_type OR OLD.itemization_date <> NEW.itemization_date))
    EXECUTE FUNCTION refuse_itemization();
