# SPDX-License-Identifier: MIT
"""A page about a fleet: what is counted, which lines are skipped, and what hostile lines cost."""
import copy
import json

import browser
import harness
from harness import (Case, capture_files, check_text, check_trouble, metal, need_corpus, reports,
                     run, run_bounded, wsmt, write_files)
from test_formats import HOSTILE
from test_html import check_page

SCHEMA = harness.PROJECT / "docs/schema/summary-1.json"
FORMATS = ("text", "markdown", "html", "json")
UPDATE, SETUP = "Install the vendor's newest firmware, or ask for one", "Enable it in setup"


def fix(action, text, *rules, certain=True):
    return {"action": action, "text": text, "rules": list(rules), "rows": [], "certain": certain,
            "needed": True}


def rule(name, row, status, message="", level="required", **more):
    return {"id": name, "row": row, "title": name, "level": level, "status": status,
            "reason": "no-permission" if status == "unknown" else None,
            "cause": "disabled" if status == "fail" else None, "message": message, **more}


def made(host, wsmt="pass", virt="pass", fixes=(), verdict=None, product="Thing", firmware="1.0",
         **more):
    """A report with two rules that count."""
    worst = {"fail": "not-ready", "unknown": "undetermined", "pass": "ready"}
    bad = min((wsmt, virt), key=("fail", "unknown", "pass").index)
    return {"schema_version": 1, "tool": {"name": "vbscheck", "version": "0.2.0"},
            "source": {"kind": "live", "path": None},
            "host": {"vendor": "Maker", "product": product, "firmware_version": firmware,
                     "labels": {"host": host} if host else {}},
            "profile": "vbs", "verdict": verdict or worst[bad],
            "rules": [rule("smm.wsmt", "smm", wsmt, "WSMT is not there"),
                      rule("cpu.virtualization", "virtualization", virt, "it is off")],
            "fixes": list(fixes), **more}


def lines(*items):
    return b"".join(i if isinstance(i, bytes) else json.dumps(i).encode() + b"\n" for i in items)


def summary(*items, skipped=0, **more):
    """Of those lines, as JSON, checked against its schema; and every other format of it."""
    import jsonschema
    data = lines(*items)
    r = run("summary", "--format", "json", "-", stdin=data, ok=(2 if skipped else 0,), **more)
    d = json.loads(r.out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(d)
    assert d["skipped"]["lines"] == skipped, d["skipped"]
    assert d["lines"] == d["machines"] + skipped, d
    assert r.err.count(b"\n") == min(skipped, 6), r
    for form in FORMATS[:3]:
        text = run("summary", "--format", form, "-", stdin=data, ok=(r.status,)).out.decode()
        if form == "html":
            check_page(text)
        elif form == "text":
            check_text(text.encode())
    return d


def by(items, key, value):
    return next(i for i in items if i[key] == value)


UPDATES = fix("firmware-update", UPDATE, "smm.wsmt")
SETS = fix("setup", SETUP, "cpu.virtualization")
EVIDENCE = fix("evidence", "Run as root", "cpu.virtualization")
REPLACES = fix("replace-hardware", "Use another machine", "cpu.virtualization")


class Counts(Case):
    def test_verdicts_rows_and_reasons_are_counted(self):
        d = summary(made("a"), made("b", wsmt="fail", fixes=[UPDATES]),
                    made("c", wsmt="fail", virt="unknown", fixes=[UPDATES, EVIDENCE]))
        self.assertEqual(d["verdicts"], {"ready": 1, "undetermined": 0, "not-ready": 2})
        row = by(d["rows"], "id", "smm")
        self.assertEqual((row["fail"], row["unknown"], row["pass"]), (2, 0, 1))
        self.assertEqual(row["reasons"], [{"rule": "smm.wsmt", "status": "fail", "why": "disabled",
                                           "message": "WSMT is not there", "machines": 2}])
        self.assertEqual(by(d["rows"], "id", "virtualization")["unknown"], 1)

    def test_of_a_row_only_the_rules_of_its_highest_level_are_counted(self):
        report = made("a")
        report["rules"].append(rule("cpu.mbec", "smm", "fail", "no", level="info"))
        row = by(summary(report)["rows"], "id", "smm")
        self.assertEqual((row["fail"], row["pass"], row["reasons"]), (0, 1, []))

    def test_a_waived_rule_fails_no_row_and_needs_no_fix(self):
        report = made("a", verdict="not-ready")
        report["rules"][0] = rule("smm.wsmt", "smm", "fail", waived="known")
        row = by(summary(report)["rows"], "id", "smm")
        self.assertEqual((row["fail"], row["excused"]), (0, 1))

    def test_a_machine_becomes_ready_by_the_set_of_its_fixes(self):
        d = summary(*(made(f"a{i}", wsmt="fail", fixes=[UPDATES]) for i in range(3)),
                    *(made(f"b{i}", virt="fail", fixes=[SETS]) for i in range(2)),
                    *(made(f"c{i}", "fail", "fail", fixes=[UPDATES, SETS]) for i in range(4)))
        self.assertEqual([(s["text"], s["machines"], s["alone"], s["ready"]) for s in d["plan"]],
                         [(UPDATE, 7, 3, 3), (SETUP, 6, 2, 9)])

    def test_a_set_of_two_that_helps_many_comes_before_a_fix_that_helps_one(self):
        other = fix("driver", "Update a driver", "cpu.virtualization")
        d = summary(made("x", virt="fail", fixes=[other]),
                    *(made(f"c{i}", "fail", "fail", fixes=[UPDATES, SETS]) for i in range(4)))
        self.assertEqual([s["text"] for s in d["plan"]], [UPDATE, SETUP, "Update a driver"])
        self.assertEqual([s["ready"] for s in d["plan"]], [0, 4, 5])

    def test_the_plan_has_ten_steps(self):
        d = summary(*(made(f"h{i}-{k}", "fail", fixes=[fix("setup", f"fix {i}", "smm.wsmt")])
                      for i in range(14) for k in range(i + 1)))
        self.assertEqual([s["text"] for s in d["plan"]], [f"fix {i}" for i in range(13, 3, -1)])
        self.assertEqual(d["plan"][-1]["ready"], sum(range(5, 15)))

    def test_machines_that_lack_evidence_other_hardware_or_a_fix_stand_apart(self):
        d = summary(made("a", virt="unknown", fixes=[EVIDENCE]),
                    made("b", "fail", "unknown", fixes=[UPDATES, EVIDENCE]),
                    made("c", virt="fail", fixes=[REPLACES]), made("d", wsmt="fail"))
        self.assertEqual(d["without_plan"], {"evidence": 1, "other_hardware": 1, "no_fix": 1,
                                             "other_sets": 0})
        self.assertEqual([(s["text"], s["ready"], s["no_fail"]) for s in d["plan"]],
                         [(UPDATE, 0, 1)])

    def test_models_are_told_apart_by_firmware(self):
        d = summary(made("a"), made("b"), made("c", firmware="2.0", wsmt="fail", fixes=[UPDATES]),
                    made("d", product=None, firmware=None))
        self.assertEqual([(m["product"], m["firmware_version"], m["machines"])
                          for m in d["models"]],
                         [("Thing", "1.0", 2), (None, None, 1), ("Thing", "2.0", 1)])
        self.assertEqual([m["outliers"] for m in d["models"]], [[], [], []])

    def test_a_machine_without_a_product_is_named_by_its_board(self):
        report = made("a", product=None)
        report["host"]["board"] = "Board 7"
        self.assertEqual(summary(report)["models"][0]["product"], "Board 7")

    def test_a_fix_that_is_not_certain_is_said_to_be_so(self):
        unsure = fix("firmware-update", UPDATE, "smm.wsmt", certain=False)
        both = [made("a", "fail", fixes=[UPDATES]), made("b", "fail", fixes=[unsure])]
        step = summary(*both)["plan"][0]
        self.assertEqual((step["machines"], step["certain"]), (2, 1))
        self.assertIn(b"certain to help on 1 of 2", run("summary", "-", stdin=lines(*both)).out)

    def test_outliers_name_the_rules_and_the_hosts(self):
        d = summary(*(made(f"good{i}") for i in range(5)),
                    *(made(f"bad{i}", wsmt="fail", fixes=[UPDATES]) for i in range(4)))
        self.assertEqual(d["models"][0]["outliers"],
                         [{"machines": 4, "hosts": ["bad0", "bad1", "bad2"],
                           "rules": [{"id": "smm.wsmt", "status": "fail", "usual": "pass"}]}])
        text = run("summary", "-", stdin=lines(*(made(f"g{i}") for i in range(2)), made(
            "bad", wsmt="fail", fixes=[UPDATES]))).out.decode()
        self.assertIn("bad: smm.wsmt fail, else pass", text)

    def test_a_rule_that_only_one_was_judged_by_makes_no_outlier(self):
        other = made("b")
        del other["rules"][1]
        self.assertEqual(summary(made("a"), other)["models"][0]["outliers"], [])

    def test_drivers_are_counted_once_a_machine(self):
        def driver(path, result="violation", **more):
            return {"path": path, "result": result, "company": "Maker", "version": "1.2",
                    "denied_by": None, **more}
        d = summary(made("a", drivers=[driver("x/bad.sys"), driver("y\\bad.sys"),
                                       driver("good.sys", "clean")]),
                    made("b", drivers=[driver("bad.sys"),
                                       driver("old.sys", "clean", denied_by=["ID_DENY"])]),
                    made("c", drivers=[driver("good.sys", "clean")]), made("d"))["drivers"]
        self.assertEqual((d["machines"], d["machines_with_violations"]), (3, 2))
        self.assertEqual([(i["name"], i["result"], i["denied"], i["machines"])
                          for i in d["not_clean"]],
                         [("bad.sys", "violation", False, 2), ("old.sys", "clean", True, 1)])

    def test_forecasts_are_counted(self):
        item = {"because": "", "inference": False}
        d = summary(*(made(f"h{i}", forecast={"vbs_policy_1": {"value": v, **item},
                                              "readiness_tool": {"value": "words", **item},
                                              "properties": {"1": {"value": True, **item}}})
                      for i, v in enumerate((True, True, False, None))))
        self.assertEqual(d["forecast"], [{"name": "vbs_policy_1", "yes": 2, "no": 1, "open": 1}])

    def test_mixed_profiles_and_versions_are_said(self):
        other = made("b")
        other["profile"], other["tool"]["version"] = "strict", "9.9.9"
        d = summary(made("a"), other, made("c"))
        self.assertEqual(d["profiles"], [{"name": "vbs", "machines": 2},
                                         {"name": "strict", "machines": 1}])
        text = run("summary", "-", stdin=lines(made("a"), other)).out.decode()
        self.assertIn("different profiles", text)
        self.assertIn("different versions of vbscheck", text)

    def test_reports_of_the_program_itself_are_counted(self):
        paths = [write_files(self.dir / f"m{flags}", capture_files(metal(
            **{"acpi/WSMT": wsmt(flags)}))) for flags in (3, 7)]
        made_ = run("--format", "ndjson", *paths, ok=(1, 3)).out
        d = summary(made_)
        self.assertEqual(d["machines"], 2)
        self.assertEqual(d["models"][0]["outliers"][0]["hosts"][0][:1], "m")
        row = by(d["rows"], "id", "smm")
        self.assertEqual((row["fail"], row["pass"], row["title"]), (1, 1, "SMM protections (WSMT)"))
        for report in reports(run("--format", "ndjson", *paths, ok=(1, 3))):
            for r in report["rows"]:
                counted = by(d["rows"], "id", r["id"])
                key = r["status"]
                self.assertTrue(counted[key] > 0 or counted["excused"] > 0, (r, counted))

    def test_the_corpus_adds_up(self):
        need_corpus("hosts")
        made_ = run("--format", "ndjson", harness.CORPUS / "hosts", ok=(1, 3)).out
        all_ = [json.loads(x) for x in made_.splitlines()]
        d = summary(made_)
        for name, n in d["verdicts"].items():
            self.assertEqual(n, sum(r["verdict"] == name for r in all_), name)
        for row in d["rows"]:
            told = [r for report in all_ for r in report["rows"] if r["id"] == row["id"]]
            self.assertEqual(row["fail"], sum(r["status"] == "fail" for r in told), row["id"])
            self.assertEqual(row["pass"], sum(r["status"] == "pass" for r in told), row["id"])

    def test_the_order_of_lines_changes_no_number(self):
        all_ = [made(f"h{i}", ("pass", "fail")[i % 2], product=f"P{i % 3}",
                     fixes=[UPDATES] if i % 2 else []) for i in range(12)]
        one, two = summary(*all_), summary(*reversed(all_))
        for d in (one, two):
            for m in d["models"]:
                for o in m["outliers"]:
                    del o["hosts"]
        for key in ("verdicts", "rows", "plan", "fixes"):
            self.assertEqual(one[key], two[key], key)


class Skipped(Case):
    def check(self, problem, bad):
        d = summary(made("a"), bad, made("b"), skipped=1)
        self.assertEqual(d["machines"], 2)
        first = d["skipped"]["first"][0]
        self.assertEqual((first["file"], first["line"]), ("-", 2))
        self.assertIn(problem, first["problem"])

    def test_lines_that_are_not_ours(self):
        self.check("not a report of vbscheck", b'{"a": 1}\n')
        self.check("is not a JSON report", b"hello\n")
        self.check("is not a JSON report", b"\xff\xfe{\n")
        self.check("not a report of vbscheck", b'{"tool": {"name": "other"}, "rules": []}\n')

    def test_lines_of_other_schema_versions(self):
        for version in (0, 2, 99):
            report = made("x")
            report["schema_version"] = version
            self.check(f"schema version {version}", report)

    def test_a_line_cut_in_the_middle(self):
        whole = lines(made("x"))
        for n in (2, len(whole) // 2, len(whole) - 2):
            self.check("is cut off", whole[:n] + b"\n")

    def test_the_last_line_needs_no_newline_and_may_be_cut(self):
        whole = lines(made("x"))
        self.assertEqual(summary(made("a"), whole[:-1])["machines"], 2)
        d = summary(made("a"), whole[:-9], skipped=1)
        self.assertEqual(d["skipped"]["first"][0]["line"], 2)

    def test_two_reports_on_one_line(self):
        self.check("several reports", lines(made("x"))[:-1] + lines(made("y")))

    def test_an_indented_report_says_what_to_do(self):
        whole = json.dumps(made("x"), indent=2).encode() + b"\n"
        r = run("summary", "-", stdin=whole, ok=(2,))
        self.assertIn(b"indented report: give the output of 'vbscheck --format ndjson'", r.err)

    def test_a_second_report_of_a_host_is_skipped_and_the_first_counts(self):
        d = summary(made("a"), made("a", wsmt="fail", fixes=[UPDATES]), skipped=1)
        self.assertEqual(d["verdicts"]["ready"], 1)
        self.assertEqual(d["skipped"]["second_reports"], 1)
        self.assertIn("second report of a", d["skipped"]["first"][0]["problem"])

    def test_a_path_tells_hosts_apart_only_where_it_names_evidence(self):
        def of(kind, path, **more):
            return made(None, **more) | {"source": {"kind": kind, "path": path}}
        d = summary(of("live", None), of("live", None), of("root", "/host"), of("root", "/host"),
                    of("evidence", "-"), of("evidence", "-"))
        self.assertEqual((d["machines"], d["machines_without_name"]), (6, 6))
        d = summary(of("capture", "a.tar"), of("capture", "b.tar"),
                    of("capture", "a.tar", product="Other"), of("capture", "a.tar"), skipped=1)
        self.assertEqual((d["machines"], d["machines_without_name"]), (3, 0))

    def test_the_first_few_are_named_and_all_are_counted(self):
        d = summary(*([b"no\n"] * 9), made("a"), skipped=9)
        self.assertEqual(len(d["skipped"]["first"]), 5)
        r = run("summary", "-", stdin=lines(*([b"no\n"] * 9), made("a")), ok=(2,))
        self.assertTrue(r.err.endswith(b"vbscheck: and 4 more lines were skipped\n"), r)

    def test_empty_lines_are_no_lines_and_nothing_at_all_is_a_page(self):
        self.assertEqual(summary(b"\n\n", made("a"), b" \r\n")["machines"], 1)
        self.assertEqual(summary()["machines"], 0)

    def test_files_are_read_in_order_and_a_missing_one_is_trouble(self):
        for name in ("a", "b"):
            (self.dir / name).write_bytes(lines(made(name)))
        r = run("summary", self.dir / "a", self.dir / "gone", self.dir / "b", "--format", "json",
                ok=(2,))
        self.assertEqual(json.loads(r.out)["machines"], 2)
        self.assertIn(b"gone: No such file", r.err)
        check_trouble(run("summary", self.dir), "Is a directory")
        check_trouble(run("summary", self.dir / "gone", "--output", self.dir / "page"), "No such file")
        self.assertFalse((self.dir / "page").exists())

    def test_other_formats_are_refused(self):
        check_trouble(run("summary", "--format", "csv", "-"), "text, markdown, html or json")
        check_trouble(run("summary"), "needs a file")


class Hostile(Case):
    def test_strings_are_harmless_in_every_format(self):
        for text, _ in HOSTILE.values():
            report = made(text, "fail", product=text, firmware=text, profile=text,
                          fixes=[fix("setup", text, "smm.wsmt")], drivers=[
                              {"path": text, "result": "violation", "company": text,
                               "version": text}])
            report["rules"][0]["message"] = text
            report["rules"][0]["cause"] = text
            report["tool"]["version"] = text
            summary(report, made("other", product=text, firmware=text))

    def test_a_million_models_end_as_others_within_64_mib(self):
        def flood():
            for i in range(6000):
                yield made(f"h{i}", "fail", product=f"model {i} " + "x" * 400, firmware=f"f{i}",
                           fixes=[fix("setup", f"do {i} " + "y" * 400, "smm.wsmt")],
                           drivers=[{"path": f"{i}.sys", "result": "violation"}],
                           **{"profile": f"p{i}"})
        r = run_bounded("summary", "-", "--format", "json", stdin=lines(*flood()), seconds=20)
        d = json.loads(r.out)
        self.assertEqual(d["machines"], 6000)
        self.assertEqual(len(d["models"]), 1000)
        self.assertEqual(d["machines_of_other_models"], 5000)
        self.assertEqual(d["without_plan"]["other_sets"], 5800)
        self.assertEqual(d["drivers"]["left_out"], 5000)

    def test_a_line_without_end_and_one_of_many_values_cost_themselves_alone(self):
        endless = b'{"tool": "' + b"x" * (9 << 20) + b'"}\n'
        many = b'{"rules": [' + b"0," * 59000 + b"0]}\n"
        deep = b"[" * 100000 + b"\n"
        texts = b'{"facts": {' + b",".join(b'"%d":"%s"' % (i, b"z" * 100)
                                          for i in range(29000)) + b"}}\n"
        r = run_bounded("summary", "-", "--format", "json", seconds=20,
                        stdin=lines(made("a"), endless, many, deep, texts, made("b")))
        d = json.loads(r.out)
        self.assertEqual((d["machines"], d["skipped"]["lines"]), (2, 4))
        self.assertIn("longer than any report", d["skipped"]["first"][0]["problem"])

    def test_every_prefix_of_a_line_is_skipped(self):
        whole = lines(made("x", "fail", fixes=[UPDATES]))[:-1]
        cut = b"".join(whole[:n] + b"\n" for n in range(1, len(whole)))
        r = run("summary", "-", "--format", "json", stdin=cut, ok=(2,))
        self.assertEqual(json.loads(r.out)["machines"], 0)

    def test_types_that_are_not_those_of_the_schema(self):
        for key in made("x"):
            for value in (None, 1, "text", [], {}, [1, None, "x", {}], {"a": 1}, True):
                report = copy.deepcopy(made("x", "fail", fixes=[UPDATES], drivers=[], forecast={}))
                report[key] = value
                run("summary", "-", stdin=lines(report), ok=(0, 2))


class Page(Case):
    def test_the_page_in_a_browser_and_on_paper(self):
        path = self.dir / "fleet.html"
        run("summary", "--format", "html", "-", "--output", path, stdin=lines(
            *(made(f"a{i}", wsmt="fail", fixes=[UPDATES]) for i in range(30)),
            *(made(f"b{i}", product=f"P{i}") for i in range(12)),
            made("c", virt="unknown", fixes=[EVIDENCE])))
        for scheme in browser.SCHEMES:
            for width in (360, 1280):
                browser.picture(path, "summary", width, 1600, scheme)
                found = browser.axe(path, width, scheme, self.dir)
                self.assertEqual(found["bad"], [])
        sizes, pages = browser.paper(path, "summary")
        self.assertIn("How it is counted", pages[0])
        self.assertIn("Rows of the table", pages[1])


if __name__ == "__main__":
    harness.main()
