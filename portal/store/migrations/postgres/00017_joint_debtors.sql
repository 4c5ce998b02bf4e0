-- +goose Up
ALTER TABLE validation_notices DROP CONSTRAINT validation_notices_debt_id_provided_on_delivered_via_key;
ALTER TABLE validation_notices ADD UNIQUE (debt_id, account_id, provided_on, delivered_via);
ALTER TABLE validation_duties DROP CONSTRAINT validation_duties_pkey;
ALTER TABLE validation_duties ADD PRIMARY KEY (debt_id, account_id);
