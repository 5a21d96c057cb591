#!/usr/bin/env python3
"""Every library that ships is under a permissive licence, and none is on the list of versions known to be unsafe."""
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {
    "Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unicode-3.0", "Unicode-DFS-2016",
    "CC0-1.0", "0BSD", "BSL-1.0", "Unlicense", "OpenSSL", "CDLA-Permissive-2.0", "Apache-2.0 WITH LLVM-exception",
    "PostgreSQL", "BlueOak-1.0.0", "Python-2.0", "CC-BY-4.0", "OFL-1.1",
}
# Crate, reason: these must not be in the tree at all.
BANNED_CRATES = {"rsa": "RUSTSEC-2023-0071", "actix-governor": "GPL", "h2": "0.3 has RUSTSEC-2026-0258", "apalis": "a second SQLite"}


def permitted(expression: str) -> bool:
    """Whether an SPDX expression can be met with allowed licences only."""
    expression = expression.replace("/", " OR ")
    tokens = re.findall(r"\(|\)|[^\s()]+", expression)
    merged: list[str] = []
    for token in tokens:
        if merged and merged[-1].endswith(" WITH"):
            merged[-1] += f" {token}"
        elif token == "WITH":
            merged[-1] += " WITH"
        else:
            merged.append(token)

    def choice() -> bool:
        result = every()
        while merged and merged[0] == "OR":
            merged.pop(0)
            result = every() or result
        return result

    def every() -> bool:
        result = one()
        while merged and merged[0] == "AND":
            merged.pop(0)
            result = one() and result
        return result

    def one() -> bool:
        token = merged.pop(0)
        if token == "(":
            result = choice()
            merged.pop(0)
            return result
        return token in ALLOWED

    return choice()


def rust() -> list[str]:
    output = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--locked"], cwd=ROOT, check=True, capture_output=True, text=True)
    problems = []
    for package in json.loads(output.stdout)["packages"]:
        name, licence = package["name"], package["license"]
        if name in BANNED_CRATES:
            problems.append(f"{name} {package['version']}: {BANNED_CRATES[name]}")
        if licence is None and package["license_file"] is None:
            problems.append(f"{name}: no licence")
        elif licence is not None and not permitted(licence):
            problems.append(f"{name}: {licence}")
    return problems


def web() -> list[str]:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    problems = []
    for path, package in lock["packages"].items():
        if not path or package.get("dev") or package.get("devOptional"):
            continue
        licence = package.get("license", "")
        if not licence or not permitted(licence):
            problems.append(f"{path}: {licence or 'no licence'}")
    return problems


def main() -> int:
    problems = rust() + web()
    for problem in problems:
        print(f"licences: {problem}", file=sys.stderr)
    if not problems:
        print("licences are permissive, no banned library")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
