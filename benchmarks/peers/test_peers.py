"""Tests of check.py, compare.py and run.py by hand-solved cases."""

import copy
import json
import pathlib
import tempfile
import unittest

import check
import compare
import run
from egret_case import case_id, gap_of

# Two generators over four hours. "a" is on before at 60 MW; "b" has been off for
# five hours and starts in hour 2: warm, since 6 hours off are at least 4.
INSTANCE = {
    "time_periods": 4,
    "demand": [70.0, 120.0, 130.0, 60.0],
    "reserves": [5.0, 5.0, 5.0, 5.0],
    "thermal_generators": {
        "a": {
            "must_run": 1, "power_output_minimum": 40.0, "power_output_maximum": 100.0, "ramp_up_limit": 30.0, "ramp_down_limit": 40.0,
            "ramp_startup_limit": 60.0, "ramp_shutdown_limit": 60.0, "time_up_minimum": 3, "time_down_minimum": 2,
            "power_output_t0": 60.0, "unit_on_t0": 1, "time_up_t0": 1, "time_down_t0": 0,
            "startup": [{"lag": 2, "cost": 500.0}],
            "piecewise_production": [{"mw": 40.0, "cost": 400.0}, {"mw": 60.0, "cost": 600.0}, {"mw": 100.0, "cost": 1200.0}],
        },
        "b": {
            "must_run": 0, "power_output_minimum": 20.0, "power_output_maximum": 50.0, "ramp_up_limit": 30.0, "ramp_down_limit": 30.0,
            "ramp_startup_limit": 40.0, "ramp_shutdown_limit": 40.0, "time_up_minimum": 2, "time_down_minimum": 2,
            "power_output_t0": 0.0, "unit_on_t0": 0, "time_up_t0": 0, "time_down_t0": 5,
            "startup": [{"lag": 2, "cost": 50.0}, {"lag": 4, "cost": 80.0}, {"lag": 8, "cost": 150.0}],
            "piecewise_production": [{"mw": 20.0, "cost": 300.0}, {"mw": 50.0, "cost": 900.0}],
        },
    },
    "renewable_generators": {"w": {"power_output_minimum": [0, 0, 0, 0], "power_output_maximum": [10, 10, 10, 10]}},
}


def schedule():
    return check.Schedule(
        u={"a": [1, 1, 1, 1], "b": [0, 1, 1, 0]},
        p={"a": [60.0, 80.0, 85.0, 50.0], "b": [0.0, 30.0, 35.0, 0.0]},
        r={"a": [5.0, 5.0, 5.0, 0.0], "b": [0.0, 5.0, 5.0, 0.0]},
        w={"w": [10.0, 10.0, 10.0, 10.0]})


class Check(unittest.TestCase):
    def breaches(self, change, instance=INSTANCE):
        s, instance = schedule(), copy.deepcopy(instance)
        s.r["a"][3] = 5.0
        change(s, instance)
        return check.check(instance, s)[0]

    def test_cost_by_hand(self):
        # a: 600 + 900 + 975 + 500; b: 500 + 600 and the start after 6 hours off, 80.
        problems, cost = check.check(INSTANCE, schedule())
        self.assertEqual(problems, ["hour 4: equation (3) 0.000000 MW of reserve for 5.000000"])
        self.assertAlmostEqual(cost, 600 + 900 + 975 + 500 + 500 + 600 + 80)
        self.assertEqual(self.breaches(lambda s, i: None), [])

    def test_start_categories(self):
        tiers = INSTANCE["thermal_generators"]["b"]["startup"]
        for hours, cost in ((1, 50), (2, 50), (3, 50), (4, 80), (7, 80), (8, 150), (999, 150)):
            self.assertEqual(check.start_cost(tiers, hours), cost)

    def test_breaches(self):
        def unit(g):
            return lambda i: i["thermal_generators"][g]
        a, b = unit("a"), unit("b")
        for change, equation in (
            (lambda s, i: s.p["a"].__setitem__(0, 61.0), "(2)"),
            (lambda s, i: i["reserves"].__setitem__(1, 10.5), "(3)"),
            (lambda s, i: (s.u["a"].__setitem__(0, 0), s.p["a"].__setitem__(0, 0.0)), "(4)"),
            (lambda s, i: b(i).update(time_down_t0=0, time_down_minimum=2), "(5)"),
            (lambda s, i: (a(i).update(power_output_t0=30.0)), "(8)"),
            (lambda s, i: (a(i).update(power_output_t0=101.0)), "(9)"),
            (lambda s, i: (a(i).update(must_run=0, power_output_t0=70.0, time_up_t0=9), s.u["a"].__setitem__(0, 0)), "(10)"),
            (lambda s, i: b(i).update(must_run=1), "(11)"),
            (lambda s, i: b(i).update(time_up_minimum=3), "(13)"),
            (lambda s, i: (s.u["b"].__setitem__(slice(0, 4), [1, 0, 1, 1])), "(14)"),
            (lambda s, i: b(i).update(ramp_startup_limit=34.0), "(17)"),
            (lambda s, i: b(i).update(ramp_shutdown_limit=39.0), "(18)"),
            (lambda s, i: a(i).update(ramp_up_limit=24.0), "(19)"),
            (lambda s, i: a(i).update(ramp_down_limit=34.0), "(20)"),
            (lambda s, i: i["renewable_generators"]["w"]["power_output_maximum"].__setitem__(2, 9.0), "(24)"),
            (lambda s, i: s.p["b"].__setitem__(1, 19.0), "(p)"),
            (lambda s, i: s.r["b"].__setitem__(1, -1.0), "(r)"),
            (lambda s, i: s.w.pop("w"), "renewable generators"),
            (lambda s, i: s.p["a"].pop(), "3 values for 4 hours"),
        ):
            problems = self.breaches(change)
            self.assertTrue(any(equation in p for p in problems), (equation, problems))

    def test_plans(self):
        s = schedule()
        plan = {
            "objective": 4155.0, "bound": 4155.0, "buses": [{"name": "system", "shed_mw": [0, 0, 0, 0]}],
            "thermal_units": [{"name": g, "units_on": s.u[g], "power_mw": s.p[g], "reserves": [{"product": "up", "mw": s.r[g]}]} for g in ("a", "b")],
            "renewables": [{"name": "w", "power_mw": s.w["w"]}]}
        plan["thermal_units"][0]["reserves"][0]["mw"] = [5.0] * 4
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "instances" / "ca").mkdir(parents=True)
            (folder / "plans" / "ca" / "one").mkdir(parents=True)
            (folder / "instances" / "ca" / "one.json").write_text(json.dumps(INSTANCE))
            file = folder / "plans" / "ca" / "one" / "plan.json"
            for change, holds in (({}, True), ({"objective": 4156.0}, False), ({"bound": 4155.1}, False),
                                  ({"buses": [{"name": "system", "shed_mw": [0, 1, 0, 0]}]}, False)):
                file.write_text(json.dumps(plan | change))
                self.assertEqual(check.check_folder(folder / "instances", folder / "plans"), holds, change)


class Compare(unittest.TestCase):
    def line(self, tool, case, gap, **more):
        return {"tool": tool, "case": case, "status": "limit", "gap": gap, "objective": 1.0, "seconds": 60.0, "verified": True, "shortages": 0,
                "options": {"gap": 1e-4, "time_limit_s": 60, "threads": 1}} | more

    def test_table(self):
        ours = {c: self.line("wattbit", c, g, seconds_to_1pct=s) for c, g, s in (("ca/1", 1e-4, 2.0), ("ca/2", 3e-4, 4.0))}
        theirs = {"ca/1": self.line("egret", "ca/1", 0.5, shortages=3), "ca/2": self.line("egret", "ca/2", 2e-3, seconds_to_1pct=50.0),
                  "ca/3": self.line("egret", "ca/3", 0.1)}
        rows = compare.table({"wattbit": ours, "egret": theirs})
        self.assertIn("| ca/1 | egret | limit, no schedule that counts | - | 60.0 | - | - | - | - | - |", rows)
        self.assertIn("| ca | wattbit | 2 | 0.0200 | 60.0 | 3.0 | - | - | - | - |", rows)
        self.assertIn("| ca | egret | 2 | - | 60.0 | - | - | - | - | - |", rows)
        self.assertIn("Not compared, because wattbit has no line: ca/3.", rows)

    def test_refuses_unlike_questions(self):
        other = self.line("egret", "ca/1", 0.1)
        other["options"] = {"gap": 1e-4, "time_limit_s": 600, "threads": 1}
        with self.assertRaises(SystemExit):
            compare.table({"wattbit": {"ca/1": self.line("wattbit", "ca/1", 0.1)}, "egret": {"ca/1": other}})


class Run(unittest.TestCase):
    def test_names(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "ca").mkdir()
            self.assertEqual(case_id(folder / "ca" / "one.json.gz"), "ca/one")
            (folder / "best-known.csv").write_text("")
            (folder / "ca" / "deep").mkdir()
            self.assertEqual(case_id(folder / "ca" / "deep" / "one.json"), "ca/deep/one")

    def test_gap(self):
        self.assertEqual((gap_of(100.0, 99.0), gap_of(100.0, 101.0), gap_of(0.0, -1.0)), (0.01, 0.0, 1.0))

    def test_torn_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "lines.jsonl"
            self.assertEqual(run.read_lines(path), [])
            path.write_text('{"case": "a"}\n{"ca')
            self.assertEqual(run.read_lines(path), [{"case": "a"}])
            self.assertEqual(path.read_text(), '{"case": "a"}\n')


if __name__ == "__main__":
    unittest.main()
