#!/usr/bin/env python3
"""Checks a schedule of a pglib-uc instance, equation by equation.

    python3 check.py INSTANCE PLAN
    python3 check.py --dir INSTANCES PLANS

INSTANCE is a file of the Power Grid Lib, plain or packed by gzip; PLAN is a
plan.json or a run folder of wattbit. With --dir every run folder below PLANS is
checked against the instance of the same path below INSTANCES. The equations are
those of MODEL.tex in the library, numbered as there; nothing of wattbit is used,
so this is a check by a second hand. The exit code is 1 where a schedule breaches
one, is short of anything, or claims another cost than it has.

Power is counted above the minimum, as the model does. Two readings:

- Equation (7) says from when on a start of a unit that was off before the first
  period is cold. Read literally it also forbids a hot start after a later stop;
  here, as in the library's reference implementations, the category follows from
  the hours off before the start.
- The cheapest categories and points of the curve are taken, so the cost is the
  least that the schedule can have.
"""

import gzip
import json
import pathlib
import sys

TOLERANCE_MW = 1e-4
TOLERANCE_SHARE = 1e-6  # of a unit's capacity, on top; of a cost


def read_json(path):
    data = pathlib.Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return json.loads(data)


class Schedule:
    """u, p and r by generator and period: on or off, output in MW above zero,
    reserve in MW; w by renewable and period: output in MW."""

    def __init__(self, u, p, r, w):
        self.u, self.p, self.r, self.w = u, p, r, w


def schedule_of_plan(plan):
    """The schedule that a wattbit plan holds, and what it is short of."""
    u, p, r, w, short = {}, {}, {}, {}, []
    for unit in plan.get("thermal_units", []):
        g = unit["name"]
        u[g], p[g] = unit["units_on"], unit["power_mw"]
        r[g] = [0.0] * len(u[g])
        for given in unit.get("reserves", []):
            r[g] = [a + b for a, b in zip(r[g], given["mw"])]
    for item in plan.get("renewables", []):
        w[item["name"]] = item["power_mw"]
    for section, fields in (("buses", ("shed_mw", "spill_mw")), ("reserves", ("shortage_mw",))):
        for item in plan.get(section, []):
            for field in fields:
                short += [f"{section} {item['name']}, hour {t + 1}: {field} {v:g}"
                          for t, v in enumerate(item.get(field) or []) if v > TOLERANCE_MW]
    return Schedule(u, p, r, w), short


def start_cost(tiers, hours_off):
    """Cost of a start after so many hours off."""
    cost = tiers[0]["cost"]
    for tier in tiers:
        if hours_off >= tier["lag"]:
            cost = tier["cost"]
    return cost


def running_cost(points, mw):
    """Cost per hour at an output, on the lower hull of the curve's points."""
    best = None
    for i, a in enumerate(points):
        if abs(a["mw"] - mw) <= 1e-9:
            best = a["cost"] if best is None else min(best, a["cost"])
        for b in points[i + 1:]:
            if a["mw"] <= mw <= b["mw"] and b["mw"] > a["mw"]:
                at = a["cost"] + (b["cost"] - a["cost"]) * (mw - a["mw"]) / (b["mw"] - a["mw"])
                best = at if best is None else min(best, at)
    return best


def check_unit(name, g, u, p_all, r, hours, problems):
    """Breaches of one thermal generator, and its cost."""
    low, high = g["power_output_minimum"], g["power_output_maximum"]
    slack = TOLERANCE_MW + TOLERANCE_SHARE * high
    on0 = g["unit_on_t0"]
    u = [int(x) for x in u]
    p = [a - low * x for a, x in zip(p_all, u)]
    v = [max(0, x - y) for x, y in zip(u, [on0] + u)]
    w = [max(0, y - x) for x, y in zip(u, [on0] + u)]

    def need(ok, equation, t, detail=""):
        if not ok:
            problems.append(f"{name}, hour {t + 1}: equation ({equation}) {detail}".rstrip())

    for t in range(hours):
        need(u[t] in (0, 1), "u", t, f"u = {u[t]}")
        need(p[t] >= -slack, "p", t, f"{p[t]:g} MW above the minimum")
        need(r[t] >= -slack, "r", t, f"reserve of {r[t]:g} MW")
        need(u[t] >= g["must_run"], 11, t)
    if on0:
        for t in range(min(g["time_up_minimum"] - g["time_up_t0"], hours)):
            need(u[t] == 1, 4, t, "must still be on")
    else:
        for t in range(min(g["time_down_minimum"] - g["time_down_t0"], hours)):
            need(u[t] == 0, 5, t, "must still be off")
    for t in range(hours):
        first = max(0, t - g["time_up_minimum"] + 1)
        need(sum(v[first:t + 1]) <= u[t] or g["time_up_minimum"] == 0, 13, t, "stops too early")
        first = max(0, t - g["time_down_minimum"] + 1)
        need(sum(w[first:t + 1]) <= 1 - u[t] or g["time_down_minimum"] == 0, 14, t, "starts too early")

    before = on0 * (g["power_output_t0"] - low)
    stop_loss = max(high - g["ramp_shutdown_limit"], 0)
    start_loss = max(high - g["ramp_startup_limit"], 0)
    need(before <= (high - low) * on0 - stop_loss * w[0] + slack, 10, 0, "stops from too high an output")
    for t in range(hours):
        last = before if t == 0 else p[t - 1]
        need(p[t] + r[t] - last <= g["ramp_up_limit"] + slack, 8 if t == 0 else 19, t,
             f"{p[t] + r[t] - last:g} MW up, {g['ramp_up_limit']:g} allowed")
        need(last - p[t] <= g["ramp_down_limit"] + slack, 9 if t == 0 else 20, t,
             f"{last - p[t]:g} MW down, {g['ramp_down_limit']:g} allowed")
        need(p[t] + r[t] <= (high - low) * u[t] - start_loss * v[t] + slack, 17, t, f"{p[t] + r[t]:g} MW above the minimum")
        if t + 1 < hours:
            need(p[t] + r[t] <= (high - low) * u[t] - stop_loss * w[t + 1] + slack, 18, t,
                 f"{p[t] + r[t]:g} MW above the minimum")

    cost, off = 0.0, 0 if on0 else g["time_down_t0"]
    for t in range(hours):
        if v[t]:
            cost += start_cost(g["startup"], off)
        off = 0 if u[t] else off + 1
        if u[t]:
            cost += running_cost(g["piecewise_production"], min(max(p_all[t], low), high))
    return cost


def check(instance, s):
    """Every breach of a schedule as text, and what it costs."""
    hours = instance["time_periods"]
    problems, cost = [], 0.0
    thermal, renewable = instance["thermal_generators"], instance["renewable_generators"]
    for what, have, want in (("thermal", s.u, thermal), ("renewable", s.w, renewable)):
        if set(have) != set(want):
            return [f"the {what} generators of the schedule are not those of the instance"], 0.0
    for name in sorted(thermal):
        for series in (s.u[name], s.p[name], s.r[name]):
            if len(series) != hours:
                return [f"{name}: {len(series)} values for {hours} hours"], 0.0
        cost += check_unit(name, thermal[name], s.u[name], s.p[name], s.r[name], hours, problems)
    for name in sorted(renewable):
        g = renewable[name]
        for t in range(hours):
            low, high = g["power_output_minimum"][t], g["power_output_maximum"][t]
            if not low - TOLERANCE_MW <= s.w[name][t] <= high + TOLERANCE_MW:
                problems.append(f"{name}, hour {t + 1}: equation (24) {s.w[name][t]:g} MW is not between {low:g} and {high:g}")
    for t in range(hours):
        slack = TOLERANCE_MW + TOLERANCE_SHARE * instance["demand"][t]
        given = sum(p[t] for p in s.p.values()) + sum(w[t] for w in s.w.values())
        if abs(given - instance["demand"][t]) > slack:
            problems.append(f"hour {t + 1}: equation (2) {given:.6f} MW for a demand of {instance['demand'][t]:.6f}")
        reserve = sum(r[t] for r in s.r.values())
        if reserve < instance["reserves"][t] - slack:
            problems.append(f"hour {t + 1}: equation (3) {reserve:.6f} MW of reserve for {instance['reserves'][t]:.6f}")
    return problems, cost


def check_plan(instance_path, plan_path):
    """Prints the verdict on one plan; whether it holds."""
    plan_path = pathlib.Path(plan_path)
    if plan_path.is_dir():
        plan_path /= "plan.json"
    plan = read_json(plan_path)
    schedule, problems = schedule_of_plan(plan)
    found, cost = check(read_json(instance_path), schedule)
    problems += found
    if not found and abs(cost - plan["objective"]) > TOLERANCE_SHARE * abs(cost) and len(problems) == 0:
        problems.append(f"the cost is {cost:.6f}, the plan says {plan['objective']:.6f}")
    if plan.get("bound") is not None and plan["bound"] > plan["objective"] * (1 + 1e-9):
        problems.append(f"the bound {plan['bound']:.6f} is above the cost")
    print(f"{instance_path}: {'holds' if not problems else 'DOES NOT HOLD'}, cost {cost:.4f}")
    for p in problems[:20]:
        print("  " + p)
    if len(problems) > 20:
        print(f"  and {len(problems) - 20} more")
    return not problems


def check_folder(instances, plans):
    """Checks every run folder below plans; whether all hold."""
    instances, plans = pathlib.Path(instances), pathlib.Path(plans)
    found = sorted(plans.rglob("plan.json"))
    if not found:
        sys.exit(f"{plans} holds no plans")
    good = True
    for path in found:
        name = path.parent.relative_to(plans)
        file = instances / f"{name}.json.gz"
        if not file.exists():
            file = instances / f"{name}.json"
        good &= check_plan(file, path)
    return good


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--dir":
        sys.exit(0 if check_folder(*sys.argv[2:]) else 1)
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(0 if check_plan(*sys.argv[1:]) else 1)


if __name__ == "__main__":
    main()
