#!/usr/bin/env bash
# Signs people in through a real OpenID Connect provider and tries what must not work. Takes a server's program built with
# the feature `oidc` as its argument.
set -euo pipefail
cd "$(dirname "$0")/.."
server=$(realpath "${1:-target/debug/regulars}")

tools=target/oidc
mkdir -p "$tools"
if ! cmp -s tests/oidc/package-lock.json "$tools/installed"; then
  cp tests/oidc/package.json tests/oidc/package-lock.json tests/oidc/.npmrc "$tools/"
  npm ci --prefix "$tools" --no-audit --no-fund --silent
  cp tests/oidc/package-lock.json "$tools/installed"
fi
cp tests/oidc/*.mjs "$tools/"
node "$tools/run.mjs" "$server"
