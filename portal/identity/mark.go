package identity

import (
	"crypto/rand"
	"slices"
	"time"
)

// KnownFor is how long a browser that was let in is known.
const KnownFor = 180 * 24 * time.Hour

// knownPrefix parts a known browser's own count from everybody's.
const knownPrefix = "/known:"

// places are the counts of known browsers that a bucket has: who signs in often,
// to collect marks, guesses in these few and in no more.
var places = []string{"0", "1", "2", "3"}

func (k Keys) marks(now func() time.Time) signer {
	return signer{key: k.mark, audience: "browser", kind: "known", now: now}
}

// markOf makes what a browser holds after it was let in to what a bucket counts.
// It opens nothing: its misses are counted apart, so that a stranger's do not
// keep its owner out. A new code ends it.
func (k Keys) markOf(bucket string, now func() time.Time) (string, error) {
	return k.markSince(bucket, "", now)
}

// markSince is markOf as long as an epoch lasts: whoever chooses another password begins
// another.
func (k Keys) markSince(bucket, epoch string, now func() time.Time) (string, error) {
	place := places[int(rand.Text()[0])%len(places)]
	return k.marks(now).sign(claims{Subject: bucket, ID: place, Browser: epoch}, now().Add(KnownFor))
}

// withKnown is a bucket and those of its known browsers.
func withKnown(bucket string) []string {
	all := []string{bucket}
	for _, place := range places {
		all = append(all, bucket+knownPrefix+place)
	}
	return all
}

// knows returns the id of a mark that fits a bucket; empty for any other.
func (k Keys) knows(mark, bucket string, now func() time.Time) string {
	return k.knowsSince(mark, bucket, "", now)
}

// knowsSince is knows of a mark of this epoch.
func (k Keys) knowsSince(mark, bucket, epoch string, now func() time.Time) string {
	c, err := k.marks(now).read(mark)
	if err != nil || c.Subject != bucket || c.Browser != epoch || !slices.Contains(places, c.ID) {
		return ""
	}
	return c.ID
}
