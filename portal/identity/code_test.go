package identity_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"quittance/portal/identity"
)

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 200 {
		printed, hash, _ := b.codes.New()
		bare := strings.ReplaceAll(printed, "-", "")
		forgiven := strings.NewReplacer("0", "o", "1", "L").Replace(bare)
		for _, typed := range []string{
			printed, bare, strings.ToLower(printed), " " + printed + "\n", strings.Join(strings.Split(bare, ""), " "),
			strings.ReplaceAll(printed, "-", " – "), forgiven, strings.ReplaceAll(bare, "1", "i"), strings.ReplaceAll(bare, "0", "O"),
		} {
			code, err := identity.ParseCode(typed)
			if err != nil || !bytes.Equal(b.codes.Hash(code), hash) || code.Format() != printed {
				t.Fatalf("%q typed as %q: %q, %v", printed, typed, code.Format(), err)
			}
		}
	}
}

func TestEveryWrongCharacterAndEveryExchangeOfTwoIsNoticed(t *testing.T) {
	t.Parallel()
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	printed, _, _ := setup(t).codes.New()
	bare := []byte(strings.ReplaceAll(printed, "-", ""))
	for i := range bare {
		for _, c := range []byte(alphabet) {
			wrong := bytes.Clone(bare)
			wrong[i] = c
			if _, err := identity.ParseCode(string(wrong)); (err == nil) != (c == bare[i]) {
				t.Errorf("%s for %s: %v", wrong, bare, err)
			}
		}
		for j := range i {
			wrong := bytes.Clone(bare)
			wrong[i], wrong[j] = wrong[j], wrong[i]
			if _, err := identity.ParseCode(string(wrong)); (err == nil) != (bare[i] == bare[j]) {
				t.Errorf("%s for %s: %v", wrong, bare, err)
			}
		}
	}
}

func TestWhatIsNoCodeIsRefusedBeforeAnythingIsLookedUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	printed, _, _ := b.codes.New()
	for _, typed := range []string{"", "-", "K7Q2", printed + "0", printed[:11], "U" + printed[1:], "é" + printed[1:],
		"\x00" + printed[1:], strings.Repeat(" ", 300) + printed, "\xff\xfe" + printed} {
		if _, err := b.verifier.Begin(typed); !errors.Is(err, identity.ErrMalformedCode) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if len(b.asked) > 0 {
		t.Errorf("the store was asked %v", b.asked)
	}
}

func TestSEC08_ACodeIsStoredSealedAndPrintsAsDots(t *testing.T) {
	t.Parallel()
	b := setup(t)
	printed, hash, sealed := b.codes.New()
	code, err := b.codes.Open(sealed, hash)
	if err != nil || code.Format() != printed {
		t.Fatalf("open = %q, %v", code.Format(), err)
	}
	if got := fmt.Sprintf("%s %v %#v %+v", code, code, code, &code); strings.Contains(got, printed[:4]) {
		t.Errorf("printed as %s", got)
	}
	_, other, _ := b.codes.New()
	if _, err := b.codes.Open(sealed, other); err == nil {
		t.Error("the sealed copy of one account opened for another")
	}
	if bytes.Contains(sealed, []byte(printed[:4])) {
		t.Error("the sealed copy is readable")
	}
}

func TestKeysAreLongAndDiffer(t *testing.T) {
	t.Parallel()
	if _, err := identity.NewKeys(func(string) []byte { return nil }); err == nil {
		t.Error("empty keys were accepted")
	}
	if _, err := identity.NewKeys(func(p string) []byte { return derive(p)[:31] }); err == nil {
		t.Error("keys of 31 bytes were accepted")
	}
	if _, err := identity.NewKeys(func(string) []byte { return derive("one for all") }); err == nil {
		t.Error("one key for all was accepted")
	}
}

// The words around a code, together with some of its characters, fit one code in
// 32 by chance.
func TestF13_EveryCodeIsReadInASentence(t *testing.T) {
	t.Parallel()
	keys, err := identity.NewKeys(derive)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := identity.NewCodes(keys)
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		printed, _, _ := codes.New()
		for _, around := range []string{"Your code is %s.", "Su código es: %s", "code: %s thanks", "%s is my code"} {
			for _, written := range []string{printed, strings.ReplaceAll(printed, "-", " "), strings.ReplaceAll(printed, "-", "")} {
				typed := strings.Replace(around, "%s", written, 1)
				if got, err := identity.ParseCode(typed); err != nil || got.Format() != printed {
					t.Fatalf("%q reads as %q, %v", typed, got.Format(), err)
				}
			}
		}
	}
	first, _, _ := codes.New()
	second, _, _ := codes.New()
	if _, err := identity.ParseCode(first + " or " + second); !errors.Is(err, identity.ErrMalformedCode) {
		t.Errorf("of two codes one was taken: %v", err)
	}
}

func FuzzParseCode(f *testing.F) {
	for _, seed := range []string{"K7Q2-9MXD-4F", "0000000000", "oooo oooo oo", "lLiI-1111-11", "\x00", "\xff", strings.Repeat("-", 100), "Ｋ７Ｑ２"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := identity.ParseCode(typed)
		if err != nil {
			if !errors.Is(err, identity.ErrMalformedCode) || code.Format() != "" {
				t.Fatalf("%q: %q, %v", typed, code.Format(), err)
			}
			return
		}
		again, err := identity.ParseCode(code.Format())
		if err != nil || again != code || len(code.Format()) != 12 {
			t.Fatalf("%q reads as %q, which reads as %q, %v", typed, code.Format(), again.Format(), err)
		}
	})
}

func BenchmarkNewCode(b *testing.B) {
	keys, err := identity.NewKeys(derive)
	if err != nil {
		b.Fatal(err)
	}
	codes, err := identity.NewCodes(keys)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		codes.New()
	}
}
