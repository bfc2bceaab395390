"""Draws the day's cold jobs from one day of a cluster's job trace.

Each record of the trace (arrival, length, processors) may be drawn many times;
an origin is drawn with it. Processors are scaled so that all work together is
the cold work of the day. Jobs of one origin, one block of arrival hours and one
kind become a class with a count: its work is the mean, its length the mean
weighted by work, its release the mean arrival.
"""

import csv
import math
import random

import figures as f


def read_trace(path):
    """Returns (arrival h in the day, length h, processors) of every job, with
    jobs longer than JOB_PART_H cut in equal parts, one arriving as the part
    before it would end."""
    parts = []
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            arrival = float(row["arrival_time"]) % 24
            length = float(row["length"])
            n = math.ceil(length / f.JOB_PART_H)
            for i in range(n):
                parts.append(((arrival + i * length / n) % 24, length / n, int(row["cpus"])))
    return parts


def draw(path, cold_unit_h):
    """Returns the job classes, cold_unit_h of work together, as dicts with the
    fields of the case format."""
    parts = read_trace(path)
    rng = random.Random(f.JOB_SEED)
    origins = list(f.ORIGIN_SHARE)
    weights = list(f.ORIGIN_SHARE.values())
    groups = {}
    drawn_work = 0.0
    for _ in range(f.JOB_DRAWS):
        arrival, length, processors = parts[int(rng.random() * len(parts))]
        origin = origins[pick(weights, rng.random())]
        kind = next(i for i, k in enumerate(f.JOB_KINDS) if length <= k[1])
        block = int(arrival // f.JOB_BLOCK_H)
        groups.setdefault((origins.index(origin), kind, block), []).append((arrival, length, processors))
        drawn_work += length * processors
    scale = cold_unit_h / drawn_work
    return [job_class(origins[key[0]], f.JOB_KINDS[key[1]], key[2], members, scale)
            for key, members in sorted(groups.items())]


def pick(weights, u):
    """Index of the weight into whose share of the sum u in [0, 1) falls."""
    for i, weight in enumerate(weights):
        u -= weight / sum(weights)
        if u < 0:
            return i
    return len(weights) - 1


def job_class(origin, kind, block, members, scale):
    name, _, shape, pools, slack, gb_per_unit_h = kind
    work = scale * sum(length * p for _, length, p in members)
    length = sum(length**2 * p for _, length, p in members) / sum(length * p for _, length, p in members)
    units = round(work / len(members) / length, 1)
    work_each = round(work / len(members), 1)
    if shape == "rigid" and work_each > units:
        # A length a hair above full hours would hold one hour more for nothing.
        hours = work_each / units
        if 0 < hours - math.floor(hours) < 0.1:
            work_each = math.floor(math.floor(hours) * units * 10) / 10
    hours = math.ceil(work_each / units - 1e-9)
    release = round(sum(arrival for arrival, _, _ in members) / len(members))
    deadline = release + hours + slack
    arrived = f"arrives about {release}:00"
    if deadline > 24:
        if release + hours + 2 <= 24:
            deadline = 24
        else:
            # The same class arrived on the evening before and is still open at
            # midnight, with what is left of its window.
            arrived = f"arrived about {release}:00 the evening before"
            release, deadline = 0, max(deadline - 24, hours + 2)
    job = {
        "name": f"{origin}-{name}-{block * f.JOB_BLOCK_H:02d}h",
        "region": origin, "class": "cold", "count": len(members), "shape": shape,
        "units": units, "work_unit_h": work_each,
        "release_h": release, "deadline_h": deadline,
    }
    if 18 <= deadline < 24:
        job["late_price_per_h"] = round(f.LATE_CNY_PER_UNIT_H * units)
    # Input of preemptible jobs is given where the window is short.
    if shape == "rigid" or deadline - release <= 9:
        job["input_gb"] = round(gb_per_unit_h * work_each, -1)
    job["pool_kinds"] = pools
    return job, f"{hours} h at least, {arrived}"
