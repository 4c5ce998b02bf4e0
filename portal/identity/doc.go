// Package identity decides who a visitor is.
//
// A consumer is known by a reference code (the credential) or a texted link,
// and by one personal fact that shows that the right person holds it. Agencies
// that ask for possession too (SEC-06) send a six-digit code to the contact on
// file. Only then is there a session: a row that can be ended at once, named by
// a signed cookie.
//
//	code ──Begin──► pending ──Verify──► [step-up code] ──► session
//	link ──Open───►    │
//	                   └── every refusal reads the same: no such code, wrong
//	                       fact, too many tries, account not open here
//
// Attempts are counted by code and, apart from that, by link, so that a stranger
// who guesses at a code never keeps out whoever holds the link.
//
// Systems carry API tokens with scopes; collectors sign in with a password.
// This is the only package that imports golang-jwt.
package identity
