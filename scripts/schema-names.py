#!/usr/bin/env python3
"""Two types of one name overwrite each other in the contract without a word: every name of a schema stands once."""
import pathlib
import re
import sys

TYPE = re.compile(r"#\[derive\(([^\]]*)\)\]((?:\s*(?:#\[[^\n]*\]|///[^\n]*))*)\s*pub(?:\([a-z]+\))? (?:struct|enum) (\w+)")
AS = re.compile(r"#\[schema\([^)]*\bas = (?:\w+::)*(\w+)")

places: dict[str, list[str]] = {}
for path in sorted(pathlib.Path("crates").rglob("*.rs")):
    text = path.read_text()
    for found in TYPE.finditer(text):
        derived, attributes, name = found.groups()
        if "ToSchema" in derived:
            other = AS.search(attributes)
            line = text.count("\n", 0, found.start()) + 1
            places.setdefault(other.group(1) if other else name, []).append(f"{path}:{line}")

twice = {name: at for name, at in places.items() if len(at) > 1}
for name, at in twice.items():
    print(f"schema {name} stands in {', '.join(at)}: give one another name or `#[schema(as = …)]`")
print(f"schemas: {len(places)} names, {len(twice)} twice")
sys.exit(1 if twice else 0)
