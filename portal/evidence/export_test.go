package evidence

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"quittance/portal/chain"
)

var exporter = Signer(bytes.Repeat([]byte{9}, 32))

func exported(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	m := Manifest{AccountRef: "A-1", MadeAt: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		Chains: Heads(map[chain.Name]chain.Head{chain.Audit: {Position: 7, Link: []byte{1, 2}}})}
	page := File{"pages/1.html", []byte("<p>one</p>")}
	if err := Export(&b, m, exporter, []File{{"account.json", []byte(`{"ref":"A-1"}`)}, page, page}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// again writes an export anew with one member changed.
func again(t *testing.T, whole []byte, change func(name string, content []byte) []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if content = change(f.Name, content); content == nil {
			continue
		}
		if err := add(z, f.Name, time.Now(), content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestREC02_S11_AnyByteOfAnExportThatIsChangedIsFound(t *testing.T) {
	t.Parallel()
	whole := exported(t)
	m, key, err := VerifyExport(whole)
	if err != nil || len(m.Files) != 2 || key != KeyOf(exporter) || m.AccountRef != "A-1" || m.Chains[chain.Audit] != (Head{7, "0102"}) {
		t.Fatalf("%+v, %s, %v", m, key, err)
	}
	refused := func(what string, content []byte) {
		t.Helper()
		if _, _, err := VerifyExport(content); !errors.Is(err, ErrExport) {
			t.Errorf("%s: %v", what, err)
		}
	}
	members := map[string]int{}
	again(t, whole, func(name string, content []byte) []byte { members[name] = len(content); return content })
	if len(members) != 4 {
		t.Fatalf("members %v", members)
	}
	for member, size := range members {
		for i := range size {
			refused(member, again(t, whole, func(name string, content []byte) []byte {
				if name == member {
					content[i] ^= 1
				}
				return content
			}))
		}
		refused("without "+member, again(t, whole, func(name string, content []byte) []byte {
			if name == member {
				return nil
			}
			return content
		}))
	}
	refused("another's file", again(t, whole, func(name string, content []byte) []byte {
		return []byte(strings.ReplaceAll(string(content), "A-1", "A-2"))
	}))
	refused("no archive", []byte("no archive"))
}
