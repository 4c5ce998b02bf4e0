package demo

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// keepsake is what a demo must know to start again on its folder. It stands
// beside the database, for its owner alone.
type keepsake struct {
	Secret        string            `json:"secret"`
	StaffPassword string            `json:"staff_password"`
	AppSecrets    map[string]string `json:"totp_secrets"` // by address
	WebhookSecret string            `json:"webhook_secret"`
	Moved         time.Duration     `json:"clock_moved_nanoseconds"`
	path          string
}

// openKeepsake reads a folder's keepsake, or makes one in a folder without a
// database. A database that no demo made is not touched.
func openKeepsake(dir string) (keepsake, error) {
	k := keepsake{path: filepath.Join(dir, "demo.json")}
	text, err := os.ReadFile(k.path)
	if err == nil {
		return k, json.Unmarshal(text, &k)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if _, err := os.Stat(filepath.Join(dir, "portal.db")); err == nil {
		return k, fmt.Errorf("%w: %s holds a database that no demo made; choose another folder with -data", ErrUsage, dir)
	}
	var key [32]byte
	rand.Read(key[:]) // never fails: crypto/rand ends the process instead
	// In hex: of keys in letters alone one in 34 reads like words, and is refused.
	k.Secret, k.StaffPassword, k.AppSecrets = hex.EncodeToString(key[:]), rand.Text()[:14], map[string]string{}
	return k, k.save()
}

// save writes the keepsake whole or not at all.
func (k keepsake) save() error {
	text, err := json.Marshal(k) //nolint:gosec // the file is where the demo keeps its secret
	if err != nil {
		return err
	}
	if err := os.WriteFile(k.path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(k.path+".new", k.path)
}
