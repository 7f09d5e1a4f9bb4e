# SPDX-License-Identifier: MIT
"""Files that verbs and options read: reports, lists, labels, profiles."""
import json

from harness import capture_files, metal
from rows import Made, fitting, lines, row, judged  # noqa: F401


def report(i, **more):
    r = {"schema_version": 1, "tool": {"name": "vbscheck", "version": "0"},
         "source": {"kind": "capture", "path": f"h{i}", "collected_at": None, "digest": "sha256:" + "%064x" % i},
         "host": {"vendor": "Maker", "product": f"Thing {i}", "firmware_version": "1.0", "labels": {"host": f"h{i}"}},
         "profile": "vbs", "verdict": "not-ready",
         "rules": [{"id": "smm.wsmt", "row": "smm", "level": "required", "status": "fail", "cause": "firmware-bug",
                    "message": f"words {i}"}],
         "rows": [], "facts": {}, "unknown": {}, "findings": [], "fixes": []}
    r.update(more)
    return r


def text(r):
    return json.dumps(r).encode()


def summary(data, *more):
    return Made({"f.ndjson": data}, ("summary", "@f.ndjson", *more))


@row("summary: models, messages and drivers", "fleet/fleet", "fleet/names", "fleet/models", "fleet/hosts", "fleet/lines",
     "fleet/reader", "cli/fleet/fleet", loads=False)
def _(size):
    return summary(lines(size, lambda i: text(report(i, drivers=[
        {"path": f"d{i}.sys", "result": "violation", "version": "1", "company": "M", "denied_by": []}])) + b"\n"))


@row("summary: sets of fixes", "fleet/fixes", loads=False)
def _(size):
    def one(i):
        fixes = [{"action": "setup", "text": f"fix {(i * 7 + k * (1 + i % 13)) % 199}", "rules": ["smm.wsmt"], "rows": [],
                  "certain": True, "needed": True} for k in range(1 + i % 12)]
        return text(report(i, fixes=fixes)) + b"\n"
    return summary(lines(size, one))


@row("summary: rules that no version has", loads=False)
def _(size):
    return summary(lines(size, lambda i: text(report(i, rules=[
        {"id": f"r.{i}.{k}", "row": f"w{i}.{k}", "level": "required", "status": "fail", "message": f"m{i}.{k}"} for k in range(40)])) + b"\n"))


@row("summary: values of one line", loads=False)
def _(size):
    return summary(b"[" + b"0," * (size // 2) + b"0]\n")


@row("summary: lists in lists", loads=False)
def _(size):
    return summary(b"[" * size + b"\n")


@row("summary: empty lines", loads=False)
def _(size):
    return summary(b"\n" * size)


def diff(name, a, b, *drives):
    @row(name, *drives, loads=False)
    def _(size):
        return Made({"a.json": text(a(size // 2)), "b.json": text(b(size // 2))}, ("diff", "@a.json", "@b.json"))


def findings(words):
    return lambda size: report(0, findings=[{"rule": "iommu.coverage", "subject": "pci", "message": "x" * 200 + words + str(i)}
                                            for i in range(fitting(size, 290))])


diff("diff: findings that no report shares", findings("a"), findings("b"), "compare/compare", "compare/told", "compare/told_read")
diff("diff: facts", lambda s: report(0, facts={f"a.{i}": i for i in range(fitting(s, 16, 4000))}),
     lambda s: report(0, facts={f"a.{i}": i + 1 for i in range(fitting(s, 16, 4000))}))
diff("diff: rules", lambda s: report(0, rules=[{"id": f"r{i}", "row": "smm", "level": "required", "status": "pass"} for i in range(512)]),
     lambda s: report(0, rules=[{"id": f"q{i}", "row": "smm", "level": "required", "status": "fail", "message": "m" * (s // 600)} for i in range(512)]))
diff("diff: one long text", lambda s: report(0, host={"vendor": "v" * s}), lambda s: report(0, host={"vendor": "w" * s}))


@row("diff: tables of captures", "compare/tables", loads=False)
def _(size):
    from tables import dmar_of, drhd
    from harness import tar
    def one(step):
        return tar(capture_files(metal(**{"acpi/DMAR": dmar_of(size // 2, lambda i: drhd(i * step))})))
    return Made({"a.tar": one(1), "b.tar": one(2)}, ("diff", "@a.tar", "@b.tar"))


@row("diff: bytes that differ", loads=False)
def _(size):
    from harness import tar
    a = tar(capture_files(metal(**{"acpi/IVRS": b"\0" * (size // 2)})))
    b = tar(capture_files(metal(**{"acpi/IVRS": b"\0\1" * (size // 4)})))
    return Made({"a.tar": a, "b.tar": b}, ("diff", "@a.tar", "@b.tar"))


@row("baseline", "compare/baseline", loads=False)
def _(size):
    from harness import tar
    return Made({"c.tar": tar(capture_files(metal())), "b.json": text(findings("a")(size))},
                ("--from", "@c.tar", "--baseline", "@b.json"))


@row("profile file", "profile/profile_file", "profile/policy", loads=False)
def _(size):
    from harness import tar
    p = {"schema_version": 1, "name": "a", "base": "vbs", "waivers": [
        {"rule": "smm.wsmt", "reason": f"r{i}", "until": "2027-01-31", "owner": "o"} for i in range(fitting(size, 78))]}
    return Made({"c.tar": tar(capture_files(metal())), "p.json": text(p)}, ("--from", "@c.tar", "--profile", "@p.json"))


@row("labels: rows of a CSV file", "cli/inputs/label_file", "parse/csv/csv", loads=False)
def _(size):
    from harness import tar
    return Made({"c.tar": tar(capture_files(metal())), "l.csv": lines(size, lambda i: b"h%d,s%d\n" % (i, i), b"host,site\n")},
                ("--from", "@c.tar", "--labels", "@l.csv", "--format", "ndjson"))


@row("labels: columns of a CSV file", loads=False)
def _(size):
    from harness import tar
    return Made({"c.tar": tar(capture_files(metal())), "l.csv": lines(size, lambda i: b",k%d" % i, b"host", b"\n")},
                ("--from", "@c.tar", "--labels", "@l.csv", "--format", "ndjson"))


@row("labels: a quoted field", loads=False)
def _(size):
    from harness import tar
    return Made({"c.tar": tar(capture_files(metal())), "l.csv": b"host,site\nh,\"" + b'""' * (size // 2) + b'"\n'},
                ("--from", "@c.tar", "--labels", "@l.csv", "--format", "ndjson"))


@row("resume: reports of one input", "cli/inputs/resume", loads=False)
def _(size):
    from harness import tar
    return Made({"c.tar": tar(capture_files(metal())), "r.ndjson": lines(size, lambda i: text(
        report(i, source={"kind": "capture", "path": "c.tar", "digest": "sha256:%064x" % i}, rules=[])) + b"\n")},
                ("--from", "@c.tar", "--resume", "@r.ndjson", "--format", "ndjson"))


@row("list of inputs that are not there", "cli/inputs/paths", "cli/scan/many", loads=False)
def _(size):
    return Made({"list": lines(size, lambda i: b"/nowhere/%d/%s\n" % (i, b"x" * 480))}, ("--from-list", "@list", "--format", "ndjson"))


@row("list of one path", loads=False)
def _(size):
    return Made({"list": b"/" + b"x" * (size - 2) + b"\n"}, ("--from-list", "@list", "--format", "ndjson"))


@row("an archive of captures", "cli/inputs/outer", "cli/inputs/members", loads=False)
def _(size):
    from harness import tar
    files = {}
    for i in range(fitting(size, 18000)):
        files.update({f"h{i}/{n}": d for n, d in capture_files(metal()).items()})
    return Made({"all.tar": tar(files)}, ("--from", "@all.tar", "--format", "ndjson"))


def captured(name, source):
    """capture --from: what a capture keeps of a text, and leaves out of it."""
    from rows import ROWS

    @row(f"capture --from: {name}", "load/redact", "load/text/clean", loads=False)
    def _(size):
        made = ROWS[source].make(size)
        return Made(made.files, ("capture", *made.args, "--output", "@kept"))


for kind in ("cpuinfo: processors", "lspci -nn", "log: lines of no use", "log: boots", "dmidecode: structures",
             "cpuid: AIDA's dump", "journal: records of JSON", "acpidump: one large table", "blob drivers",
             "lspci -vvv", "systeminfo", "capture: blobs"):
    captured(kind, kind)


@row("a copied system", "collect/kernel", "collect/pci", "collect/klog", "collect/dmi", "collect/sys", "collect/lines",
     "reader/iomem", "reader/files", "reader/lists", "reader/early", "reader/reader", loads=False)
def _(size):
    part = size // 4
    files = {"proc/cpuinfo": lines(part, lambda i: b"processor\t: %d\nvendor_id\t: GenuineIntel\nflags\t: vmx\n\n" % i),
             "proc/iomem": lines(part, lambda i: b"%08x-%08x : System RAM\n" % (i << 12, i << 12 | 0xfff)),
             "dmesg": lines(part, lambda i: b"[    0.1] efi: mem%d: x\n" % i),
             "proc/cmdline": b"iommu=pt " * (part // 9)}
    for i in range(min(1500, part // 40)):
        at = f"sys/bus/pci/devices/{i >> 16:04x}:{i >> 8 & 255:02x}:{i >> 3 & 31:02x}.{i & 7}/"
        files.update({at + "class": b"0x020000\n", at + "vendor": b"0x8086\n", at + "device": b"0x1521\n"})
    return Made({f"root/{n}": d for n, d in files.items()}, ("--root", "@root"))
