#!/usr/bin/env bash
# Feeds what reads foreign bytes with inputs that a fuzzer makes up, SECONDS_EACH (60) for each target; stops at the first
# that panics or breaks a rule, and keeps the input in fuzz/artifacts. Targets may be named.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(rustc -vV | sed -n 's/^host: //p')
# What libFuzzer needs of the compiler, by flags of the stable one.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
coverage="$coverage -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
RUSTFLAGS="$coverage" cargo build --release --manifest-path fuzz/Cargo.toml --target "$target" --target-dir target/fuzz
names=("$@")
[ $# -gt 0 ] || names=(cursor condition merge_patch import_csv import_xlsx token naming)
for name in "${names[@]}"; do
  mkdir -p "target/fuzz/corpus/$name" fuzz/artifacts
  seeds=()
  [ ! -d "fuzz/seeds/$name" ] || seeds=("fuzz/seeds/$name")
  "target/fuzz/$target/release/$name" -max_total_time="${SECONDS_EACH:-60}" -rss_limit_mb=1024 -timeout=10 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$name-" "target/fuzz/corpus/$name" "${seeds[@]}" 2>&1 \
    | tee "target/fuzz/$name.log" | grep -E "ERROR|panicked|stat::number_of_executed_units" \
    || { tail -n 40 "target/fuzz/$name.log"; exit 1; }
  if grep -q "ERROR\|panicked" "target/fuzz/$name.log"; then tail -n 40 "target/fuzz/$name.log"; exit 1; fi
  echo "fuzz: $name passed"
done
