#!/usr/bin/env bash
# Asks every operation of the contract with made-up and with broken input, as people of every built-in role and on both
# databases: no 5xx, no status, header or body that the contract does not tell. Takes a server's program as its argument.
set -euo pipefail
cd "$(dirname "$0")/.."
server=$(realpath "${1:-target/debug/regulars}")
if [ -z "${BESIDE:-}" ]; then exec env -u REGULARS_TEST_POSTGRES BESIDE=1 scripts/with-postgres.sh "$0" "$server"; fi

tools=target/contract
if ! cmp -s tests/contract/requirements.txt "$tools/installed"; then
  rm -rf "$tools"
  python3 -m venv "$tools" || { [ "$(id -u)" = 0 ] && apt-get install -y -q python3-venv && python3 -m venv "$tools"; }
  "$tools/bin/pip" install -q --disable-pip-version-check -r tests/contract/requirements.txt
  cp tests/contract/requirements.txt "$tools/installed"
fi

home=$(mktemp -d)
running=
trap '[ -z "$running" ] || kill "$running" 2>/dev/null; rm -rf "$home"' EXIT
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance
checks=$checks,response_schema_conformance
# Streams of events never end: whoever waits for their end waits for the time-out. Tests of their own read them.
streams='/(live|jobs/stream)$'
failed=0

# ask DATABASE LOGIN PHASES EXAMPLES
ask() {
  echo "contract: $2 on $1"
  REGULARS_LOGIN=$2 SCHEMATHESIS_HOOKS=hooks PYTHONPATH=tests/contract "$tools/bin/st" --no-color run openapi/openapi.json \
    --url "$REGULARS_URL" --phases "$3" --checks "$checks" --max-examples "$4" --seed 1 --generation-database none \
    --no-shrink --continue-on-failure --warnings off --request-timeout 60 --exclude-path-regex "$streams" \
    >"$home/said" 2>&1 || {
    failed=$((failed + 1))
    sed -n '/= \(FAILURES\|ERRORS\) =/,/= SUMMARY =/p' "$home/said"
  }
  tail -n 1 "$home/said"
}

for database in sqlite postgresql; do
  where=()
  if [ $database = postgresql ]; then where=(--database "$REGULARS_TEST_POSTGRES"); fi
  "$server" demo --data "$home/$database" "${where[@]}" >"$home/demo"
  REGULARS_PASSWORD=$(sed -n "s/^Everyone's password.*: //p" "$home/demo")
  export REGULARS_PASSWORD
  "$server" serve --data "$home/$database" "${where[@]}" --listen 127.0.0.1:0 --rate-limit 0 >"$home/serve" 2>&1 &
  running=$!
  until REGULARS_URL=$(grep -o 'http://127[^ ]*' "$home/serve" | head -n 1) && [ -n "$REGULARS_URL" ]; do
    kill -0 "$running"
    sleep 0.1
  done
  export REGULARS_URL
  ask $database boss coverage,fuzzing 3
  for login in admin auditor head.hd office.hd sales1.hd market.hd service.hd; do
    ask $database "$login" fuzzing 3
  done
  kill "$running"
  wait "$running" || true
  running=
done
echo "contract: $((16 - failed)) passed, $failed failed"
[ $failed = 0 ]
