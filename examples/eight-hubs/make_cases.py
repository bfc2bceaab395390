#!/usr/bin/env python3
"""Makes the eight-hub cases: four YAML files and their tables.

    python3 make_cases.py DATA

DATA is the folder with the source tables (see SOURCES.md): china/ and jobs/.
The output goes beside this script. The same input gives the same bytes.
"""

import csv
import gzip
import pathlib
import sys

import draw_jobs
import figures as f
import plausibility
import yamltext

HERE = pathlib.Path(__file__).resolve().parent


# --- Reading the sources --------------------------------------------------

def read_zone_table(path, step):
    """24 rows of MW by zone, rounded to the step."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != 24:
        sys.exit(f"{path}: {len(rows)} rows, want 24")
    return {z: [round(float(row[z]) / step) * step for row in rows] for z in f.ZONES}


def read_coal(path):
    """Coal units by (zone, class): a list of (MW, kg CO2 per GJ)."""
    out = {(z, c[0]): [] for z in f.ZONES for c in f.COAL_CLASSES}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            mw = float(row["Capacity (MW)"])
            name = next(c[0] for c in f.COAL_CLASSES if mw >= c[1])
            out[row["hub"], name].append((mw, float(row["Emission factor (kg of CO2 per TJ)"]) / 1000))
    for z in f.ZONES:
        counts = [len(out[z, c[0]]) for c in f.COAL_CLASSES]
        if counts != f.COAL_COUNTS[z]:
            sys.exit(f"{path}: {z} has {counts} units by class, figures.py says {f.COAL_COUNTS[z]}")
    return out


def read_shapes(path):
    """Two 24-hour shapes of mean 1 from the running GPUs of virtual clusters:
    hot from the clusters that follow the working day (10 GPUs or more in the
    mean, highest hour at least 1.3 times the lowest), warm from all."""
    with gzip.open(path, "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    clusters = sorted(k for k in rows[0] if k != "time")
    hours = [[row for row in rows if int(row["time"][11:13]) == h] for h in range(24)]
    means = {c: [sum(float(r[c] or 0) for r in hour) / len(hour) for hour in hours] for c in clusters}
    daily = [c for c in clusters
             if sum(means[c]) / 24 >= 10 and max(means[c]) >= 1.3 * min(means[c])]

    def shape(names):
        total = [sum(means[c][h] for c in names) for h in range(24)]
        return [v * 24 / sum(total) for v in total]

    return {"hot": shape(daily), "warm": shape(clusters)}


# --- Tables ---------------------------------------------------------------

def write_table(name, columns, hours=range(24), first="hour"):
    with open(HERE / "tables" / name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([first, *columns])
        for i, hour in enumerate(hours):
            out.writerow([hour, *(yamltext.scalar(column[i]) for column in columns.values())])


def demand_columns(shapes):
    busy = f.UTILISATION * sum(cpu + gpu for _, cpu, gpu, _ in f.SITES.values())
    return {f"{z}-{c}": [round(busy * f.ORIGIN_SHARE[z] * f.CLASS_SHARE[c] * v, 1) for v in shapes[c]]
            for z in f.EAST for c in ("hot", "warm")}


def table(path, column, scale=1.0):
    """A series that is read from a table of hourly rows."""
    out = {"csv": f"tables/{path}", "column": column, "hours_per_row": 1}
    if scale != 1:
        out["scale"] = scale
    return out


# --- Thermal units --------------------------------------------------------

def area(zone):
    return "east" if zone in f.EAST else "west"


def reserves(zone):
    return [f"{area(zone)}-up", f"{area(zone)}-down"]


def coal_clusters(coal, must_run_share):
    """Clusters by zone and class; each class with retrofits is two clusters."""
    hubs_mw = sum(mw for units in coal.values() for mw, _ in units)
    flex_mw = hubs_mw * f.FLEX_NATIONAL_GW / f.COAL_NATIONAL_GW
    flex_share = flex_mw / sum(mw for (_, c), units in coal.items() if c in f.FLEX_CLASSES for mw, _ in units)
    out = []
    for zone in f.ZONES:
        must = must_run_share if zone in f.NORTH else 0
        for name, _, heat_rate, min_h in f.COAL_CLASSES:
            units = coal[zone, name]
            if not units:
                continue
            mw = round(sum(u[0] for u in units) / len(units))
            co2 = sum(u[0] * u[1] for u in units) / sum(u[0] for u in units)
            flexible = round(flex_share * len(units)) if name in f.FLEX_CLASSES else 0
            for count, flex in ((flexible, True), (len(units) - flexible, False)):
                if count:
                    out.append(coal_cluster(zone, name, count, mw, heat_rate, min_h, co2, flex, must))
    return out


def coal_cluster(zone, name, count, mw, heat_rate, min_h, co2, flex, must):
    full = f.COAL_PRICE[zone] * f.CNY_PER_USD * heat_rate * mw  # CNY/h at full output
    low = f.COAL_MIN_SHARE
    ramp = round(60 * f.COAL_RAMP_SHARE_PER_MIN * mw, 1)
    curve = [(low, low * f.COAL_HEAT_AT_MIN), (1.0, 1.0)]
    if name in ("1000", "600"):
        curve.insert(1, (0.7, 0.7 * f.COAL_HEAT_AT_70))
    unit = {
        "name": f"{zone}-coal-{name}" + ("-flexible" if flex else ""),
        "bus": zone, "fuel": "coal", "count": count,
        "min_power_mw": round(low * mw, 1), "max_power_mw": mw,
        "ramp_up_mw_per_h": ramp, "ramp_down_mw_per_h": ramp,
        "min_up_h": min_h, "min_down_h": min_h,
        "startup": [{"after_off_h": 0, "cost": f.COAL_START_CNY_PER_MW * mw}],
        "cost": points(curve, mw, full),
        "co2_t_per_mwh": round(co2 * f.GJ_PER_MMBTU * heat_rate * f.COAL_CO2_PARTLOAD / 1000, 3),
    }
    if flex:
        deep = f.FLEX_CLASSES[name]
        # The fuel line of the normal range, carried on below it, and oil on top.
        slope = (1 - low * f.COAL_HEAT_AT_MIN) / (1 - low)
        fuel_at_deep = low * f.COAL_HEAT_AT_MIN - slope * (low - deep)
        unit["deep"] = {
            "min_power_mw": round(deep * mw, 1),
            "cost": [
                {"power_mw": round(deep * mw, 1),
                 "cost_per_h": round(full * fuel_at_deep + f.DEEP_OIL_CNY_PER_MW_H * mw)},
                {"power_mw": round(low * mw, 1),
                 "cost_per_h": round(full * low * f.COAL_HEAT_AT_MIN + f.DEEP_OIL_CNY_PER_MW_H / 2 * mw)},
            ],
            "ramp_mw_per_h": round(60 * f.DEEP_RAMP_SHARE_PER_MIN * mw, 1),
            "min_stay_h": f.DEEP_MIN_STAY_H,
        }
    if must:
        unit["must_run_units"] = -int(-must * count // 1)
    if name != "small":
        unit["reserves"] = reserves(zone)
    return unit


def points(curve, mw, full):
    return [{"power_mw": round(share * mw, 1), "cost_per_h": round(full * cost)} for share, cost in curve]


def gas_clusters():
    out = []
    for zone, gw in f.GAS_GW.items():
        mw = f.GAS_UNIT_MW
        full = f.GAS_PRICE * f.CNY_PER_USD * f.GAS_HEAT_RATE * mw
        ramp = 60 * f.GAS_RAMP_SHARE_PER_MIN * mw
        low = f.GAS_CURVE[0][0]
        out.append({
            "name": f"{zone}-gas", "bus": zone, "fuel": "gas", "count": round(gw * 1000 / mw),
            "min_power_mw": low * mw, "max_power_mw": mw,
            "ramp_up_mw_per_h": ramp, "ramp_down_mw_per_h": ramp,
            "min_up_h": 2, "min_down_h": 1,
            "startup": [{"after_off_h": 0, "cost": f.GAS_START_CNY_PER_MW * mw}],
            "cost": points([(s, s * h) for s, h in f.GAS_CURVE], mw, full),
            "co2_t_per_mwh": round(f.GAS_CO2_KG_PER_GJ * f.GJ_PER_MMBTU * f.GAS_HEAT_RATE / 1000, 3),
            "reserves": reserves(zone),
        })
    return out


def nuclear_clusters():
    out = []
    for zone, gw in f.NUCLEAR_GW.items():
        mw = round(gw * 1000 * f.NUCLEAR_AVAILABLE / f.NUCLEAR_UNITS, 1)
        low = round(mw * f.NUCLEAR_MIN_SHARE, 1)
        out.append({
            "name": f"{zone}-nuclear", "bus": zone, "fuel": "nuclear", "count": f.NUCLEAR_UNITS,
            "min_power_mw": low, "max_power_mw": mw,
            "cost": [{"power_mw": p, "cost_per_h": round(p * f.NUCLEAR_CNY_PER_MWH)} for p in (low, mw)],
            "fixed_units": f.NUCLEAR_UNITS,
        })
    return out


def set_initial(units, need_mw):
    """Units on before midnight: nuclear, what must run, then by cost at full
    output until they cover the zone's need in the first hour with 15 % to
    spare; all at one share of their capacity, as near the need as limits let."""
    for zone in f.ZONES:
        ours = [u for u in units if u["bus"] == zone]
        on = {u["name"]: u.get("fixed_units", u.get("must_run_units", 0)) for u in ours}
        capacity = sum(on[u["name"]] * u["max_power_mw"] for u in ours)
        for u in sorted(ours, key=lambda u: (u["cost"][-1]["cost_per_h"] / u["max_power_mw"], u["name"])):
            while on[u["name"]] < u["count"] and capacity < 1.15 * need_mw[zone]:
                on[u["name"]] += 1
                capacity += u["max_power_mw"]
        share = need_mw[zone] / capacity if capacity else 0
        for u in ours:
            each = min(max(share * u["max_power_mw"], u["min_power_mw"]), u["max_power_mw"])
            u["initial"] = {"units_on": on[u["name"]], "power_mw": round(each * on[u["name"]], 1)}


def first_hour_need(day, load, wind, solar, grow):
    """MW that a zone's thermal units give in the first hour if hydro runs at
    its mean and links carry 80 % of their limit forward."""
    need = {}
    for z in f.ZONES:
        need[z] = (load[z][0] * grow["load"] - wind[z][0] * grow["wind"][z] - solar[z][0] * grow["solar"][z]
                   - 1000 * day["exchange_gw"].get(z, 0) - 1000 * f.HYDRO_GW.get(z, 0) * day["hydro_energy"])
        need[z] += sum(800 * gw for a, _, gw, _, _ in f.LINKS if a == z)
        need[z] -= sum(800 * gw * share for _, b, gw, _, share in f.LINKS if b == z)
        need[z] = max(need[z], 0)
    return need


# --- The rest of the power side -------------------------------------------

def hydro(day):
    out = []
    for zone, gw in f.HYDRO_GW.items():
        full = 1000 * gw * f.HYDRO_LEVEL_H
        out.append({
            "name": f"{zone}-hydro", "bus": zone,
            "min_power_mw": round(1000 * gw * f.HYDRO_MIN_SHARE), "max_power_mw": round(1000 * gw * day["hydro_peak"]),
            "inflow_mw": round(1000 * gw * day["hydro_energy"]),
            "level_max_mwh": full, "initial_level_mwh": full / 2,
            "terminal_min_mwh": full / 2, "terminal_max_mwh": round(0.52 * full),
            "reserves": reserves(zone),
        })
    return out


def pumped_storage():
    out = []
    charge, discharge = f.PUMPED_EFFICIENCY
    for zone, (gw, hours) in f.PUMPED.items():
        full = round(1000 * gw * hours / discharge, -2)
        out.append({
            "name": f"{zone}-pumped", "bus": zone, "technology": "pumped hydro",
            "max_charge_mw": 1000 * gw, "max_discharge_mw": 1000 * gw,
            "efficiency_charge": charge, "efficiency_discharge": discharge,
            "level_max_mwh": full, "initial_level_mwh": full * f.PUMPED_START_SHARE,
            "terminal_min_mwh": full * f.PUMPED_START_SHARE,
            "reserves": reserves(zone),
        })
    return out


def links():
    out = []
    for a, b, forward, backward, share in f.LINKS:
        link = {"name": f"{a}-{b}", "from": a, "to": b, "max_forward_mw": 1000 * forward}
        if backward:
            link["max_backward_mw"] = 1000 * backward
        link["loss_share"] = round(1 - share, 4)
        out.append(link)
    return out


def renewables(day_name, grow):
    out = []
    for source, capacity in (("wind", f.WIND_GW), ("solar", f.SOLAR_GW)):
        for z in f.ZONES:
            factor = grow[source][z]
            out.append({"name": f"{z}-{source}", "bus": z, "source": source,
                        "capacity_mw": round(1000 * capacity[z] * factor),
                        "available_mw": table(f"{day_name}-{source}.csv", z, factor)})
    return out


def reserve_products(day_name, grow):
    out = []
    for name, zones in (("east", f.EAST), ("west", f.WEST)):
        for direction, share in f.RESERVE_SHARE.items():
            out.append({"name": f"{name}-{direction}", "direction": direction, "minutes": 10, "sustained_h": 0.5,
                        "buses": zones,
                        "requirement_mw": table(f"{day_name}-load.csv", name.upper(), round(share * grow["load"], 6))})
    return out


# --- Computing ------------------------------------------------------------

def pools(factor):
    out = []
    for site, cpu, gpu, _ in f.SITES.values():
        for kind, mw in (("cpu", cpu), ("gpu", gpu)):
            if mw:
                idle = f.IDLE_SHARE[kind]
                out.append({
                    "name": f"{site}-{kind}", "site": site, "kind": kind,
                    "modules": factor * mw // f.MODULE_UNITS, "units_per_module": f.MODULE_UNITS,
                    "idle_mw_per_module": round(idle * f.MODULE_UNITS, 3), "dynamic_mw_per_unit": round(1 - idle, 3),
                    "min_on_h": f.MODULE_MIN_H, "min_off_h": f.MODULE_MIN_H, "start_energy_mwh": f.MODULE_START_MWH,
                })
    return out


def latency_classes():
    out = []
    for name, bound in f.ROUND_TRIP_BOUND_MS.items():
        item = {"name": name}
        if bound:
            item["max_round_trip_ms"] = bound
        if f.UTILISATION_CAP[name]:
            item["utilisation_cap"] = f.UTILISATION_CAP[name]
        out.append(item)
    return out


def data_links(factor):
    out = []
    for i, a in enumerate(f.ZONES):
        for j in range(i + 1, len(f.ZONES)):
            gbps = f.DATA_GBPS_NEAR if f.RTT_MS[i][j] < 13 else f.DATA_GBPS
            out.append({"name": f"{a}-{f.ZONES[j]}", "from": a, "to": f.ZONES[j], "capacity_gbps": gbps * factor,
                        "price_per_gb": f.DATA_PRICE_CNY_PER_GB, "energy_kwh_per_gb": f.DATA_KWH_PER_GB})
    return out


def workloads(factor):
    return [{"name": f"{z}-{c}", "region": z, "class": c,
             "demand_units": table("demand.csv", f"{z}-{c}", factor),
             "data_gb_per_unit_h": f.DATA_GB_PER_UNIT_H[c]}
            for z in f.EAST for c in ("hot", "warm")]


# --- A case ---------------------------------------------------------------

def write_case(name, day_name, tables, coal, jobs, future=False):
    day = f.DAYS[day_name]
    grow = f.Y2030 if future else {"load": 1, "wind": dict.fromkeys(f.ZONES, 1),
                                   "solar": dict.fromkeys(f.ZONES, 1), "computing": 1}
    heat = day["heat"] or future
    thermal = coal_clusters(coal, f.HEAT_MUST_RUN_SHARE if heat else 0) + gas_clusters() + nuclear_clusters()
    set_initial(thermal, first_hour_need(day, tables["load"], tables["wind"], tables["solar"], grow))
    start = day["start"].replace("2023", "2030") if future else day["start"]
    title = ("2030 on " if future else "") + day["title"]
    factor = grow["computing"]

    text = [
        "# East data, west compute: eight computing hubs and their grids over one day.",
        f"# {title}.",
        "# Written by make_cases.py; every figure and its source: SOURCES.md.",
        "format: wattbit-case/1",
        f"name: eight-hubs-{name}",
        f'description: "{title}."',
        "currency: CNY",
        "",
        "# 24 hours. For quarter hours: --set 'horizon.periods=[{count: 96, hours: 0.25}]'",
        "horizon:",
        f"  start: {start}",
        "  zone: Asia/Shanghai",
        "  periods: [{count: 24, hours: 1}]",
        "",
        "# Prices of what a plan must avoid. They keep a short system solvable: the",
        "# plan then says what is short.",
        "penalties:",
        *(f"  {field}: {price} # {remark}" for field, price, remark in f.PENALTIES),
        "",
        "# China's carbon market charges a coal unit only for what it emits above its",
        "# benchmark, so the price at the margin is near nothing. Set 70 to 100 CNY/t",
        "# to see full pricing.",
        "policy:",
        "  co2_price_per_t: 0",
    ]
    add = text.extend
    add(yamltext.section("buses", "One bus a zone.", [({"name": z}, f.ZONE_TEXT[z]) for z in f.ZONES], "flow"))
    add(yamltext.section("loads", "Demand without the eight computing sites, MW.",
                         [{"name": f"{z}-load", "bus": z,
                           "power_mw": table(f"{day_name}-load.csv", z, grow["load"])} for z in f.ZONES], "flow"))
    add(yamltext.section("exchanges", "Scheduled flows with provinces outside the case, import positive\n"
                         "(assumptions that close the balance).",
                         [{"name": f"{z}-outside", "bus": z, "import_mw": 1000 * gw}
                          for z, gw in day["exchange_gw"].items()], "flow"))
    remark = (f"\nIn the north at least {f.HEAT_MUST_RUN_SHARE:.0%} of the units stay on for heat." if heat else "")
    add(yamltext.section("thermal_units", "Clusters of alike units: figures are of one unit, initial.power_mw of all.\n"
                         "Flexible coal can go below its normal minimum (deep), with oil support, at a\n"
                         "slower ramp, for some hours at least." + remark, thermal))
    add(yamltext.section("renewables", "What wind and sun offer, MW; the plan may curtail.",
                         renewables(day_name, grow), "flow"))
    add(yamltext.section("hydro", "Reservoirs, counted in MWh of electricity. The day must end at the level it\n"
                         "began with, or up to 2 % of the volume above.", hydro(day)))
    add(yamltext.section("storages", "Pumped storage; round trip 0.766.", pumped_storage()))
    add(yamltext.section("links", "Corridors between zones. What arrives is less by the loss.", links(), "flow"))
    add(yamltext.section("reserves", "Spinning reserve by area: 3 % of load upward, 2 % downward.",
                         reserve_products(day_name, grow)))
    add(yamltext.section("latency_classes", "Work by how long its answers may travel. A cap of 0.7 keeps 30 % of a unit\n"
                         "free as headroom.", latency_classes(), "flow"))
    add(yamltext.section("regions", "Where work and data come from.",
                         [{"name": z, "area": area(z), "bus": z} for z in f.ZONES], "flow"))
    add(["", "# Round-trip times in ms, a row a region, a column a site.", "network:",
         "  round_trips: {csv: tables/rtt.csv}"])
    add(yamltext.section("sites", "One site stands for the clusters of its hub.",
                         [{"name": s[0], "bus": z, "region": z, "pue": s[3]} for z, s in f.SITES.items()], "flow"))
    add(yamltext.section("pools", f"Machines in modules of {f.MODULE_UNITS} MW. A unit is 1 MW of IT at full load: it draws the idle\n"
                         "part while its module is on, the dynamic part while it is busy.", pools(factor)))
    add(yamltext.section("data_links", "A full mesh. Gb/s each way, CNY and kWh a GB.", data_links(factor), "flow"))
    add(yamltext.section("workloads", "Requests served in the hour in which they arise, by origin and class.",
                         workloads(factor), "flow"))
    add(yamltext.section("jobs", "Cold work drawn from a cluster's trace (draw_jobs.py), as classes of alike\n"
                         "jobs: a short job and a gang run in one piece, a long job may pause. Input data\n"
                         "lie in the region of origin.",
                         [(job | {"count": job["count"] * factor}, remark) for job, remark in jobs]))
    (HERE / f"{name}.yaml").write_text("\n".join(text) + "\n")
    plausibility.print_margins(name, day, tables, thermal, grow)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    data = pathlib.Path(sys.argv[1])
    (HERE / "tables").mkdir(exist_ok=True)
    coal = read_coal(data / "china" / "coal_units_hubs_gem2023.csv.gz")
    days = {}
    for day in f.DAYS:
        tables = {kind: read_zone_table(data / "china" / f"{kind}_{day}.csv", step)
                  for kind, step in (("load", 100), ("wind", 10), ("solar", 10))}
        areas = {name: [sum(tables["load"][z][h] for z in zones) for h in range(24)]
                 for name, zones in (("EAST", f.EAST), ("WEST", f.WEST))}
        write_table(f"{day}-load.csv", tables["load"] | areas)
        write_table(f"{day}-wind.csv", tables["wind"])
        write_table(f"{day}-solar.csv", tables["solar"])
        days[day] = tables
    demand = demand_columns(read_shapes(data / "jobs" / "helios_earth_vc_running_gpus_15min_202005.csv.gz"))
    write_table("demand.csv", demand)
    write_table("rtt.csv", {f.SITES[z][0]: [row[i] for row in f.RTT_MS] for i, z in enumerate(f.ZONES)},
                f.ZONES, "region")

    busy = f.UTILISATION * sum(cpu + gpu for _, cpu, gpu, _ in f.SITES.values())
    jobs = draw_jobs.draw(data / "jobs" / "pai_day100.csv", busy * f.CLASS_SHARE["cold"] * 24)
    for day in f.DAYS:
        write_case(day, day, days[day], coal, jobs)
    write_case("highwind-2030", "highwind", days["highwind"], coal, jobs, future=True)

    plausibility.print_computing(jobs, demand)


if __name__ == "__main__":
    main()
