#!/usr/bin/env python3
"""The peers of `regulars-bench --pivot`: makes the data of TPC-H and asks DuckDB, Polars and PostgreSQL the same questions.

    scripts/pivot-peers.py DIRECTORY SCALE [POSTGRES_URL]

Writes DIRECTORY/*.tbl once and DIRECTORY/peers.json: for each question and peer its name and version, the fastest of the runs in wall
milliseconds, the CPU seconds of that run, and the answer; or why it is absent. Python packages go into DIRECTORY/venv.
"""
import json
import os
import re
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
SCORE = "1 + CAST(FLOOR(5.0 * (RANK() OVER (ORDER BY {of}) - 1) / COUNT(*) OVER ()) AS BIGINT)"
# Question: how many keys stand before the figures, and how it is asked.
QUESTIONS = {
    "pivot": (3, """SELECT n_name, {month}, c_mktsegment, CAST(SUM(l_revenue) AS BIGINT)
FROM lineitem JOIN orders ON o_orderkey = l_orderkey JOIN customer ON c_custkey = o_custkey
JOIN nation ON n_nationkey = c_nationkey GROUP BY 1, 2, 3"""),
    "rfm": (3, f"""WITH kept AS (SELECT o_custkey, MAX(o_orderdate) AS latest, COUNT(DISTINCT o_orderdate) AS days,
CAST(SUM(l_revenue) AS BIGINT) AS net FROM lineitem JOIN orders ON o_orderkey = l_orderkey GROUP BY 1),
scored AS (SELECT {SCORE.format(of="latest")} AS r, {SCORE.format(of="days")} AS f, {SCORE.format(of="net")} AS m, net
FROM kept) SELECT r, f, m, COUNT(*), CAST(SUM(net) AS BIGINT) FROM scored GROUP BY 1, 2, 3"""),
    "cohorts": (2, """WITH firsts AS (SELECT o_custkey AS who, {first} AS cohort FROM orders GROUP BY 1)
SELECT cohort, {month}, COUNT(DISTINCT o_custkey), CAST(SUM(l_revenue) AS BIGINT)
FROM lineitem JOIN orders ON o_orderkey = l_orderkey JOIN firsts ON who = o_custkey GROUP BY 1, 2"""),
}


def asked(question, month):
    """The question in SQL; `month` writes the month of a day."""
    return QUESTIONS[question][1].format(month=month("o_orderdate"), first=month("MIN(o_orderdate)"))


def cpu():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def fastest(question, run, cpu=cpu):
    best, keys = None, QUESTIONS[question][0]
    for _ in range(RUNS):
        before, began = cpu(), time.perf_counter()
        rows = run()
        wall, used = (time.perf_counter() - began) * 1000, cpu() - before
        if best is None or wall < best["wall_ms"]:
            best = {"wall_ms": wall, "cpu_s": used, "rows": rows}
    text = lambda key: re.sub(r"^(\d{4}-\d{2})-01.*", r"\1", str(key))  # noqa: E731
    best["rows"] = sorted([[text(key) for key in row[:keys]], [int(figure) for figure in row[keys:]]]
                          for row in best["rows"])
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

    def measured(question):
        sql = asked(question, lambda day: f"date_trunc('month', {day})")
        return {"name": f"DuckDB {duckdb.__version__}", **fastest(question, lambda: db.execute(sql).fetchall())}

    return {question: measured(question) for question in QUESTIONS}


def polars_measured(db, directory):
    import polars as pl

    frames = {}
    for table in TABLES:
        file = directory / f"{table}.csv"
        db.execute(f"COPY {table} TO '{file}' (HEADER true)")
        frames[table] = pl.read_csv(file, try_parse_dates=True)
        file.unlink()

    lines = frames["lineitem"].lazy().join(frames["orders"].lazy(), left_on="l_orderkey", right_on="o_orderkey")
    month = lambda day: pl.col(day).dt.truncate("1mo")  # noqa: E731
    score = lambda of: 1 + 5 * (pl.col(of).rank("min").cast(pl.Int64) - 1) // pl.len()  # noqa: E731

    def pivot():
        joined = (
            lines.join(frames["customer"].lazy(), left_on="o_custkey", right_on="c_custkey")
            .join(frames["nation"].lazy(), left_on="c_nationkey", right_on="n_nationkey")
        )
        keys = ["n_name", month("o_orderdate").alias("month"), "c_mktsegment"]
        return joined.group_by(keys).agg(pl.col("l_revenue").sum()).collect().rows()

    def rfm():
        day = pl.col("o_orderdate")
        kept = lines.group_by("o_custkey").agg(
            day.max().alias("latest"), day.n_unique().alias("days"), pl.col("l_revenue").sum().alias("net"))
        scored = kept.select(score("latest").alias("r"), score("days").alias("f"), score("net").alias("m"), "net")
        return scored.group_by("r", "f", "m").agg(pl.len(), pl.col("net").sum()).collect().rows()

    def cohorts():
        firsts = frames["orders"].lazy().group_by("o_custkey").agg(month("o_orderdate").min().alias("cohort"))
        keys = ["cohort", month("o_orderdate").alias("month")]
        figures = [pl.col("o_custkey").n_unique(), pl.col("l_revenue").sum()]
        return lines.join(firsts, on="o_custkey").group_by(keys).agg(figures).collect().rows()

    runs = {"pivot": pivot, "rfm": rfm, "cohorts": cohorts}
    return {question: {"name": f"Polars {pl.__version__}", **fastest(question, runs[question])}
            for question in QUESTIONS}


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
    version = psql("SHOW server_version").split()[0]

    def measured(question):
        sql = asked(question, lambda day: f"date_trunc('month', {day})::date")
        run = lambda: [line.split("|") for line in psql(sql).splitlines()]  # noqa: E731
        found = fastest(question, run, (lambda: children_of(parent)) if parent else (lambda: 0.0))
        if not parent:
            found["cpu_s"] = None
        return {"name": f"PostgreSQL {version}", **found}

    return {question: measured(question) for question in QUESTIONS}


def main():
    # Whole, as the interpreter names itself: otherwise it would start itself anew for ever.
    directory, scale = Path(sys.argv[1]).resolve(), sys.argv[2]
    url = sys.argv[3] if len(sys.argv) > 3 else None
    directory.mkdir(parents=True, exist_ok=True)
    python = directory / "venv" / "bin" / "python"
    if Path(sys.executable).parent != python.parent:
        if not (directory / "venv" / "ready").exists():
            venv.create(directory / "venv", with_pip=True)
            subprocess.run([python, "-m", "pip", "-q", "install", *PACKAGES], check=True)
            (directory / "venv" / "ready").touch()
        raise SystemExit(subprocess.run([python, __file__, *sys.argv[1:]]).returncode)
    made = directory / "made"
    if not made.exists() or made.read_text() != scale:
        made.unlink(missing_ok=True)
        # The generator leaves files alone that are there.
        for table in TABLES:
            (directory / f"{table}.tbl").unlink(missing_ok=True)
        data = ["--scale-factor", scale, "--output-dir", str(directory), "--tables", ",".join(TABLES)]
        subprocess.run([python.parent / "tpchgen-cli", *data], check=True)
        made.write_text(scale)
    peers, db = {question: [] for question in QUESTIONS}, duckdb_filled(directory)
    for name, measure in [
        ("DuckDB", lambda: duckdb_measured(db)),
        ("Polars", lambda: polars_measured(db, directory)),
        ("PostgreSQL", lambda: postgres_measured(db, directory, url) if url else None),
    ]:
        absent = "no PostgreSQL was found"
        try:
            found = measure()
        except Exception as error:  # a peer that fails is named, the others are measured
            found, absent = None, (str(error).splitlines() or [type(error).__name__])[0]
        for question, answers in peers.items():
            answers.append(found[question] if found else {"name": name, "absent": absent})
    (directory / "peers.json").write_text(json.dumps(peers))


main()
