# The targets a person types. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN := $(CURDIR)/bin
COUNTS := $(BIN)/counts
GOLANGCI := $(BIN)/golangci-lint
TEMPL := $(BIN)/templ
GOLANGCI_VERSION := v2.15.0
TEMPL_VERSION := v0.3.977
STATIC := CGO_ENABLED=0
# SQLite's own C, translated to Go, is not ours to check for races; left
# uninstrumented it runs several times faster.
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## Run the whole product on this machine with sample accounts
	go run ./cmd/portal demo

.PHONY: build
build: ## Build the portal into bin/portal
	$(STATIC) go build -trimpath -ldflags "-s -w -X main.commit=$$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" -o $(BIN)/portal ./cmd/portal

.PHONY: check
check: ## The quick loop: formatting, vet, generated code, short tests (no browser)
	@unformatted=$$(gofmt -l cmd portal payments plans frontend); [ -z "$$unformatted" ] || { echo "gofmt these: $$unformatted"; exit 1; }
	$(STATIC) go vet ./...
	$(MAKE) --no-print-directory generated
	$(STATIC) go test -short ./...

.PHONY: test
test: ## Everything: both engines with the race detector, the browser, the linters
	@.ci/deps
	@mkdir -p $(COUNTS); rm -f $(COUNTS)/*.json
	@status=0; \
	for step in lint go-test laws shape-test e2e; do \
	  echo "── $$step"; $(MAKE) --no-print-directory $$step || { status=1; echo "── $$step failed"; }; \
	done; \
	node .ci/tally.mjs --sum $(COUNTS)/*.json || status=1; exit $$status

# Long machines of one goroutine, and rigs that kill other processes: the race
# detector sees nothing in them and makes them three times as long.
LAWS := ^Test(R1|R3|R9|R04|R10|R16)_|^TestARehearsal|^TestDIS02_AMT06_NoOrder

.PHONY: go-test
go-test: ## Go tests on SQLite and PostgreSQL with the race detector, but for the laws
	@mkdir -p $(COUNTS)
	go test $(RACE) -timeout 40m -skip '$(LAWS)' -json ./... | node .ci/tally.mjs $(COUNTS)/go.json

# The default is what two cores do in a few minutes; `make laws OPERATIONS=100000` does more.
OPERATIONS ?= 20000
.PHONY: laws
laws: ## The laws of money over OPERATIONS random operations an engine, the crash rig, the seeded bugs, rehearsals
	@mkdir -p $(COUNTS)
	$(STATIC) go test -count=1 -timeout 40m -json -run '$(LAWS)' ./payments/... ./plans ./cmd/portal | node .ci/tally.mjs $(COUNTS)/rigs.json
	$(STATIC) go test -count=1 -timeout 40m -json -run '$(LAWS)' ./portal/store -operations=$(OPERATIONS) | node .ci/tally.mjs $(COUNTS)/laws.json

.PHONY: shape-test
shape-test: ## Every request and answer against Stripe's own description of its API
	@mkdir -p $(COUNTS)
	cd payments/stripegw/mocktest && $(STATIC) go test -timeout 10m -json ./... | node $(CURDIR)/.ci/tally.mjs $(COUNTS)/shape.json

.PHONY: e2e
e2e: build ## Browser tests in Chromium against the built binary
	@.ci/deps >/dev/null; mkdir -p $(COUNTS)
	$(STATIC) go build -o $(BIN)/gallery ./cmd/gallery
	cd frontend/e2e && PORTAL_BIN=$(BIN)/portal GALLERY_BIN=$(BIN)/gallery COUNTS_FILE=$(COUNTS)/e2e.json npx playwright test

.PHONY: lint
lint: $(GOLANGCI) generated ## Linters for Go, templates, CSS and JavaScript
	@.ci/deps >/dev/null
	$(GOLANGCI) run ./...
	cd frontend/e2e && npm run --silent lint

.PHONY: generate
generate: $(TEMPL) ## Write the Go code of the templates again
	$(TEMPL) generate -path frontend

# The templates' own formatter is not asked: it drops spaces that a screen
# reader needs. Each page in each state is held to rules by frontend/pages.
.PHONY: generated
generated: $(TEMPL)
	@$(TEMPL) generate -path frontend >/dev/null 2>&1; \
	git diff --quiet -- 'frontend/**/*_templ.go' || { echo "generated templates differ: run make generate and commit"; git diff --stat -- 'frontend/**/*_templ.go'; exit 1; }

.PHONY: rules
rules: ## List each rule of law with the tests that carry its id
	@go run ./cmd/rules

.PHONY: bench
bench: ## Benchmarks as ratios to ceilings measured in the same run; writes README's table
	$(STATIC) go run ./cmd/bench -readme README.md

.PHONY: gallery
gallery: ## Serve every page in every state and language
	go run ./cmd/gallery

.PHONY: vuln
vuln: ## Known vulnerabilities of the dependencies (needs the vulnerability database)
	go run golang.org/x/vuln/cmd/govulncheck@v1.8.0 ./...

$(GOLANGCI):
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

$(TEMPL):
	GOBIN=$(BIN) go install github.com/a-h/templ/cmd/templ@$(TEMPL_VERSION)
