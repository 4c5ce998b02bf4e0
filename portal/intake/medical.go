package intake

import "strings"

// withoutCodes drops what looks like a diagnosis (ICD-10) or a procedure (CPT,
// HCPCS) from the description of a medical debt: the portal needs none of it
// (SEC-11). A five-digit invoice number goes with them; the account number
// identifies the debt.
func withoutCodes(description string) string {
	words := strings.Fields(description)
	kept := words[:0]
	for _, w := range words {
		if !medicalCode(strings.Trim(w, ".,;:()[]#")) {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

func medicalCode(w string) bool {
	code := strings.Replace(strings.ToUpper(w), ".", "", 1)
	if len(code) < 3 || len(code) > 7 || strings.ContainsFunc(code, func(r rune) bool { return r > '~' || !letter(byte(r)) && !digit(byte(r)) }) {
		return false
	}
	diagnosis := letter(code[0]) && digit(code[1]) && (digit(code[2]) || code[2] == 'A' || code[2] == 'B')
	procedure := len(code) == 5 && digits(code[1:4]) && (digit(code[0]) || letter(code[0])) && (digit(code[4]) || digit(code[0]))
	return diagnosis || procedure
}
