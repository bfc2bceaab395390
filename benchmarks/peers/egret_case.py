#!/usr/bin/env python3
"""Solves one pglib-uc instance with Egret's tight formulation and HiGHS, and
prints one JSON object with the keys of a line of "wattbit bench pglib --json".

    python3 egret_case.py INSTANCE --gap 1e-4 --time-limit 60 --threads 1 --seed 0

Egret reads the instance and writes the model (create_tight_unit_commitment_model,
one bus, binaries not relaxed); Pyomo's appsi interface hands it to HiGHS, which
is then run here directly, so that its callbacks give incumbent and bound over
time. The limit is of HiGHS alone: reading and model building come on top, as
formulation does in wattbit. The schedule is checked by check.py, outside the
clock. Run it in a process of its own: the peak of memory is the process's.
"""

import argparse
import datetime
import gzip
import hashlib
import json
import logging
import os
import pathlib
import platform
import resource
import sys
import tempfile
import time

import check

LEVELS = (("seconds_to_1pct", 1e-2), ("seconds_to_0_1pct", 1e-3), ("seconds_to_0_02pct", 2e-4), ("seconds_to_0_01pct", 1e-4))


def case_id(path):
    """Family and name, as in ca/2014-09-01_reserves_0: the path below the folder
    with best-known.csv, at most three folders up, else below its own folder."""
    path = path.resolve()
    root = path.parent.parent
    for folder in list(path.parents)[:3]:
        if (folder / "best-known.csv").exists():
            root = folder
            break
    name = str(path.relative_to(root).as_posix())
    for end in (".gz", ".json"):
        name = name.removesuffix(end)
    return name


def gap_of(objective, bound):
    money = max(0.0, objective - bound)
    return 0.0 if money == 0 else money / abs(objective) if objective else 1.0


def processor():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()


def load_average():
    try:
        return " ".join(f"{v:.2f}" for v in os.getloadavg())
    except OSError:
        return ""


class Clock:
    """Seconds since the instance was opened, and by phase."""

    def __init__(self):
        self.began = self.last = time.perf_counter()
        self.phases = []

    def now(self):
        return time.perf_counter() - self.began

    def phase(self, name):
        now = time.perf_counter()
        self.phases.append({"name": name, "seconds": now - self.last})
        self.last = now


def build(path, clock):
    """The Egret model of an instance, its model data and the appsi interface with
    the program in HiGHS."""
    from egret.data.model_data import ModelData
    from egret.models.unit_commitment import create_tight_unit_commitment_model
    from egret.parsers.pglib_uc_parser import create_model_data_dict
    from pyomo.contrib.appsi.solvers.highs import Highs

    # Egret reads plain files only.
    with tempfile.NamedTemporaryFile("wb", suffix=".json", delete=False) as plain:
        data = path.read_bytes()
        plain.write(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    try:
        data = ModelData(create_model_data_dict(plain.name))
    finally:
        os.unlink(plain.name)
    clock.phase("read")
    model = create_tight_unit_commitment_model(data, network_constraints="copperplate_power_flow", relaxed=False)
    clock.phase("model")
    interface = Highs()
    interface.set_instance(model)
    clock.phase("hand over")
    return model, interface


def solve(highs, args, clock):
    """Runs HiGHS; incumbent and bound over time."""
    for option, v in (("output_flag", False), ("mip_rel_gap", args.gap), ("time_limit", args.time_limit),
                      ("threads", args.threads), ("random_seed", args.seed)):
        highs.setOptionValue(option, v)
    points = []

    def note(event):
        out = event.data_out
        objective, bound = out.mip_primal_bound, out.mip_dual_bound
        points.append((clock.now(), objective if abs(objective) < 1e30 else None, bound if abs(bound) < 1e30 else None))

    highs.cbMipImprovingSolution += note
    highs.cbMipLogging += note
    highs.run()
    clock.phase("search")
    return points


def schedule_of(model, interface, values, instance):
    """The schedule and the number of shortages in the solution of HiGHS."""
    import pyomo.environ as pe

    at = interface._pyomo_var_to_solver_var_map
    for var in model.component_data_objects(pe.Var, descend_into=True):
        if id(var) in at:
            var.set_value(values[at[id(var)]], skip_validation=True)
    hours = range(1, instance["time_periods"] + 1)

    def of(component, name):
        return [pe.value(component[name, t]) for t in hours]

    u, p, r, w = {}, {}, {}, {}
    for name in instance["thermal_generators"]:
        u[name] = [round(x) for x in of(model.UnitOn, name + "_T")]
        p[name] = of(model.PowerGenerated, name + "_T")
        r[name] = [max(0.0, x) for x in of(model.ReserveProvided, name + "_T")]
    for name in instance["renewable_generators"]:
        w[name] = of(model.NondispatchablePowerUsed, name + "_R")
    short = 0
    for part in (model.posLoadGenerateMismatch, model.negLoadGenerateMismatch, model.ReserveShortfall):
        short += sum(1 for key in part if pe.value(part[key], exception=False) and pe.value(part[key]) > check.TOLERANCE_MW)
    return check.Schedule(u, p, r, w), short


def measure(args):
    path = pathlib.Path(args.instance)
    name = case_id(path)
    logging.disable(logging.WARNING)
    started = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    load = load_average()
    from importlib.metadata import version
    import egret.models.unit_commitment  # noqa: F401, imports are no part of the measurement
    import pyomo.contrib.appsi.solvers.highs  # noqa: F401

    instance = check.read_json(path)
    clock = Clock()
    model, interface = build(path, clock)
    highs = interface._solver_model
    points = solve(highs, args, clock)
    seconds = clock.now()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    info = highs.getInfo()
    found = abs(info.objective_function_value) < 1e30 and info.primal_solution_status == 2
    objective = info.objective_function_value if found else None
    bound = info.mip_dual_bound if abs(info.mip_dual_bound) < 1e30 else None
    points.append((seconds, objective, bound))
    ended = highs.modelStatusToString(highs.getModelStatus())
    line = {
        "tool": f"egret {version('gridx-egret')} tight", "case": name, "family": name.split("/")[0],
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "options": {"gap": args.gap, "time_limit_s": args.time_limit, "threads": args.threads, "seed": args.seed, "engine": "highs"},
        "units": len(instance["thermal_generators"]), "periods": instance["time_periods"],
        "status": {"Optimal": "optimal", "Time limit reached": "limit"}.get(ended, ended.lower()),
        "objective": objective, "bound": bound,
        "gap": gap_of(objective, bound) if objective is not None and bound is not None else None,
        "verified": False, "shortages": 0, "seconds": seconds,
        "seconds_to_first": next((s for s, o, _ in points if o is not None), None),
        **{key: next((s for s, o, b in points if o is not None and b is not None and gap_of(o, b) <= level), None)
           for key, level in LEVELS},
        "peak_mb": peak, "phases": clock.phases,
        "columns": highs.getNumCol(), "rows": highs.getNumRow(), "nonzeros": highs.getNumNz(),
        "integers": sum(1 for k in highs.getLp().integrality_ if int(k) == 1),
        "started": started.isoformat().replace("+00:00", "Z"), "load_before": load, "engine_version": highs.version(),
        "machine": {"processor": processor(), "cores": os.cpu_count(), "os": sys.platform, "arch": platform.machine()},
        "versions": {p: version(p) for p in ("gridx-egret", "pyomo", "highspy")} | {"python": platform.python_version()},
    }
    if found:
        schedule, line["shortages"] = schedule_of(model, interface, highs.getSolution().col_value, instance)
        problems, cost = check.check(instance, schedule)
        off = abs(cost - objective) > check.TOLERANCE_SHARE * abs(objective)
        if off and not problems:
            problems = [f"the cost is {cost:.6f}, HiGHS says {objective:.6f}"]
        line["verified"] = not problems
        if problems:
            line["error"] = "; ".join(problems[:5])
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("instance")
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    # What libraries print must not get between the line and who reads it.
    out = os.dup(1)
    os.dup2(2, 1)
    line = measure(parser.parse_args())
    with os.fdopen(out, "w") as stream:
        print(json.dumps(line), file=stream)


if __name__ == "__main__":
    main()
