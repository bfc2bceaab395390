"""Arithmetic on the finished figures, printed by make_cases.py: do they hang
together before any plan is made?"""

import figures as f


def print_margins(name, day, tables, thermal, grow):
    """For each zone, the hour with the least margin: what units, water, weather,
    exchange and links could give, against load and full computing."""
    print(f"{name}: zone, hour, load and computing GW, most supply GW, margin GW")
    for z in f.ZONES:
        firm = sum(u["count"] * u["max_power_mw"] for u in thermal if u["bus"] == z)
        firm += 1000 * f.HYDRO_GW.get(z, 0) * day["hydro_peak"] + 1000 * f.PUMPED.get(z, (0, 0))[0]
        firm += 1000 * day["exchange_gw"].get(z, 0)
        firm += sum(1000 * gw * share for _, b, gw, _, share in f.LINKS if b == z)
        firm += sum(1000 * back * share for a, _, _, back, share in f.LINKS if a == z)
        _, cpu, gpu, pue = f.SITES[z]
        margins = []
        for h in range(24):
            load = tables["load"][z][h] * grow["load"] + (cpu + gpu) * pue * grow["computing"]
            supply = firm + tables["wind"][z][h] * grow["wind"][z] + tables["solar"][z][h] * grow["solar"][z]
            margins.append((supply - load, h, load, supply))
        margin, hour, load, supply = min(margins)
        print(f"  {z:3} {hour:2}  {load / 1000:6.1f} {supply / 1000:6.1f} {margin / 1000:6.1f}")


def print_computing(jobs, demand):
    """Work of the day by kind against the capacity of the pools, and what its
    energy costs at 330 CNY/MWh, about the cost of coal power in the east."""
    cpu = 24 * sum(s[1] for s in f.SITES.values())
    gpu = 24 * sum(s[2] for s in f.SITES.values())
    held = {c: sum(sum(v) for k, v in demand.items() if k.endswith(c)) / f.UTILISATION_CAP[c] for c in ("hot", "warm")}
    print(f"computing, unit-hours: pools {cpu} cpu, {gpu} gpu; held by hot {held['hot']:.0f}, warm {held['warm']:.0f}")
    busy = sum(map(sum, demand.values()))
    for kind in f.JOB_KINDS:
        part = [j for j, _ in jobs if f"-{kind[0]}-" in j["name"]]
        work = sum(j["count"] * j["work_unit_h"] for j in part)
        busy += work
        print(f"  {kind[0]}: {len(part)} classes, {sum(j['count'] for j in part)} jobs, {work:.0f} unit-hours on {kind[3][0]}")
    pue = sum((s[1] + s[2]) * s[3] for s in f.SITES.values()) / sum(s[1] + s[2] for s in f.SITES.values())
    energy = busy * pue / 1000
    print(f"  busy {busy:.0f} unit-hours, {energy:.0f} GWh if idle modules are off, {energy * 0.33:.0f} M CNY")
