"""The figures of the eight-hub case. SOURCES.md says where each comes from;
"assumption" marks what is set by judgement, not measured or published."""

ZONES = ["JJJ", "YRD", "GBA", "CY", "NM", "GZ", "GS", "NX"]
EAST = ["JJJ", "YRD", "GBA", "CY"]
WEST = ["NM", "GZ", "GS", "NX"]
NORTH = ["JJJ", "NM", "GS", "NX"]  # zones whose coal also heats cities

ZONE_TEXT = {
    "JJJ": "Beijing, Tianjin, Hebei",
    "YRD": "Shanghai, Jiangsu, Zhejiang, Anhui",
    "GBA": "Guangdong",
    "CY": "Sichuan, Chongqing",
    "NM": "Inner Mongolia",
    "GZ": "Guizhou",
    "GS": "Gansu",
    "NX": "Ningxia",
}

# --- Power ---------------------------------------------------------------

CNY_PER_USD = 7.1
GJ_PER_MMBTU = 1.055056

# Coal price by zone, USD/MMBtu.
COAL_PRICE = {"JJJ": 5.18, "YRD": 6.06, "GBA": 6.49, "CY": 4.01,
              "NM": 2.94, "GZ": 6.49, "GS": 3.78, "NX": 3.34}

# Size classes of coal units: name, least capacity MW, heat rate MMBtu/MWh at
# full output, minimum up and down time h (assumption).
COAL_CLASSES = [
    ("1000", 800, 7.88, 24),
    ("600", 450, 8.45, 12),
    ("300", 250.001, 8.92, 8),
    ("small", 0, 9.80, 4),
]
# What the tracker's units add up to, by class: count and mean MW. The script
# refuses a unit table that says otherwise.
COAL_COUNTS = {
    "JJJ": [6, 26, 104, 31], "YRD": [60, 129, 118, 143], "GBA": [24, 40, 51, 41],
    "CY": [4, 20, 30, 21], "NM": [6, 78, 113, 124], "GZ": [0, 31, 38, 13],
    "GS": [2, 6, 43, 10], "NX": [6, 18, 35, 17],
}
COAL_MIN_SHARE = 0.40           # of capacity, normal operation
COAL_HEAT_AT_MIN = 1.075        # heat rate at minimum over that at full output
COAL_HEAT_AT_70 = 1.015         # assumption, at 70 % of capacity; keeps the curve convex
COAL_CO2_PARTLOAD = 1.03        # assumption: mean heat rate over that at full output
COAL_RAMP_SHARE_PER_MIN = 0.015     # assumption, of capacity
COAL_START_CNY_PER_MW = 300     # assumption
# Coal retrofitted for flexible operation: 257 GW in the whole country by the
# end of 2022, of about 1,120 GW of coal. The same share of the hubs' coal is
# taken, all of it in the 600 and 300 MW classes (assumption).
FLEX_NATIONAL_GW, COAL_NATIONAL_GW = 257, 1120
FLEX_CLASSES = {"600": 0.30, "300": 0.35}   # deep minimum, share of capacity
DEEP_OIL_CNY_PER_MW_H = 12      # assumption: oil support and wear at the deep minimum,
                                # per MW of capacity; half of it just below normal minimum
DEEP_RAMP_SHARE_PER_MIN = 0.005     # assumption
DEEP_MIN_STAY_H = 3             # assumption
HEAT_MUST_RUN_SHARE = 0.55      # northern coal kept on for heat, winter and 2030

GAS_GW = {"JJJ": 13.6, "YRD": 21.4, "GBA": 28.5, "CY": 1.6}
GAS_UNIT_MW = 400               # assumption
GAS_PRICE = 9.0                 # assumption, USD/MMBtu
GAS_HEAT_RATE = 9.2             # assumption, MMBtu/MWh at full output
# Assumption: output share and heat rate over that at full output.
GAS_CURVE = [(0.35, 1.25), (0.70, 1.045), (1.0, 1.0)]
GAS_CO2_KG_PER_GJ = 56.1        # IPCC default for natural gas
GAS_START_CNY_PER_MW = 80       # assumption
GAS_RAMP_SHARE_PER_MIN = 0.05   # assumption

NUCLEAR_GW = {"YRD": 15.7, "GBA": 16.1}
NUCLEAR_UNITS = 14              # assumption, in each of the two zones
NUCLEAR_AVAILABLE = 0.92        # assumption
NUCLEAR_MIN_SHARE = 0.85        # assumption, of available power
NUCLEAR_CNY_PER_MWH = 60        # assumption, fuel

HYDRO_GW = {"YRD": 8.0, "GBA": 10.0, "CY": 67.2, "GZ": 11.4, "GS": 9.6, "NX": 0.4}
HYDRO_MIN_SHARE = 0.12          # assumption: river flow that must pass
HYDRO_LEVEL_H = 8               # assumption: hours of full output that the reservoirs hold
PUMPED = {"YRD": (11.7, 6), "GBA": (8.0, 7)}    # GW; hours of full discharge are an assumption
PUMPED_EFFICIENCY = (0.87, 0.88)    # assumption, charge and discharge: round trip 0.766
PUMPED_START_SHARE = 0.5        # assumption: level at the start, and at least at the end

# from, to, GW forward, GW backward, delivered share. The AC corridors run both
# ways, the long direct-current lines are scheduled from west to east.
LINKS = [
    ("NM", "JJJ", 12.95, 12.95, 0.965),
    ("NM", "YRD", 8.0, 0, 0.935),
    ("CY", "YRD", 37.6, 0, 0.935),
    ("NX", "YRD", 8.0, 0, 0.94),
    ("GS", "NX", 7.0, 7.0, 0.98),
    ("GZ", "GBA", 17.5, 0, 0.955),
]

RESERVE_SHARE = {"up": 0.03, "down": 0.02}  # assumption, of the area's load

# --- Days ----------------------------------------------------------------

DAYS = {
    "summer": {
        "start": "2023-07-15T00:00:00+08:00",
        "title": "15 July: evening peak, rivers full, little wind",
        "exchange_gw": {"GBA": 25, "YRD": 26, "JJJ": 25, "NM": -25, "GS": -8, "NX": -6},
        "hydro_energy": 0.62, "hydro_peak": 0.90, "heat": False,
    },
    "winter": {
        "start": "2023-01-14T00:00:00+08:00",
        "title": "14 January: rivers low, coal bound by heat; Sichuan and Chongqing short at the peak",
        "exchange_gw": {"GBA": 15, "YRD": 20, "JJJ": 25, "NM": -25, "GS": -6, "NX": -8, "CY": 18},
        "hydro_energy": 0.30, "hydro_peak": 0.365, "heat": True,
    },
    "highwind": {
        "start": "2023-05-11T00:00:00+08:00",
        "title": "11 May: strong wind in the north, mild load",
        "exchange_gw": {"GBA": 25, "YRD": 20, "JJJ": 20, "NM": -25, "GS": -6, "NX": -6, "CY": 5},
        "hydro_energy": 0.42, "hydro_peak": 0.70, "heat": False,
    },
}
# hydro_energy (share of capacity, mean over the day), hydro_peak (share of
# capacity that the water can drive) and the exchanges are assumptions.

# 2030 on the high-wind day: factors on the tables.
Y2030 = {
    "load": 1.15,
    "wind": {z: 1.4 for z in EAST} | {z: 2.6 for z in WEST},  # east: assumption
    "solar": {"JJJ": 2.2, "YRD": 2.2, "GBA": 2.2, "CY": 5.0,
              "NM": 3.5, "GZ": 3.5, "GS": 3.5, "NX": 3.5},
    "computing": 6,
}
WIND_GW = {"JJJ": 24.5, "YRD": 28.9, "GBA": 13.6, "CY": 6.2,
           "NM": 40.6, "GZ": 4.8, "GS": 18.4, "NX": 11.8}
SOLAR_GW = {"JJJ": 58.1, "YRD": 113.1, "GBA": 19.2, "CY": 6.2,
            "NM": 29.7, "GZ": 25.4, "GS": 23.6, "NX": 28.8}

# --- Computing -----------------------------------------------------------

# zone: site, IT MW in cpu racks, IT MW in gpu racks, PUE. The sum 4,000 MW is
# sourced, so are the 1,150 MW of JJJ; the rest of the split is an assumption.
SITES = {
    "JJJ": ("Zhangjiakou", 850, 300, 1.25),
    "YRD": ("Wuhu", 550, 150, 1.25),
    "GBA": ("Shaoguan", 350, 0, 1.25),
    "CY": ("Tianfu", 300, 0, 1.25),
    "NM": ("Horinger", 500, 200, 1.18),
    "GZ": ("Guian", 300, 150, 1.20),
    "GS": ("Qingyang", 150, 0, 1.20),
    "NX": ("Zhongwei", 200, 0, 1.15),
}
MODULE_UNITS = 10               # a module is 10 MW of IT: a hall of 4,000 racks of 2.5 kW
# Share of a full rack's power that it draws when on and idle. gpu: the fit of
# 1.6 kW + 0.43 kW a busy GPU for servers of eight. cpu: see SOURCES.md.
IDLE_SHARE = {"cpu": 0.35, "gpu": 0.32}
MODULE_MIN_H = 2                # assumption, on and off
MODULE_START_MWH = 1.0          # assumption: starting and testing a module

UTILISATION = 0.65              # busy share of 4,000 MW: 2,600 units
ORIGIN_SHARE = {"JJJ": 0.33, "YRD": 0.37, "GBA": 0.22, "CY": 0.08}
CLASS_SHARE = {"hot": 0.30, "warm": 0.30, "cold": 0.40}
ROUND_TRIP_BOUND_MS = {"hot": 10, "warm": 100, "cold": None}
UTILISATION_CAP = {"hot": 0.70, "warm": 0.80, "cold": None}    # assumption
DATA_GB_PER_UNIT_H = {"hot": 400, "warm": 150}  # assumption

RTT_MS = [
    [2.0, 18.0, 26.4, 22.8, 6.4, 26.7, 14.1, 15.3],
    [18.0, 2.0, 16.0, 23.9, 20.5, 23.0, 20.7, 24.5],
    [26.4, 16.0, 2.0, 17.4, 26.4, 12.3, 20.8, 24.7],
    [22.8, 23.9, 17.4, 2.0, 20.0, 8.9, 11.0, 12.9],
    [6.4, 20.5, 26.4, 20.0, 2.0, 24.8, 10.9, 11.2],
    [26.7, 23.0, 12.3, 8.9, 24.8, 2.0, 16.6, 19.4],
    [14.1, 20.7, 20.8, 11.0, 10.9, 16.6, 2.0, 6.1],
    [15.3, 24.5, 24.7, 12.9, 11.2, 19.4, 6.1, 2.0],
]

DATA_PRICE_CNY_PER_GB = 0.14
DATA_KWH_PER_GB = 0.005
DATA_GBPS = 200                 # assumption, between any two hubs
DATA_GBPS_NEAR = 400            # assumption, between hubs under 13 ms apart

# Jobs: the draw.
JOB_SEED = 2023
JOB_DRAWS = 1200                # assumption
JOB_PART_H = 8                  # longer jobs are cut at checkpoints in equal parts
# name, longest h, shape, kinds of pool, slack h after the length (assumption),
# input GB per unit-hour of work (assumption).
JOB_KINDS = [
    ("short", 1.5, "rigid", ["cpu"], 4, 300),
    ("gang", 5.5, "rigid", ["gpu"], 5, 200),
    ("long", 8.0, "preemptible", ["cpu"], 5, 50),
]
JOB_BLOCK_H = 6                 # arrivals of so many hours make one class
LATE_CNY_PER_UNIT_H = 30        # assumption

# --- Penalties, CNY (assumptions; their order matters) -------------------

PENALTIES = [
    ("unserved_price_per_unit_h", 50000, "synchronous computing not served"),
    ("shed_price_per_mwh", 20000, "value of lost load"),
    ("reserve_shortage_price_per_mwh", 12000, "a MW of reserve missing for an hour"),
    ("drop_price_per_unit_h", 8000, "a job's work not done within the day"),
    ("spill_price_per_mwh", 1000, "power that a bus cannot get rid of"),
]
