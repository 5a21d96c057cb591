#!/usr/bin/env bash
# Proves the dependency rule: who may know whom. domain ← analytics, domain ← persistence ← app ← api ← server.
set -euo pipefail
cd "$(dirname "$0")/.."
fail=0
knows() { cargo tree -q -p "$1" -e normal --prefix none --depth "${3:-20}" | awk '{print $1}' | grep -qx "$2"; }
forbid() { if knows "$1" "$2"; then echo "$1 must not know $2" >&2; fail=1; fi; }
for web in actix-web utoipa diesel tokio reqwest; do forbid regulars-domain $web; forbid regulars-analytics $web; done
for up in regulars-analytics regulars-persistence regulars-app regulars-api; do forbid regulars-domain $up; done
for up in regulars-persistence regulars-app regulars-api; do forbid regulars-analytics $up; done
for up in regulars-app regulars-api actix-web utoipa; do forbid regulars-persistence $up; done
for up in regulars-api actix-web; do forbid regulars-app $up; done
# Only persistence names diesel itself.
for crate in app api server; do
  if grep -rnE '\bdiesel(_migrations)?\b' crates/$crate/src crates/$crate/Cargo.toml >/dev/null; then
    echo "crates/$crate names diesel" >&2; fail=1
  fi
done
# SQL stands in persistence only.
if grep -rnE '"(SELECT|INSERT INTO|UPDATE|DELETE FROM) ' crates/app/src crates/api/src crates/domain/src >/dev/null; then
  echo "SQL outside persistence" >&2; fail=1
fi
[ $fail = 0 ] && echo "dependency rule holds"
exit $fail
