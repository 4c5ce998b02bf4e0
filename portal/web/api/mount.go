package api

import "github.com/gofiber/fiber/v2"

// Mount returns what adds the API to an app, for the wiring that does not know
// the web library.
func Mount(deps Deps) func(*fiber.App) error {
	return func(app *fiber.App) error { return Register(app, deps) }
}
