-- +goose Up
-- What a payment is made for, in the words of whoever watches payments: a plan, or
-- one of its installments; empty where it is made for its debts alone.
ALTER TABLE payments ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
