# SPDX-License-Identifier: MIT
"""Inputs that come as a stream: archives of captures, lists of paths, labels, and resumed runs."""
import bz2
import io
import json
import lzma
import os
import shutil
import signal
import subprocess
import tarfile
import unicodedata

import harness
from harness import (Case, PROGRAM, SANITIZED, capture_files, check_trouble, gz, metal, need_tool,
                     reports, run, run_bounded, wsmt)
from steps import stepped, without_sanitizers

NDJSON = ("--format", "ndjson")


def files_of(flags=7, **more):
    return capture_files(metal(**{"acpi/WSMT": wsmt(flags)}, **more))


def pack(members):
    """A tar of (name, bytes) in this order; bytes None is a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data or b"")
            info.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
            t.addfile(info, io.BytesIO(data or b""))
    return out.getvalue()


def capture(flags=7, **more):
    return gz(pack(files_of(flags, **more).items()))


def below(folder, files):
    return [(f"{folder}/{name}", data) for name, data in files.items()]


def columns(text):
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
               for c in text)


def names(r):
    return [report["source"]["path"] for report in reports(r)]


class Archives(Case):
    def three(self):
        return [(f"fleet/h{i}.tar.gz", capture(i)) for i in range(3)]

    def test_one_capture_is_one_input(self):
        r = run("--from", "-", *NDJSON, stdin=capture())
        self.assertEqual(["-"], names(r))

    def test_one_folder_capture_is_one_input(self):
        """With and without its folder in the names, as tar makes both."""
        for members in (list(files_of().items()), below(".", files_of())):
            self.assertEqual(["-"], names(run("--from", "-", *NDJSON, stdin=pack(members))))

    def test_captures_in_every_packing(self):
        whole = pack(self.three())
        zstd = subprocess.run([need_tool("zstd"), "-qc"], input=whole, capture_output=True,
                              check=True).stdout
        plain = run("--from", "-", *NDJSON, stdin=whole)
        self.assertEqual([name for name, _ in self.three()], names(plain))
        for packed in (gz(whole), lzma.compress(whole), bz2.compress(whole), zstd):
            r = run("--from", "-", *NDJSON, stdin=packed)
            self.assertEqual(plain.out, r.out)
            self.assertEqual(plain.status, r.status)

    def test_each_member_is_judged_as_if_alone(self):
        for (_, data), got in zip(self.three(), reports(run("--from", "-", *NDJSON,
                                                            stdin=pack(self.three())))):
            alone = reports(run(self.file("alone.tar.gz", data), *NDJSON))[0]
            got["source"].pop("path")
            alone["source"].pop("path")
            self.assertEqual(alone, got)

    def test_folder_captures(self):
        members = [("fleet", None)]
        for i in range(3):
            members += [(f"./fleet/h{i}", None), *below(f"./fleet/h{i}", files_of(i))]
        r = run("--from", "-", *NDJSON, stdin=pack(members))
        self.assertEqual([f"fleet/h{i}" for i in range(3)], names(r))

    def test_loose_files_beside_captures_are_named_in_one_line(self):
        members = [("notes.txt", b"hello"), *self.three(), ("fleet/photo.jpg", b"\xff\xd8")]
        r = run("--from", "-", *NDJSON, stdin=pack(members))
        self.assertEqual(3, len(names(r)))
        self.assertEqual(1, sum("2 loose files beside captures are not used" in line
                                for line in r.lines), r)

    def test_a_cut_archive_gives_what_it_had(self):
        whole = pack(self.three())
        r = run("--from", "-", *NDJSON, stdin=whole[:whole.rindex(b"fleet/h2") + 700], ok=(2,))
        self.assertEqual(["fleet/h0.tar.gz", "fleet/h1.tar.gz"], names(r))
        self.assertTrue(any("damaged or cut here" in line for line in r.lines), r)

    def test_every_cut_ends_well(self):
        whole = gz(pack(self.three()))
        for cut in range(1, len(whole), max(1, len(whole) // 24)):
            run("--from", "-", *NDJSON, stdin=whole[:cut])

    def test_a_damaged_member_costs_its_own_line(self):
        members = self.three()
        members.insert(1, ("fleet/bad.tar.gz", capture()[:300]))
        members.insert(3, ("fleet/bomb.tar.gz", gz(b"\0" * (64 << 20))))
        r = run("--from", "-", *NDJSON, stdin=pack(members), ok=(2,))
        self.assertEqual([name for name, _ in self.three()], names(r))
        for bad in ("bad.tar.gz", "bomb.tar.gz"):
            self.assertEqual(1, sum(bad in line for line in r.lines), r)

    def test_a_member_over_32_mib_costs_its_own_line(self):
        members = self.three()
        members.insert(1, ("fleet/large.tar.gz", b"\x1f\x8b" + os.urandom(33 << 20)))
        r = run("--from", "-", *NDJSON, stdin=pack(members), ok=(2,))
        self.assertEqual([name for name, _ in self.three()], names(r))
        self.assertEqual(1, sum("large.tar.gz is too large" in line for line in r.lines), r)

    def test_hostile_names(self):
        good = capture()
        r = run("--from", "-", *NDJSON, stdin=pack([
            ("a\nb.tar.gz", good), ("c\x1b[2Jd.tar.gz", good), ("../up.tar.gz", good),
            ("/etc/abs.tar.gz", good), ("x" * 5000 + ".tar.gz", good), ("last.tar.gz", good)]))
        self.assertIn("last.tar.gz", names(r))
        self.assertNotIn(b"\x1b", r.out + r.err)
        self.assertTrue(all(".." not in name for name in names(r)), r)
        self.assertEqual(len(r.out.splitlines()), len(names(r)))

    def test_a_format_for_one_input_says_so(self):
        r = run("--from", "-", "--format", "html", stdin=pack(self.three()), ok=(2,))
        self.assertEqual(b"", r.out)
        self.assertIn("prints only one input", r.err.decode())

    def test_memory_does_not_grow_with_the_members(self):
        if SANITIZED:
            self.skipTest("memory of sanitizers")
        one = capture()
        few, many = (run_bounded("--from", "-", *NDJSON, seconds=30, stdin=pack(
            (f"h{i:04d}.tar.gz", one) for i in range(n))) for n in (20, 1000))
        self.assertEqual(1000, len(many.out.splitlines()))
        self.assertLess(many.rss_mib, few.rss_mib + 4)

    def test_standard_input_without_evidence(self):
        for end in ("/dev/null", self.file("empty", b"")):
            with open(end, "rb") as f:
                r = subprocess.run([PROGRAM, "--from", "-"], stdin=f, capture_output=True)
            self.assertEqual(2, r.returncode, r)
            self.assertEqual(b"", r.stdout)
        r = subprocess.run(["sh", "-c", 'exec "$0" --from - <&-', PROGRAM], capture_output=True)
        self.assertEqual(2, r.returncode, r)

    def test_a_reader_that_goes_away_ends_the_run(self):
        child = subprocess.Popen([PROGRAM, "--from", "-", *NDJSON], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdin.write(pack(self.three()))
        self.assertTrue(child.stdout.readline().endswith(b"\n"))
        child.stdout.close()
        one = capture()
        try:
            for i in range(10000):
                child.stdin.write(pack([(f"x{i}.tar.gz", one)])[:-1024])
            child.stdin.close()
        except BrokenPipeError:
            pass
        err = child.stderr.read()
        child.stderr.close()
        self.assertIn(child.wait(60), (-signal.SIGPIPE, 0, 1, 2, 3))
        self.assertNotIn(b"crashed", err)

    def test_a_full_disk_is_said_once(self):
        with open("/dev/full", "wb") as full:
            r = run("--from", "-", *NDJSON, stdin=pack(self.three()), stdout=full, ok=(2,))
        self.assertEqual(1, sum("No space left" in line for line in r.lines), r)


class Lists(Case):
    def setUp(self):
        super().setUp()
        self.paths = [str(self.file(f"h{i}.tar.gz", capture(i))) for i in range(3)]

    def test_a_list_from_a_file_and_from_standard_input(self):
        text = "\n".join(self.paths).encode()
        for ending in (b"", b"\n", b"\n\n"):
            r = run("--from-list", self.file("list", text + ending), *NDJSON)
            self.assertEqual(self.paths, names(r))
            self.assertEqual(r.out, run("--from-list", "-", *NDJSON, stdin=text + ending).out)
        r = run("--from-list", "-", *NDJSON, stdin=text.replace(b"\n", b"\r\n") + b"\r\n")
        self.assertEqual(self.paths, names(r))

    def test_names_with_newlines_end_with_a_nul(self):
        odd = str(self.file("a\nb.tar.gz", capture()))
        text = "\0".join([odd, *self.paths]).encode()
        for option in ("-0", "--null"):
            for ending in (b"", b"\0"):
                r = run("--from-list", "-", option, *NDJSON, stdin=text + ending)
                self.assertEqual([odd, *self.paths], names(r))

    def test_a_missing_path_costs_its_own_line(self):
        paths = [self.paths[0], str(self.dir / "gone"), self.paths[1]]
        r = run("--from-list", "-", *NDJSON, stdin="\n".join(paths).encode(), ok=(2,))
        self.assertEqual(self.paths[:2], names(r))
        self.assertEqual(1, sum("gone" in line for line in r.lines), r)

    def test_lists_that_name_nothing(self):
        for text in (b"", b"\n\n", b"\r\n"):
            check_trouble(run("--from-list", "-", stdin=text), "names no input")
        check_trouble(run("--from-list", self.dir / "none"), "none")
        check_trouble(run("--from-list", self.dir), "could not be read")

    def test_lines_that_are_no_paths(self):
        text = b"x" * 5000 + b"\n" + b"a\0b\n" + self.paths[0].encode() + b"\n"
        r = run("--from-list", "-", *NDJSON, stdin=text, ok=(2,))
        self.assertEqual(self.paths[:1], names(r))
        self.assertEqual(2, sum("is not a path" in line for line in r.lines), r)

    def test_standard_input_cannot_be_read_twice(self):
        r = run("--from", "-", "--from-list", "-", stdin=capture(), ok=(2,))
        self.assertEqual(b"", r.out)
        r = run("--from-list", "-", *NDJSON, stdin=b"-\n" + self.paths[0].encode(), ok=(2,))
        self.assertEqual(self.paths[:1], names(r))

    def test_xargs_and_parallel(self):
        text = "\0".join(self.paths).encode()
        tools = [["xargs", "-0", "-n1"]]
        if shutil.which("parallel"):
            tools.append(["parallel", "-0", "-k", "-q"])
        for tool in tools:
            r = subprocess.run([*tool, PROGRAM, "--exit-zero", *NDJSON, "--from"], input=text,
                               capture_output=True)
            got = [json.loads(line)["source"]["path"] for line in r.stdout.splitlines()]
            self.assertEqual(self.paths, got, r)
            self.assertEqual(0, r.returncode, r)

    def test_a_report_comes_before_the_next_path(self):
        for jobs in ("1", "2"):
            child = subprocess.Popen([PROGRAM, "--from-list", "-", "--jobs", jobs, *NDJSON],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for path in self.paths:
                child.stdin.write(path.encode() + b"\n")
                child.stdin.flush()
                self.assertEqual(path, json.loads(child.stdout.readline())["source"]["path"])
            child.stdin.close()
            self.assertEqual(b"", child.stdout.read())
            child.stdout.close()
            self.assertIn(child.wait(60), (0, 1, 3))


class Labels(Case):
    def setUp(self):
        super().setUp()
        for i in range(3):
            self.file(f"fleet/h{i}.tar.gz", capture(i))

    def labelled(self, table, **more):
        r = run(self.dir / "fleet", "--labels", self.file("labels.csv", table), *NDJSON, **more)
        return r, [report["host"]["labels"] for report in reports(r)]

    def test_names_with_and_without_ending(self):
        _, got = self.labelled(b"name,site,asset\nh0,Berlin,1\nh1.tar.gz,Rome,2\nh2,Oslo,\n")
        self.assertEqual([{"site": "Berlin", "asset": "1"}, {"site": "Rome", "asset": "2"},
                          {"site": "Oslo"}], got)

    def test_tables_as_spreadsheets_write_them(self):
        _, got = self.labelled(b'\xef\xbb\xbf"name","site"\r\n"h0","Berlin, ""Mitte"""\r\n'
                               b"h1,K\xc3\xb6ln\r\n\r\nh2,x\r\n")
        self.assertEqual(['Berlin, "Mitte"', "Köln", "x"], [labels["site"] for labels in got])

    def test_lines_and_inputs_without_the_other_are_named(self):
        r, got = self.labelled(b"name,site\nh0,a\nh9,b\n")
        self.assertEqual([{"site": "a"}, {}, {}], got)
        self.assertTrue(any("1 of its 2 lines" in line and "h9" in line for line in r.lines), r)
        self.assertTrue(any("2 inputs have no line" in line for line in r.lines), r)

    def test_tables_that_cannot_be_used(self):
        for table, wanted in ((b"", "is empty"), (b"name\nh0\n", "only one column"),
                              (b"name,site\nh0,a\nh0,b\n", "two lines for 'h0'"),
                              (b"name,bad key!\nh0,a\n", "column 2"),
                              (b"name,site\nh0,a\nh1\n", "line 3 has 1 fields"),
                              (b"name,site\nh0,a,b\n", "line 2 has 3 fields"),
                              (b"name,site\n,a\n", "line 2 has no capture's name"),
                              (b"name,site\nh0,\x1b[2J\n", "line 2, column 2"),
                              (b'name,site\nh0,"a\n', "a quote that does not end"),
                              (b'name,site\nh0,a"b\n', "a quote inside a field"),
                              (b'name,site\n"h\n0",a\n', "line break"),
                              (b"name,site,site\nh0,a,b\n", "twice"),
                              (b"name,site\nh0,a\0b\n", "NUL"),
                              (b"name," + b"x" * 5000 + b"\n", "4096"),
                              (b"name" + b",a" * 70 + b"\n", "64")):
            with self.subTest(table[:40]):
                path = self.file("labels.csv", table)
                r = check_trouble(run(self.dir / "fleet", "--labels", path), wanted)
                del r
        check_trouble(run(self.dir / "fleet", "--labels", self.dir / "none"), "none")
        check_trouble(run(self.dir / "fleet", "--labels", self.dir / "fleet"), "not a CSV file")

    def test_100_000_rows(self):
        table = b"name,site\n" + b"".join(b"h%d,site %d\n" % (i, i) for i in range(100000))
        _, got = self.labelled(table)
        self.assertEqual(["site 0", "site 1", "site 2"], [labels["site"] for labels in got])

    def test_members_of_an_archive_have_labels_too(self):
        table = self.file("labels.csv", b"name,site\nh0,a\n")
        r = run("--from", "-", "--labels", table, *NDJSON,
                stdin=pack([("x/h0.tar.gz", capture()), ("x/h1.tar.gz", capture())]))
        self.assertEqual({"site": "a"}, reports(r)[0]["host"]["labels"])


class Resumed(Case):
    def setUp(self):
        super().setUp()
        for i in range(3):
            self.file(f"fleet/h{i}.tar.gz", capture(i))
        self.whole = run(self.dir / "fleet", *NDJSON).out

    def resume(self, text, *args, **more):
        return run(self.dir / "fleet", "--resume", self.file("before.ndjson", text), *NDJSON, *args,
                   **more)

    def ends(self, r):
        return [os.path.basename(name) for name in names(r)]

    def test_what_is_there_is_left_out(self):
        lines = self.whole.splitlines(True)
        self.assertEqual(b"", self.resume(self.whole).out)
        self.assertEqual(lines[1], self.resume(lines[0] + lines[2]).out)
        self.assertEqual(self.whole, self.resume(b"").out)
        r = run(self.dir / "fleet", "--resume", self.dir / "none", *NDJSON)
        self.assertEqual(self.whole, r.out)

    def test_changed_evidence_is_judged_again(self):
        self.file("fleet/h1.tar.gz", capture(6))
        self.assertEqual(["h1.tar.gz"], self.ends(self.resume(self.whole)))

    def test_half_a_line_and_foreign_lines_do_not_count(self):
        lines = self.whole.splitlines(True)
        r = self.resume(b"{}\nnonsense\n[1]\n" + lines[0] + lines[1][:200])
        self.assertEqual(["h1.tar.gz", "h2.tar.gz"], self.ends(r))
        self.assertTrue(any("4 lines do not count" in line for line in r.lines), r)

    def test_other_versions_and_profiles_are_judged_again(self):
        older = []
        for line in self.whole.splitlines():
            report = json.loads(line)
            report["tool"]["version"] = "0.0.9"
            older.append(json.dumps(report).encode() + b"\n")
        r = self.resume(b"".join(older))
        self.assertEqual(3, len(names(r)))
        self.assertTrue(any("3 lines do not count" in line for line in r.lines), r)
        self.assertEqual(3, len(self.resume(self.whole, "--profile", "vbs-2017").out.splitlines()))

    def test_the_same_file_is_continued_on_a_new_line(self):
        lines = self.whole.splitlines(True)
        path = self.file("out.ndjson", lines[0] + lines[1][:100])
        with open(path, "ab") as out:
            run(self.dir / "fleet", "--resume", path, *NDJSON, stdout=out)
        got = path.read_bytes().splitlines(True)
        self.assertEqual([lines[0], lines[1][:100] + b"\n", lines[1], lines[2]], got)
        before = path.read_bytes()
        with open(path, "ab") as out:
            run(self.dir / "fleet", "--resume", path, *NDJSON, stdout=out)
        self.assertEqual(before, path.read_bytes())

    def test_a_run_that_was_ended_is_continued(self):
        path = self.dir / "part.ndjson"
        child = subprocess.Popen([PROGRAM, "--from", self.dir / "fleet", "--jobs", "1", *NDJSON],
                                 stdout=subprocess.PIPE)
        path.write_bytes(child.stdout.readline())
        child.stdout.close()
        child.wait(60)
        with open(path, "ab") as out:
            run(self.dir / "fleet", "--resume", path, *NDJSON, stdout=out)
        self.assertEqual(self.whole, path.read_bytes())

    @without_sanitizers
    def test_an_empty_result_is_not_a_known_input(self):
        """A judge that hostile bytes control was believed: the input was left out, with status 0."""
        said = "the judge sent an empty result: the input may be hostile"
        first = self.dir / "fleet/h0.tar.gz"
        status, out, err = stepped((first,), empty=True)
        self.assertEqual((2, "", f"vbscheck: {first}: {said}\n"), (status, out, err))
        for paths in ((self.dir / "fleet",), (self.dir / "fleet/h1.tar.gz",)):
            status, out, err = stepped((*paths, *NDJSON), empty=True)
            self.assertEqual((2, ""), (status, out))
            self.assertIn(said, err)
            # One report in the file of --resume made every path a known one.
            before = self.file("before.ndjson", self.whole.splitlines(True)[0])
            status, out, err = stepped((*paths, "--resume", before, *NDJSON), empty=True)
            self.assertEqual((2, ""), (status, out))
            self.assertIn(said, err)
        self.assertNotIn("1 inputs left out", err)

    def test_a_file_that_cannot_be_read(self):
        r = run(self.dir / "fleet", "--resume", self.dir / "fleet", *NDJSON, ok=(2,))
        self.assertEqual(b"", r.out)

    def test_an_output_that_would_replace_the_file(self):
        path = self.file("before.ndjson", self.whole)
        r = run(self.dir / "fleet", "--resume", path, "--output", path, *NDJSON, ok=(2,))
        self.assertEqual(self.whole, path.read_bytes())
        self.assertIn("would replace", r.err.decode())


class Table(Case):
    def setUp(self):
        super().setUp()
        for i in range(3):
            self.file(f"fleet/h{i}.tar.gz", capture(7 if i else 0))
        self.folder = self.dir / "fleet"

    def test_a_line_a_machine_and_counts_a_row(self):
        r = run(self.folder)
        lines = r.out.decode().splitlines()
        for i in range(3):
            self.assertEqual(1, sum(f"  h{i} " in line for line in lines), r)
        self.assertTrue(any("Row of Microsoft" in line for line in lines), r)
        counted = [line for line in lines if line.startswith("SMM")]
        self.assertEqual(["2", "1"], counted[0].split()[-4:-2], r)

    def test_widths(self):
        for columns in (60, 80, 100, 120):
            r = run(self.folder, env={"COLUMNS": str(columns)})
            self.assertTrue(all(len(line) <= max(columns, 80)
                                for line in r.out.decode().splitlines()), r)

    def test_verbose_and_quiet(self):
        self.assertNotIn("Row of Microsoft", run(self.folder, "-v").out.decode())
        quiet = run(self.folder, "-q").out.decode()
        self.assertEqual(3, quiet.count("NOT READY") + quiet.count("UNDETERMINED"), quiet)
        self.assertNotIn("Row of Microsoft", quiet)
        self.assertNotIn("Row of Microsoft", run(self.folder / "h0.tar.gz").out.decode())

    def test_wide_names(self):
        for name in ("東京" * 20, "é" * 60, "e\u0301" * 40, "ab\u202ecd", "x" * 200):
            with self.subTest(name):
                path = self.file(f"fleet/{name}.tar.gz", capture())
                r = run(self.folder)
                self.assertTrue(all(columns(line) <= 80 for line in r.out.decode().splitlines()), r)
                self.assertNotIn("\u202e", r.out.decode())
                path.unlink()

    def test_jobs_do_not_change_it(self):
        self.assertEqual(run(self.folder, "--jobs", "1").out, run(self.folder, "--jobs", "2").out)

    def test_exit_zero_counts_verdicts(self):
        r = run(self.folder, "--exit-zero", ok=(0,))
        plain = run(self.folder)
        self.assertEqual(plain.out, r.out)
        self.assertEqual(plain.lines[-1:], r.lines[-1:])


if __name__ == "__main__":
    harness.main()
