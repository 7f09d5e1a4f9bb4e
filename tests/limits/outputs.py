# SPDX-License-Identifier: MIT
"""Every format of every verb, with the largest report that an input can cause."""
from harness import capture_files, metal, tar
from functools import lru_cache

from rows import Made, ROWS, lines, row

WORDS = "<&\"'|`*_\\ \u00e4\u202e\U0001f600"


@lru_cache(maxsize=2)
def full(size):
    """Units, functions, drivers, memory and notes, with words that every format has to escape."""
    from tables import dmar_of, drhd
    import struct
    part = size // 6
    words = WORDS.encode()
    n = part // 48
    mat = struct.pack("<IIII", 1, n, 48, 0) + b"".join(
        struct.pack("<IIQQQQQ", 5 + (i & 1), 0, i << 13, 0, 1, 0x8000000000000000, 0)[:48] for i in range(n))
    drivers = lines(part, lambda i: b"driver %s%d.sys\ngroup required\nresult violation\narch amd64\ncompany %s\n"
                    b"check 0x8 0x2001 0 violation .%s\n" % (words, i, words * 20, words))
    pci = lines(part, lambda i: b"%04x:%02x:%02x.%x class=060400 vendor=8086 device=1521 header=01 primary=0 secondary=%x "
                b"subordinate=ff external=1 name=%s\n" % (i >> 16, i >> 8 & 255, i >> 3 & 31, i & 7, (i >> 8) + 1 & 255, words))
    more = {f"x{words.decode()}{i}": f"word {i}" for i in range(1500)}
    return tar(capture_files(metal(**{
        "acpi/DMAR": dmar_of(part, drhd), "pci": pci, "drivers": drivers, "efi/memattr": mat,
        "efi/runtime-map": b"0x5 0x0 0x0 0x1 0x800000000000000f\n",
        "windows": lines(part, lambda i: b"event 3111 0x1fff 2026-11-02T00:00:00Z %s%d.sys\n" % (words, i), b"path /mnt/c\nhive ok \n"),
        "dmi": b"vendor: " + words * 20 + b"\nproduct: " + words * 20 + b"\n"}, **{n: s for n, s in more.items()})))


def reporter(name, drives, *args):
    @row(f"format {name}", *drives, loads=False)
    def _(size):
        return Made({"c.tar": full(size)}, ("--from", "@c.tar", *args))


ALL = ("report/report", "report/escape", "report/fact_text", "report/verdict", "rules/engine", "rules/remedy", "advice/rows",
       "advice/fixes", "forecast/look", "forecast/compare", "forecast/make", "forecast/properties")
JSON = ("report/json", "report/json_writer", "report/json_advice", "report/json_drivers", "report/json_forecast", "report/json_policy")
TEXT = ("report/text", "report/page", "report/table", "report/causes", "report/first", "report/tree", "report/memory",
        "report/drivers", "report/forecast", "confine/printable")
HTML = tuple(f"report/html/{n}" for n in ("html", "details", "summary", "regions", "units"))
FORMATS = {"text": ALL + TEXT, "json": JSON, "ndjson": (), "markdown": ("report/formats/markdown",), "html": HTML,
           "csv": ("report/formats/csv",), "junit": ("report/formats/junit",), "sarif": ("report/formats/sarif",),
           "prometheus": ("report/formats/prometheus",)}
for f, what in FORMATS.items():
    reporter(f, what, "--format", f)
reporter("text -v", (), "-v")
reporter("text -q", (), "-q")


def of(verb, source, kinds):
    for kind, drives in kinds.items():
        @row(f"{verb} as {kind}", *drives, loads=False)
        def _(size, kind=kind):
            made = ROWS[source].make(size)
            return Made(made.files, (*made.args, "--format", kind))


NONE = ()
of("diff", "diff: findings that no report shares", {"text": ("compare/print_text", "cli/diff/verb_diff"), "markdown": ("compare/print_markdown",),
                                                    "json": ("compare/print_json", "compare/parcel")})
of("summary", "summary: sets of fixes", {"text": NONE, "markdown": NONE, "json": NONE, "html": NONE})
of("summary of models", "summary: models, messages and drivers", {
    "text": ("fleet/print_text", "fleet/sheet", "fleet/sheet_machines", "cli/summary/verb_summary"), "markdown": ("fleet/print_markdown",),
    "json": ("fleet/print_json",), "html": ("fleet/print_html",)})
of("drivers", "driver pack: small drivers", {f: NONE for f in ("text", "json", "csv", "html", "markdown", "junit", "sarif")})
