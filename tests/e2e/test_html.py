# SPDX-License-Identifier: MIT
"""The page of --format html: its text, and what a browser, a printer and axe make of it."""
import base64
import hashlib
import re
import sys
from html.parser import HTMLParser

import browser
import harness
from harness import (Case, PROJECT, RULES, capture_files, check_trouble, metal, need_corpus, parse,
                     run, wsmt, write_files)
from test_formats import HOSTILE, RLO, blobs

# Elements that fetch, run or send something; the page has none of them.
ACTIVE = {"script", "iframe", "object", "embed", "link", "base", "form", "img", "audio", "video",
          "image", "use", "foreignobject", "animate", "set"}
VOID = {"meta", "rect"}


class Page(HTMLParser):
    """The elements of a page, and whether they nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.words = [], [], []
        self.text = {}
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag, attrs):
        assert len({k for k, _ in attrs}) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)
            self.text.setdefault(self.open[-1], []).append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def check_page(text):
    """What holds of every page, whoever made its strings."""
    assert text.startswith("<!DOCTYPE html>\n") and text.endswith("</html>\n")
    page = Page(text)
    names = {tag for tag, _ in page.elements}
    assert not names & ACTIVE, names & ACTIVE
    assert page.all("html") == [{"lang": "en"}]
    for tag in ("main", "h1", "footer", "style"):
        assert len(page.all(tag)) == 1, tag
    assert len(page.all("title")) == 1 + len(page.all("svg"))
    for tag, attrs in page.elements:
        assert not [k for k in attrs if k.startswith("on") or k in ("style", "src", "xlink:href")], attrs
        href = attrs.get("href", "#")
        assert href.startswith(("#", "https://")), href
    for attrs in page.all("th"):
        assert attrs.get("scope") in ("col", "row"), attrs
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids)), ids
    for _, attrs in page.elements:
        for name in attrs.get("aria-labelledby", "").split():
            assert name in ids, name
    for attrs in page.all("svg"):
        assert attrs["role"] == "img", attrs
    assert len(page.all("svg")) == len(page.all("desc"))
    depths = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in zip(depths, depths[1:])), depths
    return page


def css_of(text):
    return re.search(r"<style>(.*?)</style>", text, re.S).group(1)


def luminance(color):
    digits = color[1:] if len(color) == 7 else "".join(2 * c for c in color[1:])
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    """WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Shape(Case):
    def setUp(self):
        super().setUp()
        self.bad = write_files(self.dir / "bad", blobs(**{"acpi/WSMT": wsmt(3)}))

    def made(self, *args, **more):
        return run("--format", "html", *args, **more).out.decode()

    def test_the_page_tells_what_the_json_report_tells(self):
        text = self.made(self.bad)
        page, report = check_page(text), parse(run("--format", "json", self.bad).out)
        words = " ".join("".join(page.words).split())
        self.assertEqual("not-ready", report["verdict"])
        for told in ("NOT READY", "Maker", "bad", "2026-01-02T03:04:05Z",
                     report["source"]["digest"], *report["caveats"]):
            self.assertIn(told, words)
        for r in report["rules"]:
            self.assertIn(r["message"].removeprefix("Unknown: "), words)
            if r["remediation"]:
                self.assertIn(r["remediation"], words)
        for fix in report["fixes"]:
            self.assertIn(fix["text"], words)
        for note in report["notes"]:
            self.assertIn(note["message"], words)
        for rule in RULES:
            self.assertIn(rule, page.text["th"] + page.text["bdi"] + page.text.get("a", []), rule)

    def test_the_policy_allows_this_style_sheet_and_nothing_else(self):
        text = self.made(self.bad)
        digest = base64.b64encode(hashlib.sha256(css_of(text).encode()).digest()).decode()
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
        self.assertEqual(f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
                         "form-action 'none'", policy)
        self.assertLess(text.index("Content-Security-Policy"), text.index("<title>"))
        self.assertNotIn("url(", css_of(text))
        self.assertNotIn("@import", css_of(text))

    def test_contrast_of_every_pair_of_colours(self):
        """Of the pictures too, at which axe does not look."""
        css = css_of(self.made(self.bad))
        schemes = re.findall(r":root\{([^}]*)\}", css)
        self.assertEqual(2, len(schemes))
        for scheme in schemes:
            colors = dict(re.findall(r"--(\w+):(#\w+)", scheme))
            for ink in ("fg", "soft", "pass", "fail", "open", "link"):
                for ground in ("bg", "panel"):
                    self.assertGreaterEqual(contrast(colors[ink], colors[ground]), 4.5, (ink, ground))

    def test_one_input_only(self):
        said = check_trouble(run("--format", "html", self.bad, self.bad))
        self.assertIn("--format html prints only one input, but there are 2", said)

    def test_strings_of_firmware_are_text(self):
        for kind, (text, never) in HOSTILE.items():
            with self.subTest(kind):
                made = self.made(write_files(self.dir / kind, blobs(text)), ok=(0, 1, 3))
                page = check_page(made)
                self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", made))
                self.assertFalse(never is not None and never in made)
                self.assertNotIn("<x/>", made)
                self.assertLess(len(made), 150000)
                if kind in ("quotes", "a tag", "a link"):
                    self.assertIn(text, "".join(page.words))

    def test_names_of_files_are_text(self):
        for name in ("<b>&|`", "a\"b'c", "x\ny", f"{RLO}gpj", "]]>", "\u05d0\u05d1\u05d2"):
            with self.subTest(name):
                made = self.made(write_files(self.dir / name, blobs()), ok=(0, 1, 3))
                check_page(made)
                self.assertNotIn(RLO, made)
        self.assertIn("<bdi>\u05d0\u05d1\u05d2</bdi>", made)

    def test_labels_and_reasons_of_the_owner(self):
        made = self.made(self.bad, "--label", "site=<i>", "--skip", "smm.wsmt=<u>&")
        page = check_page(made)
        self.assertIn("site=<i>", page.text["bdi"])
        self.assertIn("<u>&", page.text["bdi"])

    def test_a_baseline(self):
        run("--format", "json", "--output", self.dir / "before.json",
            write_files(self.dir / "good", blobs()))
        page = check_page(self.made(self.bad, "--baseline", self.dir / "before.json"))
        self.assertIn("Against the baseline: worse", "".join(page.words))

    def test_driver_files_alone(self):
        check_page(run("drivers", "--format", "html", self.file("x.sys", b"MZ nothing")).out.decode())

    def test_this_machine(self):
        check_page(self.made(ok=(0, 1, 3)))

    def test_every_host_of_the_corpus(self):
        for host in sorted(need_corpus("hosts").iterdir()):
            with self.subTest(host.name):
                check_page(self.made(host, ok=(0, 1, 3)))


class Pictures(Case):
    """What is drawn has an end, and says the same in words."""

    def of(self, path, *args):
        text = run("--format", "html", "--from", path, *args, ok=(0, 1, 3)).out.decode()
        return text, check_page(text)

    def test_units_and_their_functions(self):
        text, page = self.of(lay_out(self.dir, "intel-two-hop"))
        words = page.text["desc"][0]
        self.assertIn("DRHD fed90000: 2 functions, 1 capable of DMA and behind an IOMMU", words)
        self.assertEqual(2, text.count('class="box"'))
        self.assertIn("\u2713 0000:06:00.0 NVM controller", page.text["text"])
        self.assertIn("\u2013 0000:04:01.0 PCI bridge", page.text["text"])

    def test_a_device_behind_no_unit_is_drawn_apart(self):
        text, page = self.of(lay_out(self.dir, "amd-alias"))
        drawn = [x for x in page.text["text"] if x.startswith(("\u2717", "?", "\u2260"))]
        report = parse(run("--format", "json", "--from", self.dir / "amd-alias").out)
        wrong = report["facts"]["iommu.functions-uncovered"]
        self.assertEqual(bool(wrong), bool([x for x in drawn if x.startswith("\u2717")]))

    def test_hundreds_of_functions_are_counted(self):
        path = lay_out(self.dir, "intel-two-hop")
        more = "".join(f"\n{bus:02x}:{dev:02x}.{fn} Ethernet controller [0200]: NIC [8086:1533]\n" for bus in range(8, 40)
                       for dev in range(32) for fn in range(2))
        (path / "lspci").write_text((path / "lspci").read_text() + more)
        text, page = self.of(path)
        drawn = len(page.text["text"])
        self.assertLess(drawn, 60)
        self.assertIn("more rows are left out here", text)
        self.assertLess(len(text), 400000)

    def test_regions_and_their_protections(self):
        text, page = self.of(lay_out(self.dir, "uefi-broken"))
        self.assertIn("rwx (neither)", page.text["text"])
        self.assertIn("rw- (XP)", page.text["text"])
        words = next(x for x in page.text["desc"] if "pages" in x)
        self.assertRegex(words, r"code 00007f460000, 16 pages, rwx \(neither\): \w+")

    def test_hundreds_of_regions_are_counted(self):
        path = lay_out(self.dir, "uefi-broken")
        line = ("[    0.061000] efi: memattr:  0x{0:012x}-0x{1:012x} [Runtime {2}       |RUN|  |  |  |  "
                "|{3}|  |  |  |{4}|   |  |  |  |  ]\n")
        with open(path / "dmesg", "a") as log:
            for start in range(0x80000000, 0x80000000 + (400 << 16), 1 << 16):
                code = start >> 16 & 1
                log.write(line.format(start, start + 0xffff, "Code" if code else "Data",
                                      "  " if code else "XP", "RO" if code else "  "))
        text, page = self.of(path)
        self.assertTrue([x for x in page.text["text"] if re.search(r"and \d\d+ more$", x)])
        self.assertLess(len(page.text["text"]), 100)


def lay_out(folder, machine):
    """A machine of the fixtures as a folder of loose evidence."""
    for part in ("golden", "support"):
        sys.path.insert(0, str(PROJECT / "tests" / part))
    import golden
    path = folder / machine
    golden.lay_out(PROJECT / "fixtures/machines" / machine, PROJECT / "fixtures", path)
    return path


def long_host(folder):
    """As long as everything can be at once: wide letters, all unknown or failing, many labels."""
    text = "\u6f22" * 400
    data = f"vendor: {text}\nproduct: {text}\nfirmware-version: {text}\nfirmware-date: {text}\n"
    return write_files(folder, capture_files({"dmi": data.encode(), "acpi/WSMT": wsmt(0)}))


class Browser(Case):
    """In a real one. The pictures stay beside the program, to be looked at."""

    def page(self, path, *args):
        out = self.dir / "page.html"
        run("--format", "html", "--from", path, *args, "--output", out, ok=(0, 1, 3))
        return out

    def test_pictures_in_both_widths_and_schemes(self):
        for machine in ("intel-laptop", "uefi-broken"):
            page = self.page(lay_out(self.dir, machine))
            for width, height in ((360, 4000), (1280, 3000)):
                for scheme, ground in (("light", (0xff, 0xff, 0xff)), ("dark", (0x16, 0x17, 0x1a))):
                    made = browser.picture(page, machine, width, height, scheme)
                    self.assertEqual(ground, browser.first_pixel(made), made)

    def test_axe_finds_nothing(self):
        hostile = write_files(self.dir / "hostile", blobs(HOSTILE["a tag"][0] + HOSTILE["10 KB"][0]))
        both = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
        for path, ways in ((lay_out(self.dir, "uefi-broken"), both),
                           (lay_out(self.dir, "intel-two-hop"), both[1:3]), (hostile, both[1:3])):
            page = self.page(path)
            for width, scheme in ways:
                with self.subTest(path.name, width=width, scheme=scheme):
                    said = browser.axe(page, width, scheme, self.dir)
                    self.assertEqual([], said["bad"])
                    self.assertEqual([width, width], said["width"], "it has to be scrolled")
                    self.assertLessEqual({"color-contrast", "document-title", "html-has-lang",
                                          "landmark-one-main", "region", "heading-order"},
                                         set(said["passes"]))

    def check_paper(self, page, name):
        sizes, texts = browser.paper(page, name)
        self.assertTrue(all("A4" in s for s in sizes), sizes)
        self.assertIn("This is the summary", texts[0], f"{name}: the summary is over one page")
        self.assertTrue(texts[1].lstrip().startswith("Details"), texts[1][:80])
        return texts

    def test_the_summary_is_one_page_of_a4(self):
        for machine in ("intel-laptop", "uefi-broken", "arm-two-smmus", "wsmt-alone"):
            self.check_paper(self.page(lay_out(self.dir, machine)), machine)

    def test_the_summary_of_a_long_host_is_one_page_of_a4(self):
        labels = [x for i in range(30) for x in ("--label", f"key{i}={'w' * 60}")]
        skips = [x for r in ("smm.wsmt", "cpu.64bit", "cpu.slat", "mor.lock", "uefi.mat", "vm.nested",
                             "iommu.present") for x in ("--skip", f"{r}={'because ' * 24}")]
        host = long_host(self.dir / ("n" * 200))
        self.check_paper(self.page(host, *labels), "long-host")
        texts = self.check_paper(self.page(host, *labels, *skips), "waived-host")
        self.assertIn("and 2 more: see the details", texts[0])

    def test_the_summary_of_real_hosts_is_one_page(self):
        """Of those whose summary says most."""
        pages = {}
        for host in need_corpus("hosts").iterdir():
            text = run("--format", "html", "--from", host, ok=(0, 1, 3)).out.decode()
            pages[host.name] = text
        longest = sorted(pages, key=lambda name: pages[name].index('id="details"'))[-3:]
        for name in longest:
            with self.subTest(name):
                self.check_paper(self.file("host.html", pages[name].encode()), "corpus")


if __name__ == "__main__":
    harness.main()
