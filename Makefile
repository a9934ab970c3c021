# Engawa's targets. `make demo` shows it working, `make test` runs every test; both install what they need.
#
#   make build    web client and a static binary bin/engawa; offline once modules and npm packages are cached
#   make demo     three homes on loopback that federate; prints where to look
#   make run      one home with its data under ./data
#   make deps     what building and testing need beside Go and Node (scripts/deps)
#   make check    format, vet, staticcheck, import layers, unit tests; under 3 minutes
#   make test     everything, with the real components
#   make bench    the benchmarks, as a table
#   make profile  writes anew what the compiler is told of the hot paths (cmd/engawa/engawa.pgo)
#   make fuzz     every fuzz target for FUZZTIME each
#   make clean    removes what was built

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: build demo run deps check test bench profile fuzz clean

# Set by a release: make build VERSION=1.2.3. The commit is stamped by the Go toolchain itself.
VERSION ?=
FUZZTIME ?= 20s
# How deep the unit tests of `check` go; `test` runs them without -short.
SHORT ?= -short

ldflags := -s -w $(if $(VERSION),-X main.version=$(VERSION))
# Where the program spends its time, for the compiler: a tenth less CPU. Only the built binary takes it in, not tests.
profile := cmd/engawa/engawa.pgo
# The hottest calls only are inlined by the profile: the rest would make the binary larger and nothing faster.
inline := -d=pgoinlinebudget=120,pgoinlinecdfthreshold=60
npm_ci := npm ci --prefer-offline --no-audit --no-fund
# npm writes this file when it has installed what the lock file names.
web_packages := web/node_modules/.package-lock.json
peer_folders := $(addprefix test/peers/,fedify bluesky twitter x) test/clients/npm
peer_packages := $(addsuffix /node_modules/.package-lock.json,$(peer_folders))
web_sources := $(shell find web -name node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
# Tests that run several homes, other people's programs or the built binary; the rest are unit tests.
integration := engawa/(fediverse|test|bench)(/|$$)

build: web/dist/index.html
	CGO_ENABLED=0 go build -trimpath -pgo=$(profile) -gcflags=all=$(inline) -buildvcs=auto -ldflags '$(ldflags)' -o bin/engawa ./cmd/engawa

demo: build
	bin/engawa demo

run: build
	bin/engawa serve --data ./data

deps:
	scripts/deps build test

check:
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	go test $(SHORT) $$(go list ./... | grep -Ev '$(integration)')

# Unit tests run at full depth without the race detector (in check), because SQLite, which is translated Go, is some
# ten times slower under it; then everything runs under the race detector, with -short for the long property tests.
# -short never leaves out a scenario. -count=1 because Go's cache does not see the programs that the tests start.
# This comes last, so that the output ends with a line for each package.
test: deps build
	$(MAKE) --no-print-directory $(peer_packages)
	cd web && npm run --if-present check && npm run --if-present test
	$(MAKE) --no-print-directory check SHORT=
	CGO_ENABLED=1 go test -race -short -count=1 -timeout 20m ./...

bench: build
	go run ./bench

profile: build
	rm -rf bin/profiles && mkdir -p bin/profiles
	BENCH_PROFILE=bin/profiles BENCH_ONLY='page|incoming|deliver|local' go run ./bench
	go tool pprof -proto bin/profiles/*.pprof > $(profile)

fuzz:
	scripts/fuzz $(FUZZTIME)

clean:
	rm -rf bin web/dist web/node_modules $(addsuffix /node_modules,$(peer_folders))

web/dist/index.html: $(web_packages) $(web_sources)
	cd web && npm run build
	touch $@

%/node_modules/.package-lock.json: %/package-lock.json %/package.json
	scripts/deps build
	cd $* && $(npm_ci)
	touch $@
