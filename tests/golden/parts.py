# SPDX-License-Identifier: MIT
"""JSON reports of several machines, taken apart by what they are about and kept once each.

    expect/rules/ID.json         what each machine gets from one rule, its findings and its step
    expect/rows/ID.json          what each machine gets in one row of Microsoft's table
    expect/facts/GROUP           the facts of one group: a line for each fact and value
    expect/tool/report.json      what every report says of the program
    machines/NAME/expect/report.json   what is left: host, verdict, steps, notes

What follows from other parts is not kept but checked here: counts, the rules of rows and steps,
the values of evidence, what is unknown.
"""
import json
import re

TOOL = ("schema_version", "tool", "as_of", "profile")
DERIVED = ("rows", "rules", "facts", "unknown", "findings", "counts")


def without_codename(files):
    """For programs without libcpuid, which name no processor."""
    return {name: re.sub(r"(?m)^cpu\.codename .*\n", "", text) for name, text in files.items()}


def cut(members, *names):
    return {k: v for k, v in members.items() if k not in names}


def evidence(e):
    where = "" if e["offset"] is None else f" byte {e['offset']}"
    return f"{e['fact']} ({e['source']}{where})"


RULE = ("id", "row", "title", "reference", "reference_url")
ROW = ("id", "title")


class Kept:
    """One thing, and what each machine gets of it; machines that get the same share an entry."""

    def __init__(self):
        self.thing, self.results = {}, []

    def add(self, machine, thing, result):
        self.thing = thing
        same = next((r for r in self.results if cut(r, "machines") == result), None)
        if same is None:
            self.results.append({"machines": machine} | result)
        else:
            same["machines"] += " " + machine

    def text(self):
        return text_of(self.thing | {"results": self.results})


class Parts:
    def __init__(self, rules, facts, problems):
        self.fact_names, self.problems = facts, problems
        self.rules = {name: Kept() for name in rules}
        self.rows = {}
        self.facts = {name: {} for name in facts}
        self.left, self.tool = {}, None

    def want(self, holds, problem):
        if not holds:
            self.problems.append(problem)

    def add(self, machine, report):
        self.check_derived(machine, report)
        steps = {rule: fix["text"] for fix in report["fixes"] for rule in fix["rules"]}
        for rule in report["rules"]:
            result = cut(rule, *RULE)
            result["evidence"] = [evidence(e) for e in rule["evidence"]]
            if rule["id"] in steps:
                result["step"] = steps[rule["id"]]
            result["findings"] = [cut(f, "rule") for f in report["findings"]
                                  if f["rule"] == rule["id"]]
            self.rules[rule["id"]].add(machine, {k: rule[k] for k in RULE}, result)
        for row in report["rows"]:
            self.rows.setdefault(row["id"], Kept()).add(machine, {k: row[k] for k in ROW},
                                                        cut(row, *ROW, "rules"))
        for name, value in report["facts"].items():
            word = f"unknown {report['unknown'][name]}" if value is None else json.dumps(value)
            self.facts[name].setdefault(word, []).append(machine)
        tool = {k: report[k] for k in TOOL}
        self.want(self.tool in (None, tool), f"{machine}: says something else of the program")
        self.tool = tool
        self.left[machine] = cut(report, *TOOL, *DERIVED) | {
            "fixes": [cut(fix, "rules", "rows") for fix in report["fixes"]]}

    def check_derived(self, machine, report):
        """What is not kept follows from what is."""
        rules, order = report["rules"], [r["id"] for r in report["rules"]]
        self.want(order == list(self.rules), f"{machine}: rules are not those of 'list rules'")
        self.want(list(report["facts"]) == self.fact_names,
                  f"{machine}: facts are not those of 'list facts'")
        self.want(list(report["unknown"]) == [n for n, v in report["facts"].items() if v is None],
                  f"{machine}: what is unknown is not what has no value")
        for status, n in report["counts"].items():
            self.want(n == sum(r["status"] == status for r in rules),
                      f"{machine}: the count of {status} is wrong")
        self.want([row["id"] for row in report["rows"]] ==
                  list(dict.fromkeys(r["row"] for r in rules)), f"{machine}: the rows are wrong")
        for row in report["rows"]:
            self.want(row["rules"] == [r["id"] for r in rules if r["row"] == row["id"]],
                      f"{machine}: the rules of the row {row['id']} are wrong")
        rows = {r["id"]: r["row"] for r in rules}
        for fix in report["fixes"]:
            self.want(fix["rules"] == [r for r in order if r in fix["rules"]] and fix["rows"] ==
                      list(dict.fromkeys(rows[r] for r in fix["rules"])),
                      f"{machine}: the rules or rows of a step are wrong: {fix['text']}")
        found = [(f["rule"], f["subject"]) for f in report["findings"]]
        self.want(found == sorted(found), f"{machine}: findings are not sorted by rule and subject")
        for rule in rules:
            for e in rule["evidence"]:
                self.want(e["value"] == report["facts"][e["fact"]],
                          f"{machine}: {rule['id']}: the evidence {e['fact']} is not the fact")

    def files(self):
        made = {"expect/tool/report.json": text_of(self.tool)}
        for folder, things in (("rules", self.rules), ("rows", self.rows)):
            made |= {f"expect/{folder}/{name}.json": kept.text() for name, kept in things.items()}
        for name, values in self.facts.items():
            path = f"expect/facts/{name.split('.')[0]}"
            made[path] = made.get(path, "") + "".join(
                f"{name} = {word}: {' '.join(machines)}\n" for word, machines in values.items())
        for machine, left in self.left.items():
            made[f"machines/{machine}/expect/report.json"] = text_of(left)
        return made


def text_of(value):
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
