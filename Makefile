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
TALLY := node $(CURDIR)/.ci/tally.mjs

# Everything is compiled twice at most: plainly, with these flags, and for the
# race detector. Any other flag would compile every library once more. What
# debuggers read is left out: it is a quarter of a compilation's time.
export GOFLAGS := -trimpath -gcflags=all=-dwarf=false -ldflags=-w
export CGO_ENABLED := 0
# SQLite's own C, translated to Go, and the hash of passwords are not ours to check
# for races; left uninstrumented they run several times faster.
RACE := -race $(foreach path,modernc.org/... golang.org/x/crypto/...,'-gcflags=$(path)=-dwarf=false -race=false')

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9%-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## Run the whole product on this machine with sample accounts
	go run ./cmd/portal demo

.PHONY: build
build: ## Build the portal into bin/portal
	go build -ldflags "-s -w -X quittance/cmd/app.commit=$$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" -o $(BIN)/portal ./cmd/portal

.PHONY: check
check: ## The quick loop: formatting, vet, generated code, short tests (no browser)
	@unformatted=$$(gofmt -l cmd portal payments plans frontend); [ -z "$$unformatted" ] || { echo "gofmt these: $$unformatted"; exit 1; }
	go vet ./...
	$(MAKE) --no-print-directory generated
	$(MAKE) --no-print-directory deadcode
	go test -vet=off -short ./...

.PHONY: deadcode
deadcode: ## List exported functions that no program calls; fails when there is one
	go run ./cmd/deadcode

# The steps run side by side, two at a time: while one waits for a network, a disk
# or a browser the other has the processors. The longest come first, and last those
# that keep all processors busy by themselves. What several of them need is
# compiled before, or each would compile it. All share one PostgreSQL.
PREPARE := deps compile tools
STEPS := e2e laws go-plain go-race lint shape-test
SYNC := $(if $(filter output-sync,$(.FEATURES)),-Otarget)
.PHONY: test
test: ## Everything: both engines, the race detector where goroutines are, the browser, the linters
	@rm -rf $(COUNTS); mkdir -p $(COUNTS)
	@begin=$$(date +%s); status=0; side="$(MAKE) --no-print-directory -k $(SYNC)"; \
	$$side -j3 $(PREPARE:%=step-%) || status=1; \
	$(BIN)/pgrun $$side -j2 $(STEPS:%=step-%) || status=1; \
	$(TALLY) --sum $(COUNTS) $$(( $$(date +%s) - begin )) || status=1; exit $$status

step-%:
	@begin=$$(date +%s); status=0; $(MAKE) --no-print-directory $* || status=1; \
	took=$$(( $$(date +%s) - begin )); echo $$took >$(COUNTS)/$*.seconds; \
	[ $$status = 0 ] || { echo "── $* FAILED after $$took s"; exit 1; }; echo "── $* took $$took s"

.PHONY: deps
deps:
	@.ci/deps

.PHONY: compile
compile: build
	go build -o $(BIN)/gallery ./cmd/gallery
	go build -o $(BIN)/pgrun ./cmd/pgrun
	go build ./...

.PHONY: tools
tools: $(GOLANGCI) $(TEMPL)

# The linters vet all packages, tests too, so that `go test` need not.
# What runs with the race detector, packages and tests of others by their names,
# and where the laws are.
RACED = $$(awk 'NF == 1 && /^[a-z]/ { print "./" $$1 }' .ci/race.txt)
MEET_IN = $$(awk 'NF == 2 && /^[a-z]/ { print "./" $$1 }' .ci/race.txt | sort -u)
MEETING := ^($(subst $(eval) ,|,$(sort $(shell awk 'NF == 2 && /^[a-z]/ { print $$2 }' .ci/race.txt))))$$
UNRACED = $$(go list ./... | grep -vxF "$$(awk 'NF == 1 && /^[a-z]/ { print "quittance/" $$1 }' .ci/race.txt)")
WITH_LAWS = $$(grep -rlE --include='*_test.go' 'func ($(subst ^,,$(LAWS)))' cmd payments plans portal | xargs -n1 dirname | sed 's|^|./|' | sort -u)

# Long machines of one goroutine, and rigs that kill other processes: the race
# detector sees nothing in them and makes them three times as long.
LAWS := ^Test(R1|R3|R9|R04|R10|R16)_|^TestARehearsal|^TestDIS02_AMT06_NoOrder

.PHONY: go-race
go-race: ## Go tests with the race detector, where goroutines meet
	@mkdir -p $(COUNTS)
	@status=0; export CGO_ENABLED=1; { \
	go test $(RACE) -vet=off -timeout 40m -skip '$(LAWS)' -json $(RACED) || status=1; \
	go test $(RACE) -vet=off -timeout 40m -run '$(MEETING)' -json $(MEET_IN) || status=1; exit $$status; } | $(TALLY) $(COUNTS)/go-race.json

.PHONY: go-plain
go-plain: ## All other Go tests
	@mkdir -p $(COUNTS)
	go test -vet=off -timeout 40m -skip '$(LAWS)|$(MEETING)' -json $(UNRACED) | $(TALLY) $(COUNTS)/go-plain.json

# What is drawn at random begins at the commit's own number, so that each change
# is tried elsewhere and each failure can be played again.
export PROOF_SEED ?= $(shell printf '%d' 0x$$(git rev-parse --short=8 HEAD 2>/dev/null || echo 1))

.PHONY: laws
laws: ## The laws of money over random operations, the crash rig, the seeded bugs, rehearsals
	@mkdir -p $(COUNTS); echo "PROOF_SEED=$(PROOF_SEED)"
	$(LAW) -run '$(LAWS)' $(WITH_LAWS) | $(TALLY) $(COUNTS)/laws.json
LAW := go test -vet=off -count=1 -timeout 59m -json

# The same with budgets that are too long for each change, in pieces of less than
# an hour. Each seeded bug must be caught with 20 seeds by the budgets of `laws`.
PIECES := proof-kills proof-operations proof-cents proof-doors proof-sim proof-race $(addprefix proof-bug-,1 2 3 4 5 6 7 8 9)
.PHONY: proof proof-kills proof-operations proof-cents proof-doors proof-sim proof-race
proof: ## The long proofs, one piece after the other: kills, operations, cents, doors, rehearsals, races, seeded bugs with 20 seeds
	@echo "the pieces: $(PIECES)"; rm -rf $(BIN)/proof; mkdir -p $(BIN)/proof; begin=$$(date +%s); status=0; \
	for piece in $(PIECES); do $(MAKE) --no-print-directory COUNTS=$(BIN)/proof step-$$piece || status=1; done; \
	$(TALLY) --sum $(BIN)/proof $$(( $$(date +%s) - begin )) || status=1; exit $$status

proof-kills: ## 500 kills of the server on each engine
	@mkdir -p $(COUNTS); echo "PROOF_SEED=$(PROOF_SEED)"
	PROOF_KILLS=500 $(LAW) -run '^TestR1_' ./cmd/portal | $(TALLY) $(COUNTS)/$@.json

proof-operations: ## 100,000 operations of the laws on each engine
	@mkdir -p $(COUNTS); echo "PROOF_SEED=$(PROOF_SEED)"
	PROOF_OPERATIONS=100000 $(LAW) -run '$(LAWS)' ./payments ./portal/store | $(TALLY) $(COUNTS)/$@.json

proof-cents: ## 3,000 acts of people, files and banks on each engine, and no cent on no list after any
	@mkdir -p $(COUNTS); echo "PROOF_SEED=$(PROOF_SEED)"
	PROOF_CENTS=3000 $(LAW) -run '^TestR10_NoCent' ./cmd/portal | $(TALLY) $(COUNTS)/$@.json

proof-doors: ## 1,000 strangers, 1,000,000 failures and guesses, every flood and every vector behind nginx
	@mkdir -p $(COUNTS)
	PROOF_STRANGERS=1000 PROOF_FAILURES=1000000 PROOF_GUESSES=1000000 $(LAW) -run 'AThousandStrangers|RowsThatFailures|GuessingAtCodes' ./portal/web/consumer ./portal/identity | $(TALLY) $(COUNTS)/$@.json
	$(LAW) -run '^TestSEC07_NoFlood|^TestS12_Behind' ./cmd/portal -args -whole | $(TALLY) $(COUNTS)/$@-floods.json

proof-sim: ## 20 rehearsals of 120 days: five books agree to the cent
	@mkdir -p $(COUNTS)
	PROOF_SIM=20 $(LAW) -run '^TestR16_Whatever' ./cmd/portal | $(TALLY) $(COUNTS)/$@.json

proof-race: ## All tests but the laws with the race detector
	@mkdir -p $(COUNTS)
	CGO_ENABLED=1 $(LAW) $(RACE) -skip '$(LAWS)' ./... | $(TALLY) $(COUNTS)/$@.json

proof-bug-%: ## One seeded bug, built once, with 20 seeds: proof-bug-1 to proof-bug-9
	@mkdir -p $(COUNTS); echo "PROOF_SEED=$(PROOF_SEED)"
	PROOF_SEEDS=20 $(LAW) -run '^TestR3_SeededBugsAreCaught$$/^$*_' ./cmd/portal | $(TALLY) $(COUNTS)/$@.json

.PHONY: mutants
mutants: ## Take each row out of the list of who is told, and see its test fail
	go test -vet=off -count=1 -timeout 59m ./cmd/portal -run '^TestEachRowNames' -v -args -mutants

.PHONY: shape-test
shape-test: ## Every request and answer against Stripe's own description of its API
	@mkdir -p $(COUNTS)
	cd payments/stripegw/mocktest && go test -timeout 10m -json ./... | $(TALLY) $(COUNTS)/shape.json

.PHONY: e2e
e2e: build ## Browser tests in Chromium against the built binary
	@.ci/deps >/dev/null; mkdir -p $(COUNTS)
	go build -o $(BIN)/gallery ./cmd/gallery
	cd frontend/e2e && PORTAL_BIN=$(BIN)/portal GALLERY_BIN=$(BIN)/gallery COUNTS_FILE=$(COUNTS)/e2e.json npx playwright test

.PHONY: lint
lint: $(GOLANGCI) generated ## Linters for Go, templates, CSS and JavaScript
	@.ci/deps >/dev/null
	$(GOLANGCI) run ./...
	@$(MAKE) --no-print-directory deadcode
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
	go run ./cmd/bench -readme README.md

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

.PHONY: release
release: ## Binaries with licenses, SBOMs and checksums of this commit into dist
	@.ci/release

.PHONY: release-again
release-again: ## The same once more from a clone elsewhere: the same bytes, or it fails
	@.ci/release again
