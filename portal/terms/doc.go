// Package terms takes in what creditors allow: how plans may look, how little
// may be paid at a time, and what settles a debt. The same words come by the
// API and from a file. There is no word for interest or a charge of any kind,
// and a word that is not known is refused (AMT-01).
//
// A creditor's terms are never edited: a next version begins on a day, and the
// one before it ends on the day before. Plans keep the terms they were agreed
// under.
package terms
