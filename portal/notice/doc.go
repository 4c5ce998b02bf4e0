// Package notice sends texts and e-mails. A message is a row written in the
// transaction of what it tells of; after the commit a worker claims it under a
// lease and hands it to a Sender. Its address and words are sealed while they
// are stored.
package notice
