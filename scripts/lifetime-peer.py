#!/usr/bin/env python3
"""The peer of `regulars-bench --lifetime`: the package `lifetimes` on the same histories.

    scripts/lifetime-peer.py DIRECTORY WEEKS

Reads DIRECTORY/histories.csv (frequency, recency, T in weeks, mean spending of repetitions) and writes
DIRECTORY/peer.json: seconds to fit BG/NBD and Gamma-Gamma and to score everybody, the parameters, the purchases expected
in so many weeks; or why it is absent. The package goes into DIRECTORY/venv.
"""
import json
import subprocess
import sys
import time
import venv
from pathlib import Path

PACKAGES = ["lifetimes", "setuptools"]


def measured(directory, weeks):
    import pandas as pd
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    rows = pd.read_csv(directory / "histories.csv")
    frequency, recency, age = rows["frequency"], rows["recency"], rows["T"]
    repeated = rows[(frequency > 0) & (rows["mean"] > 0)]
    began = time.perf_counter()
    # Equal histories once, with how many they are, as ours groups them too.
    grouped = rows.groupby(["frequency", "recency", "T"]).size().reset_index(name="count")
    purchases = BetaGeoFitter()
    purchases.fit(grouped["frequency"], grouped["recency"], grouped["T"], weights=grouped["count"])
    spend = GammaGammaFitter()
    spend.fit(repeated["frequency"], repeated["mean"])
    fit_s = time.perf_counter() - began
    began = time.perf_counter()
    expected = purchases.conditional_expected_number_of_purchases_up_to_time(weeks, frequency, recency, age)
    purchases.conditional_probability_alive(frequency, recency, age)
    spend.customer_lifetime_value(purchases, frequency, recency, age, rows["mean"], time=12, freq="W",
                                  discount_rate=0.01)
    score_s = time.perf_counter() - began
    parameters = [float(purchases.params_[name]) for name in ("r", "alpha", "a", "b")]
    return {"fit_s": fit_s, "score_s": score_s, "parameters": parameters, "expected": float(expected.sum())}


def main():
    directory, weeks = Path(sys.argv[1]).resolve(), float(sys.argv[2])
    python = directory / "venv" / "bin" / "python"
    if Path(sys.executable).parent != python.parent:
        if not (directory / "venv" / "ready").exists():
            venv.create(directory / "venv", with_pip=True)
            subprocess.run([python, "-m", "pip", "-q", "install", *PACKAGES], check=True)
            (directory / "venv" / "ready").touch()
        raise SystemExit(subprocess.run([python, __file__, *sys.argv[1:]]).returncode)
    name = "lifetimes"
    try:
        from importlib.metadata import version

        name = f"lifetimes {version('lifetimes')}"
        answer = {"name": name, **measured(directory, weeks)}
    except Exception as error:  # what fails is named
        answer = {"name": name, "absent": (str(error).splitlines() or [type(error).__name__])[0]}
    (directory / "peer.json").write_text(json.dumps(answer))


main()
