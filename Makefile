# make run and make test are all that is needed; make help lists the rest.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-print-directory
.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0
# One set of compiled packages serves the tests, their child builds and what is shipped.
export GOFLAGS ?= -trimpath

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo source)
LDFLAGS := -s -w -X main.version=$(VERSION)
TEMPL   := $(shell find internal -name '*.templ' 2>/dev/null)
FRONT   := $(shell find web -type f 2>/dev/null)
BROWSER := $(wildcard test/browser/*.test.mjs)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build all and open the demo programme, with a sign-in link for each role
	@exec bin/ashar demo $(ARGS)

.PHONY: build
build: bin/.generated ## bin/ashar: one static file with the front end inside
	@echo "Building bin/ashar (the first time takes a minute or two)"
	@go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ashar ./cmd/ashar

.PHONY: generate
generate: ## make again all that is generated: pages, front end, tables in documents
	@rm -f bin/.generated
	@$(MAKE) bin/.generated
	@go test ./internal/foundation/config -run Readme -update

# Generated files are committed; this rule makes those again whose source changed since the last build.
bin/.generated: $(TEMPL) $(FRONT)
	@mkdir -p bin
	@scripts/generate $?
	@touch $@

node_modules/.package-lock.json: package-lock.json
	@scripts/need node
	@echo "Installing the front-end packages (npm ci)"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: check
check: ## the fast part: format, generated files, vet, staticcheck, types, unit tests on SQLite
	@scripts/check-format
	@scripts/check-generated
	@echo "go vet" && go vet ./...
	@echo "staticcheck" && go tool staticcheck ./...
	@$(MAKE) types
	@echo "Unit tests on SQLite" && ASHAR_TEST_ENGINES=sqlite go test -short ./...
	@scripts/check-vulnerabilities

.PHONY: types
types: node_modules/.package-lock.json ## check the types of the front end and of the browser tests
	@scripts/check-types

.PHONY: test
test: ## every test: lint, the Go suite on SQLite and PostgreSQL, the browser tests
	@scripts/need go node postgresql chromium pdf verapdf
	@scripts/say-shared
	@$(MAKE) node_modules/.package-lock.json
	@scripts/check-format
	@scripts/check-generated
	@echo "go vet" && go vet ./...
	@echo "staticcheck" && go tool staticcheck ./...
	@scripts/check-types
	@echo "Go tests, on SQLite and PostgreSQL" && go test -vet=off -timeout 80m ./...
	@$(MAKE) browser
	@scripts/say-shared

.PHONY: browser
browser: build node_modules/.package-lock.json ## the browser tests alone
	@scripts/need node chromium
	@echo "Browser tests, in $$(scripts/chromium)"
	@CHROMIUM="$$(scripts/chromium)" node --test --test-concurrency=2 --test-reporter=spec $(BROWSER)

.PHONY: screens
screens: build node_modules/.package-lock.json ## take the screenshots of docs/screens again
	@scripts/need node chromium
	@CHROMIUM="$$(scripts/chromium)" node test/browser/screens.mjs

.PHONY: bench
bench: ## the tables of speed, each figure beside its limit or its peer
	@echo "Measuring, one package after another (some minutes)" >&2
	@go test -p 1 -run '^$$' -bench . -benchtime 2s -timeout 60m ./... | go run ./bench -all

.PHONY: sbom
sbom: ## bin/ashar.cdx.json: the bill of materials of the binary and its front end (CycloneDX)
	@mkdir -p bin
	@go run ./sbom -version '$(VERSION)' > bin/ashar.cdx.json.part
	@mv bin/ashar.cdx.json.part bin/ashar.cdx.json
	@echo "bin/ashar.cdx.json: $$(grep -c '"bom-ref"' bin/ashar.cdx.json) parts"

.PHONY: prove
prove: ## the long proofs: what the time of an answer tells, random worlds of a hundred times the length
	@scripts/need go postgresql
	@echo "Does the time of 2,000 answers tell who is in? 0.5 auc tells nothing; the control must be seen"
	@go test -run '^$$' -bench WhoIsIn -benchtime 1x ./internal/spine/people
	@echo "Random worlds: who comes into a record, what an application counts, seats that are held, what the door answers, three devices without a network"
	@go test -timeout 60m ./internal/spine/people -run 'TestNobodyComesIntoARecord' -rapid.checks=1000
	@echo "Ten thousand draws: chi-square of panels, people and reserves against the chances that are told"
	@go test -v ./internal/science/lottery ./internal/modules/seminars/selection -run 'TestDrawsMatch|TestDrawsOfParties|TestEveryOrderOfTheReserve|TestPartiesStandTogether'
	@go test -timeout 60m ./internal/modules/seminars/pages -run 'TestOfAnApplicationIsCounted|TestSeatsHeldForAProof|TestWhateverTheDoor|TestThreeDevices' -rapid.checks=1000
	@echo "Files of questions: ten minutes of bytes that no program wrote"
	@for format in gift moodle qti; do go test -run '^$$' -fuzz FuzzRead -fuzztime 10m -fuzzminimizetime 10x ./internal/modules/learning/bank/$$format; done

.PHONY: clean
clean: ## remove what make made
	@rm -rf bin node_modules
