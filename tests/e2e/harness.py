# SPDX-License-Identifier: MIT
"""Shared by the end-to-end tests: runs the real program, and judges every answer it gives.

The program comes from the environment variable VBSCHECK, the corpus from VBSCHECK_CORPUS and the
data of real guests from VBSCHECK_LAB; by default they are searched for beside the project. What
is missing is skipped aloud, or fails where CI=true.
"""
import atexit
import csv
import functools
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
from pathlib import Path

E2E = Path(__file__).resolve().parent
PROJECT = E2E.parent.parent
SHARED = PROJECT.parent / "shared"
PROGRAM = os.environ.get("VBSCHECK") or str(PROJECT / "build/release/vbscheck")
CORPUS = Path(os.environ.get("VBSCHECK_CORPUS") or SHARED / "corpus")
LAB = Path(os.environ.get("VBSCHECK_LAB") or CORPUS.parent / "lab")
SCHEMA = PROJECT / "docs/schema/report-1.json"

IN_CI = os.environ.get("CI") == "true"
NOBODY = 65534
# Seconds that no run may take; a sanitizer build is slower by about this factor.
TIMEOUT = 60


def is_built_with(symbol):
    return os.path.exists(PROGRAM) and symbol in Path(PROGRAM).read_bytes()


SANITIZED = is_built_with(b"__asan_init")
SLOWNESS = 10 if SANITIZED else 2 if is_built_with(b"__llvm_profile_") else 1

# Contract, section 4, and ruling 31: id -> (row, level in `vbs`, level in a guest). A rule that is
# missing here fails one test, test_cli.test_rules_are_those_of_the_contract, and no other.
RULES = {
    "cpu.64bit": ("cpu", "required", "required"),
    "cpu.virtualization": ("virtualization", "required", "recommended"),
    "cpu.slat": ("slat", "required", "recommended"),
    "cpu.mbec": ("slat", "info", "info"),
    "iommu.present": ("iommu", "required", "recommended"),
    "iommu.translation": ("iommu", "required", "recommended"),
    "iommu.coverage": ("iommu", "required", "recommended"),
    "iommu.dma-opt-in": ("iommu", "recommended", "recommended"),
    "tpm.version": ("tpm", "recommended", "recommended"),
    "tpm.sha256-bank": ("tpm", "recommended", "recommended"),
    "smm.wsmt": ("smm", "required", "recommended"),
    "uefi.boot": ("uefi-mat", "required", "recommended"),
    "uefi.mat": ("uefi-mat", "required", "recommended"),
    "uefi.mat-coverage": ("uefi-mat", "required", "recommended"),
    "uefi.mat-layout": ("uefi-mat", "required", "recommended"),
    "uefi.page-protection": ("uefi-nx", "required", "recommended"),
    "mor.control": ("mor", "required", "recommended"),
    "mor.lock": ("mor", "required", "recommended"),
    "mor.lock-v2": ("mor", "required", "recommended"),
    "drivers.hvci": ("drivers", "required", "required"),
    "drivers.blocklist": ("drivers", "info", "info"),
    "drivers.windows-log": ("drivers", "recommended", "recommended"),
    "vm.nested": ("vm", "required", "required"),
    "vm.series": ("vm", "info", "info"),
    "boot.secure-boot": ("secure-boot", "recommended", "recommended"),
}
STATUSES = ("pass", "fail", "unknown", "not-applicable")
REASONS = ("not-collected", "no-permission", "lockdown", "no-driver", "not-uefi", "truncated",
           "malformed", "unsupported", "conflict", "unprovable", "hidden",
           "io-error")
CAUSES = ("absent", "disabled", "firmware-bug", "unknown")
# Contract, section 5: facts that scripts look for.
FACT_TYPES = {
    str: "cpu.vendor cpu.brand cpu.codename cpu.feature-control cpu.vm-cr tpm.version "
         "tpm.manufacturer tpm.firmware tpm.banks",
    bool: "cpu.long-mode cpu.vmx cpu.svm cpu.npt cpu.gmet cpu.ept cpu.mbec cpu.hypervisor "
          "dmar.present ivrs.present iort.present wsmt.present tpm2.present uefi.boot "
          "secure-boot.enabled secure-boot.setup-mode iommu.translates",
    int: "dmar.flags dmar.host-address-width dmar.drhd dmar.rmrr dmar.atsr dmar.rhsa dmar.andd "
         "dmar.satc dmar.sidp dmar.device-scopes dmar.include-all iommu.functions "
         "iommu.functions-uncovered iommu.functions-disputed iommu.units "
         "iommu.units-in-use ivrs.ivinfo ivrs.revision ivrs.ivhd-10 ivrs.ivhd-11 "
         "ivrs.ivhd-40 ivrs.ivmd ivrs.device-entries ivrs.units wsmt.flags wsmt.tables "
         "iort.nodes iort.its iort.named-component iort.root-complex iort.smmu-v2 iort.smmu-v3 "
         "iort.pmcg iort.rmr iort.mappings tpm2.start-method tpm2.revision mat.version "
         "mat.entries mat.entries-unprotected mat.entries-executable-data mor.control mor.lock",
}
TYPE_OF_FACT = {name: kind for kind, names in FACT_TYPES.items() for name in names.split()}

# Signs that something broke that the program then reported politely.
BROKEN = (b"AddressSanitizer", b"runtime error:", b"LeakSanitizer", b"was stopped", b"crashed",
          b"without a result", b"needed more than")


def without_counting(lines):
    """Lines of strace without those of a program of scripts/coverage: before main() it makes the folder
    of its counts, and maps the file."""
    counts = os.path.join(os.path.dirname(PROGRAM), "counts/")

    def is_counting(line):
        made = re.search(r'\bmkdir\("([^"]+)"', line)
        return ".profraw" in line or (made and counts.startswith(made[1].rstrip("/") + "/"))
    return [line for line in lines if not is_counting(line)]


# Skipping ----------------------------------------------------------------------------------------

def need(present, what):
    """Skips the running test aloud unless `present`; in CI that is a failure."""
    if present:
        return
    if IN_CI:
        raise AssertionError(f"in CI this must be there: {what}")
    print(f"SKIPPED: {what}", flush=True)
    raise unittest.SkipTest(what)


def need_corpus(*parts):
    where = CORPUS.joinpath(*parts)
    need(where.is_dir(), f"corpus not found at {where}")
    return where


def need_guests():
    where = LAB / "guests"
    need(where.is_dir(), f"data of guests not found at {where}")
    return where


def need_tool(name):
    where = shutil.which(name)
    need(where is not None, f"tool not found: {name}")
    return where


def truth(kind):
    """Rows of TRUTH.tsv: path, status, and what iasl printed as {name: text}."""
    with open(CORPUS / "TRUTH.tsv", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] == kind:
                yield row["path"], row["status"], dict(
                    p.split("=", 1) for p in row["facts"].split(";") if "=" in p)


# Running -----------------------------------------------------------------------------------------

class Result:
    """How one run of the program ended."""

    def __init__(self, argv, status, out, err, wall, usage):
        self.argv, self.status, self.out, self.err = argv, status, out, err
        self.wall, self.usage = wall, usage

    def __str__(self):
        return (f"{' '.join(map(repr, self.argv))}\nstatus {self.status}, {self.wall:.2f} s\n"
                f"stdout: {self.out[-2000:]!r}\nstderr: {self.err[-2000:]!r}")

    @property
    def lines(self):
        """Lines of standard error."""
        return self.err.decode("utf-8", "surrogateescape").splitlines()


@functools.cache
def program_for_all():
    """A copy of the program that every user can run: the checkout may be below a closed folder."""
    folder = tempfile.mkdtemp(prefix="vbscheck-program-")
    atexit.register(shutil.rmtree, folder)
    os.chmod(folder, 0o755)
    return shutil.copy(PROGRAM, folder)


def _drain(pipe, into):
    with pipe:
        into.append(pipe.read())


def run(*args, stdin=b"", env=None, ok=(0, 1, 2, 3), timeout=TIMEOUT * SLOWNESS, program=None,
        **popen):
    """Runs the program. Its status must be one of `ok`, and nothing may have broken inside."""
    mine = popen.get("user", os.getuid()) == os.getuid()
    argv = list(program) if program else [PROGRAM if mine else program_for_all()]
    argv += [os.fspath(a) for a in args]
    full = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    full.update(env or {})
    popen.setdefault("stdout", subprocess.PIPE)
    popen.setdefault("stderr", subprocess.PIPE)
    start = time.monotonic()
    with tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        child = subprocess.Popen(argv, stdin=given, env=full, **popen)
        out, err = [], []
        threads = [threading.Thread(target=_drain, args=(pipe, into))
                   for pipe, into in ((child.stdout, out), (child.stderr, err)) if pipe]
        for t in threads:
            t.start()
        killer = threading.Timer(timeout, child.kill)
        killer.start()
        _, how, usage = os.wait4(child.pid, 0)
        killer.cancel()
        for t in threads:
            t.join()
    child.returncode = os.waitstatus_to_exitcode(how)
    r = Result(argv, child.returncode, b"".join(out), b"".join(err),
               time.monotonic() - start, usage)
    assert r.status not in (-signal.SIGKILL,), f"killed after {timeout} s\n{r}"
    assert r.status in ok, f"status is none of {ok}\n{r}"
    for mark in BROKEN:
        assert mark not in r.err, f"{mark} on stderr\n{r}"
    return r


# Runs its arguments and prints the peak of their memory in KiB as a last line of stderr; small
# itself, since the peak of a process counts that of the one it was forked from.
_METER = ("import os,sys\n"
          "p=os.fork()\n"
          "if p==0: os.execv(sys.argv[1],sys.argv[1:])\n"
          "_,s,u=os.wait4(p,0)\n"
          "os.write(2,b'\\nMAXRSS %d\\n'%u.ru_maxrss)\n"
          "c=os.waitstatus_to_exitcode(s)\n"
          "sys.exit(c if c>=0 else 128-c)\n")


def run_bounded(*args, seconds=2.0, mib=64, **more):
    """Like run(), within limits of time and memory. The machine may be busy: best of three."""
    for _ in range(3):
        r = run(*args, program=[sys.executable, "-ISEc", _METER, PROGRAM], **more)
        r.err, _, peak = r.err.rpartition(b"\nMAXRSS ")
        r.rss_mib = int(peak) / 1024
        busy = r.usage.ru_utime + r.usage.ru_stime
        if r.wall <= seconds * SLOWNESS or busy > seconds * SLOWNESS:
            break
    assert r.wall <= seconds * SLOWNESS, f"took {r.wall:.2f} s, over {seconds * SLOWNESS}\n{r}"
    # The sanitizers' shadow memory and quarantine come on top.
    most = mib if not SANITIZED else 16 * mib
    assert r.rss_mib <= most, f"peak of {r.rss_mib:.1f} MiB, over {most}\n{r}"
    return r


# Reports -----------------------------------------------------------------------------------------

def _no_duplicates(pairs):
    d = dict(pairs)
    assert len(d) == len(pairs), f"a key twice: {[k for k, _ in pairs]}"
    return d


def _no_constants(word):
    raise AssertionError(f"not JSON: {word}")


def _schema_validator():
    if not SCHEMA.is_file():
        print(f"note: {SCHEMA} is not there yet, a minimal check is made instead", flush=True)
        return None
    import jsonschema
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


_validator = False
_seen = set()


def validate(report):
    """Against the schema; a report seen before is not looked at again."""
    global _validator
    if _validator is False:
        _validator = _schema_validator()
    if _validator is None:
        return
    shape = json.dumps(report, sort_keys=True)
    if shape in _seen:
        return
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
              for e in _validator.iter_errors(report)]
    assert not errors, f"{SCHEMA.name}: " + "; ".join(errors[:5])
    _seen.add(shape)


def _check_rule(rule, report):
    where = f"{report['source']['path']}: {rule['id']}: "
    row, metal, guest = of_contract(rule)
    level = guest if report["host"]["viewpoint"] == "guest" else metal
    # Windows does not start from UEFI of 32 bits, wherever that is.
    if rule["id"] == "uefi.boot" and report["facts"]["uefi.32-bit"] and rule["status"] == "fail":
        level = metal
    # The list of a Windows disk is what that Windows will go by.
    if rule["id"] == "drivers.blocklist" and report["facts"]["drivers.policy-of-disk"]:
        level = "recommended"
    assert (rule["row"], rule["level"]) == (row, level), where + str(rule)
    assert rule["status"] in STATUSES, where + rule["status"]
    unknown, failed = rule["status"] == "unknown", rule["status"] == "fail"
    assert (rule["reason"] in REASONS) if unknown else (rule["reason"] is None), where + str(rule)
    assert (rule["cause"] in CAUSES) if failed else (rule["cause"] is None), where + str(rule)
    for key in ("title", "message", "reference"):
        assert isinstance(rule[key], str) and rule[key], where + key
    assert not failed or rule["remediation"], where + "a failure without a remedy"
    for e in rule["evidence"]:
        assert e["value"] == report["facts"][e["fact"]], where + str(e)
        assert e["offset"] is None or e["offset"] >= 0, where + str(e)
    if rule["status"] in ("pass", "fail"):
        assert any(e["value"] is not None and e["source"] for e in rule["evidence"]), \
            where + "decided without evidence"


def of_contract(rule):
    """Row and levels of a rule; of one that the contract lacks what it says itself."""
    return RULES.get(rule["id"], (rule["row"], rule["level"], rule["level"]))


@functools.cache
def rules_listed():
    """Ids of the program's rules, in the order of its reports."""
    return [line.split()[0].decode() for line in run("list", "rules", ok=(0,)).out.splitlines()]


BADNESS = ("not-applicable", "pass", "unknown", "fail")
LEVELS = ("required", "recommended", "info")


def _check_rows(report):
    """Ruling 60: the worst of the rules of the row's highest level; what is excused does not count."""
    rows = report["rows"]
    assert [r["id"] for r in rows] == list(dict.fromkeys(
        r["row"] for r in report["rules"])), rows
    for row in rows:
        rules = [r for r in report["rules"] if r["row"] == row["id"]]
        assert row["rules"] == [r["id"] for r in rules], row
        level = min((r["level"] for r in rules), key=LEVELS.index)
        counting = [r["status"] for r in rules
                    if r["level"] == level and (r["id"], r["reason"]) not in EXCUSED]
        worst_of = max(counting or ["unknown"], key=BADNESS.index)
        assert (row["level"], row["status"]) == (level, worst_of), row
        assert row["detail"] and "{}" not in row["detail"], row


def _check_fixes(report):
    """Each rule waits for one step at most, and a step for what is open; needed ones come first."""
    open_rules = {r["id"]: r for r in report["rules"] if r["status"] in ("fail", "unknown")}
    seen, needed = [], [f["needed"] for f in report["fixes"]]
    assert needed == sorted(needed, reverse=True), needed
    assert len({f["text"] for f in report["fixes"]}) == len(report["fixes"])
    for fix in report["fixes"]:
        assert set(fix["rules"]) <= set(open_rules), fix
        assert fix["rows"] == list(dict.fromkeys(open_rules[r]["row"] for r in fix["rules"])), fix
        assert not fix["certain"] or all(open_rules[r]["cause"] == "disabled"
                                         for r in fix["rules"]), fix
        seen += fix["rules"]
    assert len(seen) == len(set(seen)), seen
    hopeless = any(f["action"] == "replace-hardware" for f in report["fixes"])
    assert hopeless == any("cannot become ready" in c for c in report["caveats"]), report["caveats"]
    assert not hopeless or len(report["fixes"]) == 1 and report["verdict"] == "not-ready"
    assert report["verdict"] != "ready" or not any(needed), report["fixes"]


def check_report(report):
    """What holds for every report: the contract's sections 2 to 5, decisions 24 and 25."""
    validate(report)
    assert report["schema_version"] == 1
    assert report["tool"]["name"] == "vbscheck"
    assert report["source"]["kind"] in ("live", "root", "capture", "evidence")
    if report["source"]["kind"] == "evidence":
        assert report["source"]["collected_at"] is None
    ids = [r["id"] for r in report["rules"]]
    assert len(set(ids)) == len(ids), ids
    if "only" in report:
        assert ids == [i for i in rules_listed() if i.split(".")[0] in report["only"] or
                       i in report["only"]], ids
    else:
        assert ids == rules_listed(), sorted(set(rules_listed()) ^ set(ids))
    for rule in report["rules"]:
        _check_rule(rule, report)
    assert set(report["counts"]) == set(STATUSES)
    for status in STATUSES:
        n = sum(r["status"] == status for r in report["rules"])
        assert report["counts"][status] == n, f"{status}: {n} and {report['counts']}"
    assert report["verdict"] == verdict_of(report), report["verdict"]
    for name, value in report["facts"].items():
        assert (value is None) == (name in report["unknown"]), name
        kind = TYPE_OF_FACT.get(name)
        assert value is None or kind is None or type(value) is kind, f"{name}: {value!r}"
    for name in TYPE_OF_FACT:
        assert name in report["facts"], f"the fact {name} is missing"
    for name, why in report["unknown"].items():
        assert why in REASONS + ("absent",), f"{name}: {why}"
    _check_rows(report)
    _check_fixes(report)
    per_rule = {}
    for f in report["findings"]:
        assert f["rule"] in ids, f
        per_rule.setdefault(f["rule"], []).append(f["subject"])
    for subjects in per_rule.values():
        assert subjects == sorted(subjects), subjects
    return report


# Unknowns that keep no verdict open.
EXCUSED = {("mor.lock-v2", "unprovable"), ("drivers.hvci", "not-collected")}


def verdict_of(report, levels=("required",)):
    counting = [r for r in report["rules"] if r["level"] in levels] or [
        r for r in report["rules"] if r["level"] == of_contract(r)[1]]
    statuses = {r["status"] for r in counting if (r["id"], r["reason"]) not in EXCUSED}
    return ("not-ready" if "fail" in statuses else
            "undetermined" if "unknown" in statuses or "pass" not in statuses else "ready")


EXIT_OF = {"ready": 0, "not-ready": 1, "undetermined": 3}


def worst(statuses):
    return next((s for s in (2, 1, 3) if s in statuses), 0)


def parse(text):
    """One report out of its JSON, checked."""
    data = text if isinstance(text, str) else text.decode("utf-8")
    return check_report(json.loads(data, object_pairs_hook=_no_duplicates,
                                   parse_constant=_no_constants))


def reports(r):
    """The reports of an ndjson run."""
    assert r.out == b"" or r.out.endswith(b"\n"), r
    return [parse(line) for line in r.out.split(b"\n")[:-1]]


def judge_many(paths, *args, **more):
    """One process over many --from: the reports, in order; None for what it could not use."""
    froms = [a for p in paths for a in ("--from", os.fspath(p))]
    r = run("--format", "ndjson", *args, *froms, **more)
    made = reports(r)
    names = [os.fspath(p) for p in paths]
    by_name = {m["source"]["path"]: m for m in made}
    assert [m["source"]["path"] for m in made] == [n for n in names if n in by_name], r
    unusable = [2] * (len(made) < len(paths))
    if not args:
        assert r.status == worst(unusable + [EXIT_OF[m["verdict"]] for m in made]), r
    return [by_name.get(n) for n in names]


def judge(*args, **more):
    """One report, as indented JSON."""
    r = run("--format", "json", *args, ok=(0, 1, 3), **more)
    report = parse(r.out)
    assert r.err == b"", r
    options = {"--fail-on", "--exit-zero"} & {str(a) for a in args}
    assert options or r.status == EXIT_OF[report["verdict"]], r
    return report


def rule(report, name):
    return next(r for r in report["rules"] if r["id"] == name)


def is_not_yet(judged):
    """True of a rule that the program itself says its version does not judge yet."""
    return (judged["reason"] == "not-collected" and
            (judged["remediation"] or "").startswith("This version does not "))


def statuses(report):
    return {r["id"]: r["status"] for r in report["rules"]}


# Text --------------------------------------------------------------------------------------------

# What must not reach a terminal: control characters, and what turns the direction of text.
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f"
                         "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def check_text(data, width=80):
    """Text for people: valid, without control characters, in 80 columns unless a word is longer."""
    text = data.decode("utf-8")
    bad = UNPRINTABLE.search(text)
    assert bad is None, f"{bad.group()!r} in {text[max(0, bad.start() - 60):bad.end() + 20]!r}"
    for line in text.split("\n"):
        assert len(line) <= width or len(line.split()) == 1, f"{len(line)} columns: {line!r}"
    return text


def check_trouble(r, *words):
    """Status 2, nothing on stdout, one line on stderr that says what is wrong."""
    assert r.status == 2, f"status is not 2\n{r}"
    assert r.out == b"", f"something on stdout\n{r}"
    text = r.err.decode("utf-8")
    assert text.endswith("\n") and text.count("\n") == 1, f"not one line\n{r}"
    assert text.startswith("vbscheck: "), r
    assert len(text) > len("vbscheck: x"), r
    bad = UNPRINTABLE.search(text)
    assert bad is None, f"{bad.group()!r}\n{r}"
    for w in words:
        assert w in text, f"{w!r} is not said\n{r}"
    return text


# Fixtures ----------------------------------------------------------------------------------------

def table(signature, body, revision=1, oem=b"VBSTST", **wrong):
    """An ACPI table. `wrong` overrides length, checksum or signature bytes of the header."""
    length = 36 + len(body)
    head = struct.pack("<4sIBB6s8sI4sI", signature, length, revision, 0, oem, b"E2ETABLE", 1,
                       b"TEST", 1)
    data = bytearray(head + body)
    if "length" in wrong:
        data[4:8] = struct.pack("<I", wrong["length"])
    data[9] = -sum(data) & 0xff
    if "checksum" in wrong:
        data[9] = (data[9] + wrong["checksum"]) & 0xff
    return bytes(data)


def wsmt(flags, **more):
    return table(b"WSMT", struct.pack("<I", flags), **more)


def facp():
    return table(b"FACP", bytes(276 - 36), revision=6)


def apic():
    """One processor's local APIC: an x86 machine."""
    return table(b"APIC", struct.pack("<II", 0xfee00000, 1) + bytes([0, 8, 0, 0, 1, 0, 0, 0]))


def dmar(flags=1, drhd=1):
    unit = struct.pack("<HHBBHQ", 0, 16, 1, 0, 0, 0xfed90000)
    return table(b"DMAR", struct.pack("<BB10x", 38, flags) + unit * drhd)


def tpm2(method=7):
    return table(b"TPM2", struct.pack("<HHQI", 0, 0, 0xfed40000, method), revision=4)


def acpidump(*tables):
    text = []
    for t in tables:
        text.append(f"{t[:4].decode()} @ 0x0000000000000000\n")
        for i in range(0, len(t), 16):
            part = t[i:i + 16]
            shown = "".join(chr(b) if 32 <= b < 127 else "." for b in part)
            text.append(f"    {i:04X}: {' '.join('%02X' % b for b in part):<48} {shown}\n")
        text.append("\n")
    return "".join(text).encode()


CPU_INTEL = (b"basic_cpuid[0]=00000016 756e6547 6c65746e 49656e69\n"
             b"basic_cpuid[1]=000906ea 00100800 7ffafbbf bfebfbff\n"
             b"ext_cpuid[0]=80000008 00000000 00000000 00000000\n"
             b"ext_cpuid[1]=00000000 00000000 00000121 2c100800\n"
             b"ext_cpuid[8]=00003027 00000000 00000000 00000000\n")

GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
MOR = "efivar/MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
MORLOCK = "efivar/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"


def manifest(blobs, **members):
    """manifest.json of a capture of {name: bytes, or the word of a status}."""
    rows = []
    for name, data in blobs.items():
        row = {"name": name, "status": "ok", "size": 0, "sha256": None, "from": None}
        if isinstance(data, bytes):
            row.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
        else:
            row["status"] = data
        rows.append(row)
    m = {"format": 1, "tool": {"name": "vbscheck", "version": "0"},
         "collected_at": "2026-01-02T03:04:05Z", "kernel": "6.12.0", "arch": "x86_64",
         "blobs": rows}
    m.update(members)
    return m


def capture_files(blobs, made=None):
    """Files of a capture: {name: bytes}."""
    made = manifest(blobs) if made is None else made
    text = made if isinstance(made, bytes) else json.dumps(made, indent=1).encode()
    files = {"manifest.json": text}
    files.update((n, d) for n, d in blobs.items() if isinstance(d, bytes))
    return files


def metal(**more):
    """Blobs of a sound metal machine, as far as captures tell; `more` replaces or adds."""
    blobs = {"acpi/FACP": facp(), "acpi/APIC": apic(), "acpi/WSMT": wsmt(7),
             "acpi/DMAR": dmar(5), "acpi/TPM2": tpm2(), "acpi/IVRS": "absent",
             "acpi/IORT": "absent", "acpi/TCPA": "absent", "cpuid": CPU_INTEL,
             "efi/platform": b"64\n",
             "efivar/SecureBoot-" + GLOBAL: b"\6\0\0\0\1",
             "efivar/SetupMode-" + GLOBAL: b"\6\0\0\0\0",
             MOR: b"\7\0\0\0\1", MORLOCK: b"\7\0\0\0\0",
             "dmi": b"vendor: Maker\nproduct: Thing\nfirmware-version: 1.0\n"
                    b"firmware-date: 01/02/2026\n"}
    blobs.update(more)
    return blobs


def write_files(folder, files):
    for name, data in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Path(folder)


def tar(files):
    """A tar archive of {name: bytes, or a TarInfo}."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name, data in files.items():
            if isinstance(data, tarfile.TarInfo):
                data.name = name
                t.addfile(data)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gz(data):
    return gzip.compress(data, 1, mtime=0)


def zst(data):
    return subprocess.run([need_tool("zstd"), "-1", "-q", "-c"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


class Case(unittest.TestCase):
    """A test with a folder of its own that goes away afterwards."""

    maxDiff = 4000

    def setUp(self):
        if not os.access(PROGRAM, os.X_OK):
            self.fail(f"the program is not at {PROGRAM}: set VBSCHECK")
        self.dir = Path(tempfile.mkdtemp(prefix="vbscheck-e2e-"))
        # rm, since some tests make deeper trees than shutil.rmtree() can follow.
        self.addCleanup(subprocess.run, ["rm", "-rf", str(self.dir)], check=True)
        if os.environ.get("E2E_TIMES"):
            start = time.monotonic()
            self.addCleanup(lambda: print(f"{time.monotonic() - start:6.2f} s {self.id()}"))

    def file(self, name, data):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def expect(self, report, rules=None, facts=None):
        """Statuses of rules and values of facts, all differences at once."""
        got, want = {}, {}
        self.assertIsNotNone(report, "no report was made")
        for name, status in (rules or {}).items():
            r = rule(report, name)
            if is_not_yet(r):
                continue
            reason = status.partition(" ")[2]
            got[name] = r["status"] + (f" {r['reason']}" if reason else "")
            want[name] = status
        for name, value in (facts or {}).items():
            got[name] = report["facts"].get(name, "no such fact")
            want[name] = value
        self.assertEqual(want, got, report["source"]["path"])


def main():
    program = unittest.main(module="__main__", exit=False, verbosity=1)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if result.testsRun and len(result.skipped) == result.testsRun else 0)
