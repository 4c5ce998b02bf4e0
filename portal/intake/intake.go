// Package intake takes in what a collector places with the portal: new debts
// and later statements of their balances. Files are read row by row, each row
// is checked and decided purely, and every few thousand decisions are saved in
// one transaction, so that a file of any size needs little memory, the same
// file twice changes nothing and an older file never overwrites newer
// knowledge.
//
// A row is read in two layers. Its status, balance and holds come first: a phone
// number or an e-mail address that cannot be read is left out and told, and a
// state or ZIP code that cannot be read holds the debt, for it chooses the law. A
// row about another person than its account is held back, and one that is refused
// holds the debt where its status is stricter than what is held. What a person
// must look at stands in a Task. A row renames nobody's creditor, and one whose status
// is less strict leaves the one before it in force until a person confirms it. The
// same debt under a second account waits until a person says that both owe it; then
// it is one debt, and each row counts for its own person.
//
// A row carries no word on who issued the last statement: to place a debt with
// the itemization type last_statement is to say that the creditor did (VAL-03).
package intake
