// Package dispute is how a consumer says that something is wrong: a dispute of
// a debt, of lines of it or of a part of its amount; the question whom it was
// first owed to; a complaint. It takes effect the moment it is sent (DIS-01):
// in one transaction it is kept, the debt is held, and the system of record is
// told. The hold ends on proof alone (DIS-03): there is no other way out of it
// than what Answer and Favor ask for. Files of claims are kept here too, by the same
// means: looked into, scanned, sealed.
package dispute
