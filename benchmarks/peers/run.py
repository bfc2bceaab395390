#!/usr/bin/env python3
"""Runs egret_case.py on instances, each in a process of its own, and appends a
line for each to a JSON file. Cases of which the file has a line with the same
options are not run again, so an interrupted run goes on where it was.

    python3 run.py OUT.jsonl --time-limit 60 --gap 1e-4 --threads 1 FILES|DIR...
"""

import argparse
import json
import pathlib
import subprocess
import sys

from egret_case import case_id

HERE = pathlib.Path(__file__).resolve().parent
# What model building may take on top of the limit before a case counts as hung.
GRACE_S = 1800


def instances(arguments):
    found = []
    for argument in map(pathlib.Path, arguments):
        if argument.is_dir():
            found += sorted(p for p in argument.rglob("*") if p.name.endswith((".json", ".json.gz")))
        elif argument.is_file():
            found.append(argument)
        else:
            sys.exit(f"no such file: {argument}")
    return found


def read_lines(path):
    """The lines of the file; one that was cut off is left out, and out of the file."""
    if not path.exists():
        return []
    text = path.read_text()
    whole = text[:text.rfind("\n") + 1]
    lines = [json.loads(line) for line in whole.splitlines()]
    if whole != text:
        path.write_text(whole)
    return lines


def run(path, options):
    command = [sys.executable, "-B", str(HERE / "egret_case.py"), str(path)]
    for flag, v in options.items():
        command += [f"--{flag}", str(v)]
    failed = {"tool": "egret", "case": case_id(path), "family": case_id(path).split("/")[0], "status": "error"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=GRACE_S + 2 * options["time-limit"])
    except subprocess.TimeoutExpired:
        return failed | {"error": "it did not end and was stopped"}
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return failed | {"error": f"exit code {done.returncode}: {done.stderr[-2000:]}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("instances", nargs="+")
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--again", action="store_true")
    args = parser.parse_args()
    options = {"gap": args.gap, "time-limit": args.time_limit, "threads": args.threads, "seed": args.seed}
    same = {"gap": args.gap, "time_limit_s": args.time_limit, "threads": args.threads, "seed": args.seed, "engine": "highs"}
    done = {line["case"] for line in read_lines(args.out) if line.get("options") == same}
    for path in instances(args.instances):
        if case_id(path) in done and not args.again:
            continue
        line = run(path, options)
        with args.out.open("a") as out:
            out.write(json.dumps(line) + "\n")
        shown = {k: line.get(k) for k in ("status", "objective", "bound", "gap", "seconds", "verified", "error") if line.get(k) is not None}
        print(line["case"], shown, flush=True)


if __name__ == "__main__":
    main()
