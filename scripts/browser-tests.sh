#!/usr/bin/env bash
# The browser tests: Debian's Chromium, with a window or without, against the built server.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "Chromium is needed for the browser tests: apt-get install chromium-headless-shell fonts-noto-cjk" >&2; exit 1; }
  apt-get update -q >/dev/null
  apt-get install -y -q chromium-headless-shell fonts-noto-cjk >/dev/null
fi
cd tests/browser
[ -d node_modules ] || PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-audit --no-fund --silent
npm test --silent
