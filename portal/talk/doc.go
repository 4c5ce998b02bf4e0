// Package talk is what goes to and fro between a consumer and the agency beside
// the messages of package notice: texts that come in, the thread of messages in
// the portal, the wish that all contact end, and changes of address, number and
// e-mail.
package talk
