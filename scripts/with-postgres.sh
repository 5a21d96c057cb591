#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own: fresh cluster, free port, gone afterwards.
set -euo pipefail
if [ -n "${REGULARS_TEST_POSTGRES:-}" ]; then exec "$@"; fi
bin=$(dirname "$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)" 2>/dev/null || true)
if [ ! -x "$bin/initdb" ] && [ "$(id -u)" = 0 ]; then
  apt-get install -y -q postgresql >/dev/null
  bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)")
fi
[ -x "$bin/initdb" ] || { echo "PostgreSQL 15 or newer is needed for the tests: apt-get install postgresql" >&2; exit 1; }
bin=$(dirname "$(readlink -f "$bin/initdb")")
home=$(mktemp -d)
chmod 755 "$home"
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown nobody "$home"
  as() { runuser -u nobody -- "$@"; }
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd_back=$PWD
cd "$home"
as "$bin/initdb" -D "$home/data" -U postgres -A trust --locale=C.UTF-8 -E UTF8 >/dev/null
as "$bin/pg_ctl" -s -w -D "$home/data" -l "$home/log" \
  -o "-p $port -k $home -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off -c synchronous_commit=off" start
stop() { cd "$home"; as "$bin/pg_ctl" -s -D "$home/data" -m immediate stop || true; rm -rf "$home"; }
trap stop EXIT
cd "$cd_back"
REGULARS_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres" "$@"
