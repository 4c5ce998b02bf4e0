// Package claim takes what people say of their own lives, such as a bankruptcy,
// a death or a flood, and lets it take effect at once. What is claimed stays
// claimed until the system of record confirms or clears it (rules.md O).
package claim
