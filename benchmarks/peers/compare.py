#!/usr/bin/env python3
"""Prints a table side by side of the JSON lines of several tools.

    python3 compare.py WATTBIT.jsonl EGRET.jsonl ... > table.md

Only cases of which every tool has a line are compared, and lines whose gap, time
limit or threads differ are refused: a comparison is of the same question. Of
several lines of a tool and a case the last counts. A schedule that was not
verified, or that is short of power or reserve, counts as none. Medians count what
was never reached as for ever ("-").
"""

import json
import math
import pathlib
import sys

COLUMNS = (("gap", "gap %"), ("seconds", "s"), ("seconds_to_1pct", "s to 1 %"), ("seconds_to_0_1pct", "0.1 %"),
           ("seconds_to_0_02pct", "0.02 %"), ("seconds_to_0_01pct", "0.01 %"), ("peak_mb", "MiB"))
SAME = ("gap", "time_limit_s", "threads")


def read(paths):
    """Lines by tool and case; tools in the order in which they appear."""
    tools = {}
    for path in paths:
        for number, text in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
            try:
                line = json.loads(text)
                tools.setdefault(line["tool"], {})[line["case"]] = line
            except (json.JSONDecodeError, KeyError, TypeError) as problem:
                sys.exit(f"{path}, line {number} is not of a bench: {problem!r}")
    return tools


def counts(line):
    return bool(line.get("verified")) and not line.get("shortages")


def figure(line, key):
    """The figure of a line, infinite where there is none."""
    v = line.get(key)
    if v is None or not counts(line) and key not in ("seconds", "peak_mb"):
        return math.inf
    return v


def cell(v, key):
    if v == math.inf:
        return "-"
    if key == "gap":
        return f"{100 * v:.4f}"
    return f"{v:.0f}" if key == "peak_mb" else f"{v:.1f}"


def median(values):
    values = sorted(values)
    a, b = values[(len(values) - 1) // 2], values[len(values) // 2]
    return math.inf if math.inf in (a, b) else (a + b) / 2


def differing(tools, cases):
    """What the lines were not asked alike."""
    found = []
    for case in cases:
        asked = {tool: tuple((lines[case].get("options") or {}).get(k) for k in SAME) for tool, lines in tools.items()}
        if len(set(asked.values())) > 1:
            found.append(f"{case}: " + "; ".join(f"{t} {dict(zip(SAME, a))}" for t, a in asked.items()))
    return found


def table(tools):
    """The table as lines of Markdown."""
    cases = sorted(set.intersection(*(set(lines) for lines in tools.values())))
    if not cases:
        sys.exit("no case has a line of every tool")
    wrong = differing(tools, cases)
    if wrong:
        sys.exit("not asked alike:\n  " + "\n  ".join(wrong[:20]))
    rows = ["| case | tool | status | " + " | ".join(head for _, head in COLUMNS) + " |", "| --- " * (3 + len(COLUMNS)) + "|"]
    for case in cases:
        for tool, lines in tools.items():
            line = lines[case]
            status = line["status"] + ("" if counts(line) or line.get("objective") is None else ", no schedule that counts")
            rows.append(f"| {case} | {tool} | {status} | " + " | ".join(cell(figure(line, k), k) for k, _ in COLUMNS) + " |")
    rows += ["", "| median of | tool | cases | " + " | ".join(head for _, head in COLUMNS) + " |", "| --- " * (3 + len(COLUMNS)) + "|"]
    for family in sorted({case.split("/")[0] for case in cases}):
        ours = [case for case in cases if case.split("/")[0] == family]
        for tool, lines in tools.items():
            middle = [cell(median([figure(lines[case], k) for case in ours]), k) for k, _ in COLUMNS]
            rows.append(f"| {family} | {tool} | {len(ours)} | " + " | ".join(middle) + " |")
    missing = {tool: sorted(set().union(*tools.values()) - set(lines)) for tool, lines in tools.items()}
    for tool, names in missing.items():
        if names:
            rows += ["", f"Not compared, because {tool} has no line: {', '.join(names)}."]
    return rows


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tools = read(sys.argv[1:])
    if len(tools) < 2:
        sys.exit("the files hold lines of one tool only")
    print("\n".join(table(tools)))


if __name__ == "__main__":
    main()
