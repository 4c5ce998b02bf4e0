package identity_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"quittance/portal/identity"
)

// TestAHashCosts19MiBTwiceOver as OWASP has it: other packages' tests pay less,
// these and every program do not (ASVS 11.4.2).
func TestAHashCosts19MiBTwiceOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.desk().Add(t.Context(), "cora@acme.example", "Cora", "a long enough password", identity.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	s, err := b.StaffByEmail(t.Context(), "cora@acme.example")
	if err != nil || !strings.HasPrefix(s.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %q, %v", s.Password, err)
	}
}

// TestAPasswordIsTakenAsItIsTyped: any signs, in any mix, up to hundreds of
// them, blanks at the ends included; nothing is cut off or folded (ASVS 6.2.1,
// 6.2.5, 6.2.8, 6.2.9).
func TestAPasswordIsTakenAsItIsTyped(t *testing.T) {
	t.Parallel()
	d := setup(t).desk()
	for i, password := range []string{"twelve signs", "onlylowercaseletters", " blanks at the ends ", "ñandú 🦙 ключ 鍵 12", strings.Repeat("long ", 30) + "end"} {
		for j, typed := range []string{password, strings.ToUpper(password), password + " ", password[:len(password)-1]} {
			email := fmt.Sprintf("c%d%d@acme.example", i, j) // one each, so that no try waits for another
			if _, err := d.Add(t.Context(), email, "Cora", password, identity.RoleAdmin); err != nil {
				t.Fatalf("%q: %v", password, err)
			}
			want := identity.ErrSignIn
			if typed == password {
				want = nil
			}
			if _, err := d.SignIn(t.Context(), email, typed, identity.Visitor{Address: "visitor"}); !errors.Is(err, want) {
				t.Errorf("%q at the door of %q: %v", typed, password, err)
			}
		}
	}
	if _, err := d.Add(t.Context(), "z@acme.example", "Cora", "eleven sign", identity.RoleAdmin); !errors.Is(err, identity.ErrWeakPassword) {
		t.Errorf("eleven signs: %v", err)
	}
}
