package outbox

import (
	"embed"
	"errors"
	"io/fs"
)

//go:embed schemas
var schemas embed.FS

// ErrNoSchema is returned for a type or version without a schema.
var ErrNoSchema = errors.New("no such schema")

// Schema returns the JSON Schema of one version ("1") of a type's body.
func Schema(t Type, version string) ([]byte, error) {
	return schemaFile(t, version, ".json")
}

// Example returns a body of one version of a type as it is really sent.
func Example(t Type, version string) ([]byte, error) {
	return schemaFile(t, version, ".example.json")
}

func schemaFile(t Type, version, suffix string) ([]byte, error) {
	if !t.Known() && t != EndpointTest {
		return nil, ErrNoSchema
	}
	content, err := schemas.ReadFile("schemas/" + string(t) + "." + version + suffix)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, ErrNoSchema
	}
	return content, err
}
