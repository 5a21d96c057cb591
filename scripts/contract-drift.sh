#!/usr/bin/env bash
# The committed contract and the client made from it are those of the code.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scripts/schema-names.py
cargo run -q -p regulars -- openapi > "$work/openapi.json"
diff -q openapi/openapi.json "$work/openapi.json" >/dev/null || { echo "openapi/openapi.json is stale: make openapi" >&2; exit 1; }
cp frontend/src/api/schema.gen.ts "$work/before.ts"
(cd frontend && npm run --silent gen)
diff -q "$work/before.ts" frontend/src/api/schema.gen.ts >/dev/null || { echo "the web app's types are stale: make openapi" >&2; exit 1; }
echo "contract and client are up to date"
