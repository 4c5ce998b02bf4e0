// Package intake takes in what a collector places with the portal: new debts
// and later statements of their balances. Files are read row by row, each row
// is checked and decided purely, and every few thousand decisions are saved in
// one transaction, so that a file of any size needs little memory, the same
// file twice changes nothing and an older file never overwrites newer
// knowledge.
//
// A row carries no word on who issued the last statement: to place a debt with
// the itemization type last_statement is to say that the creditor did (VAL-03).
package intake
