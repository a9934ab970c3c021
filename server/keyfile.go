package server

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"engawa/internal/keys"
)

// masterFile is where the key lies that seals private keys and second factors
// in the database. It is apart from the database on purpose, and in a backup of
// its own.
const masterFile = "master.key"

// loadMaster reads the master key from the data folder, and makes it at the
// first start. A damaged file is an error: without the key nothing sealed can
// be opened, and a new one would hide that.
func loadMaster(path string, mayMake bool) (*keys.Master, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && mayMake {
		return makeMaster(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing, but the database holds keys sealed with it: put it back from its backup", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the master key cannot be read: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s is damaged (%w): put it back from its backup", path, err)
	}
	return keys.NewMaster(raw)
}

func makeMaster(path string) (*keys.Master, error) {
	raw := make([]byte, keys.MasterSize)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	text := base64.StdEncoding.EncodeToString(raw) + "\n"
	if err := renameio.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("the master key cannot be written: %w", err)
	}
	return keys.NewMaster(raw)
}
