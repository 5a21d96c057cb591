#!/usr/bin/env python3
"""The peers of `regulars-bench --pivot`: makes the data of TPC-H and asks DuckDB, Polars and PostgreSQL the same question.

    scripts/pivot-peers.py DIRECTORY SCALE [POSTGRES_URL]

Writes DIRECTORY/*.tbl once and DIRECTORY/peers.json: for each peer its name and version, the fastest of the runs in wall
milliseconds, the CPU seconds of that run, and the answer; or why it is absent. Python packages go into DIRECTORY/venv.
"""
import json
import os
import resource
import subprocess
import sys
import time
import venv
from pathlib import Path

RUNS = 5
PACKAGES = ["duckdb", "polars", "tpchgen-cli"]
TABLES = {
    "nation": ["n_nationkey", "n_name", "n_regionkey", "n_comment"],
    "customer": ["c_custkey", "c_name", "c_address", "c_nationkey", "c_phone", "c_acctbal", "c_mktsegment", "c_comment"],
    "orders": ["o_orderkey", "o_custkey", "o_orderstatus", "o_totalprice", "o_orderdate", "o_orderpriority", "o_clerk",
               "o_shippriority", "o_comment"],
    "lineitem": ["l_orderkey", "l_partkey", "l_suppkey", "l_linenumber", "l_quantity", "l_extendedprice", "l_discount",
                 "l_tax", "l_returnflag", "l_linestatus", "l_shipdate", "l_commitdate", "l_receiptdate",
                 "l_shipinstruct", "l_shipmode", "l_comment"],
}
# Ten-thousandths of a unit of money, as whole numbers, so that every sum is exact.
TAKEN = {
    "nation": "n_nationkey, n_name",
    "customer": "c_custkey, c_nationkey, c_mktsegment",
    "orders": "o_orderkey, o_custkey, o_orderdate",
    "lineitem": "l_orderkey, l_revenue",
}
QUESTION = """SELECT n_name, {month} AS month, c_mktsegment, CAST(SUM(l_revenue) AS BIGINT) AS revenue
FROM lineitem JOIN orders ON o_orderkey = l_orderkey JOIN customer ON c_custkey = o_custkey
JOIN nation ON n_nationkey = c_nationkey GROUP BY 1, 2, 3"""


def cpu():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def fastest(run, cpu=cpu):
    best = None
    for _ in range(RUNS):
        before, began = cpu(), time.perf_counter()
        rows = run()
        wall, used = (time.perf_counter() - began) * 1000, cpu() - before
        if best is None or wall < best["wall_ms"]:
            best = {"wall_ms": wall, "cpu_s": used, "rows": rows}
    best["rows"] = sorted([nation, str(month)[:7], segment, int(sum)] for nation, month, segment, sum in best["rows"])
    return best


def duckdb_filled(directory):
    import duckdb

    db = duckdb.connect()
    for table, columns in TABLES.items():
        names = ", ".join(f"'{name}'" for name in columns + ["_end"])
        file = f"read_csv('{directory}/{table}.tbl', delim='|', header=false, names=[{names}])"
        taken = TAKEN[table].replace(
            "l_revenue",
            "CAST(ROUND(l_extendedprice * 100) AS BIGINT) * (100 - CAST(ROUND(l_discount * 100) AS BIGINT)) AS l_revenue")
        db.execute(f"CREATE TABLE {table} AS SELECT {taken} FROM {file}")
    return db


def duckdb_measured(db):
    import duckdb

    question = QUESTION.format(month="date_trunc('month', o_orderdate)")
    return {"name": f"DuckDB {duckdb.__version__}", **fastest(lambda: db.execute(question).fetchall())}


def polars_measured(db, directory):
    import polars as pl

    frames = {}
    for table in TABLES:
        file = directory / f"{table}.csv"
        db.execute(f"COPY {table} TO '{file}' (HEADER true)")
        frames[table] = pl.read_csv(file, try_parse_dates=True)
        file.unlink()

    def run():
        joined = (
            frames["lineitem"].lazy()
            .join(frames["orders"].lazy(), left_on="l_orderkey", right_on="o_orderkey")
            .join(frames["customer"].lazy(), left_on="o_custkey", right_on="c_custkey")
            .join(frames["nation"].lazy(), left_on="c_nationkey", right_on="n_nationkey")
        )
        keys = ["n_name", pl.col("o_orderdate").dt.truncate("1mo").alias("month"), "c_mktsegment"]
        return joined.group_by(keys).agg(pl.col("l_revenue").sum()).collect().rows()

    return {"name": f"Polars {pl.__version__}", **fastest(run)}


def children_of(pid):
    """CPU seconds of a process and of all that it ever started and that live."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
            except OSError:
                continue
            if entry.name == pid or stat[1] == pid:
                total += sum(int(stat[at]) for at in (11, 12, 13, 14))
    return total / ticks


def postgres_measured(db, directory, url):
    def psql(sql):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "|", "-v", "ON_ERROR_STOP=1", url, "-c", sql],
                              check=True, capture_output=True, text=True)
        return done.stdout.strip()

    for table in TABLES:
        file = directory / f"{table}.csv"
        db.execute(f"COPY {table} TO '{file}' (HEADER false)")
        kinds = {"n_name": "text", "c_mktsegment": "text", "o_orderdate": "date"}
        columns = ", ".join(f"{name} {kinds.get(name, 'bigint')}" for name in TAKEN[table].split(", "))
        psql(f"DROP TABLE IF EXISTS {table}")
        psql(f"CREATE TABLE {table} ({columns})")
        psql(f"\\copy {table} FROM '{file}' (FORMAT csv)")
        file.unlink()
        psql(f"VACUUM ANALYZE {table}")
    pid = (Path(psql("SHOW data_directory")) / "postmaster.pid")
    parent = pid.read_text().split()[0] if os.access(pid, os.R_OK) else None
    question = QUESTION.format(month="date_trunc('month', o_orderdate)::date")
    run = lambda: [line.split("|") for line in psql(question).splitlines()]  # noqa: E731
    measured = fastest(run, (lambda: children_of(parent)) if parent else (lambda: 0.0))
    if not parent:
        measured["cpu_s"] = None
    return {"name": f"PostgreSQL {psql('SHOW server_version').split()[0]}", **measured}


def main():
    directory, scale = Path(sys.argv[1]), sys.argv[2]
    url = sys.argv[3] if len(sys.argv) > 3 else None
    directory.mkdir(parents=True, exist_ok=True)
    python = directory / "venv" / "bin" / "python"
    if Path(sys.executable).parent != python.parent:
        if not (directory / "venv" / "ready").exists():
            venv.create(directory / "venv", with_pip=True)
            subprocess.run([python, "-m", "pip", "-q", "install", *PACKAGES], check=True)
            (directory / "venv" / "ready").touch()
        raise SystemExit(subprocess.run([python, __file__, *sys.argv[1:]]).returncode)
    if not (directory / f"made-{scale}").exists():
        made = ["--scale-factor", scale, "--output-dir", str(directory), "--tables", ",".join(TABLES)]
        subprocess.run([python.parent / "tpchgen-cli", *made], check=True)
        (directory / f"made-{scale}").touch()
    peers, db = [], duckdb_filled(directory)
    for name, measure in [
        ("DuckDB", lambda: duckdb_measured(db)),
        ("Polars", lambda: polars_measured(db, directory)),
        ("PostgreSQL", lambda: postgres_measured(db, directory, url) if url else None),
    ]:
        try:
            peers.append(measure() or {"name": name, "absent": "no PostgreSQL was found"})
        except Exception as error:  # a peer that fails is named, the others are measured
            peers.append({"name": name, "absent": str(error).splitlines()[0]})
    (directory / "peers.json").write_text(json.dumps(peers))


main()
