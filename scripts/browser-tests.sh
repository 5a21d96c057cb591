#!/usr/bin/env bash
# The browser tests: Debian's Chromium against the built server.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "Chromium is needed for the browser tests: apt-get install chromium fonts-noto-cjk" >&2; exit 1; }
  apt-get update -q >/dev/null
  apt-get install -y -q chromium fonts-noto-cjk >/dev/null
fi
cd tests/browser
[ -d node_modules ] || PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-audit --no-fund --silent
npm test --silent
