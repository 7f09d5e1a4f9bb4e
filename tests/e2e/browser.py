# SPDX-License-Identifier: MIT
"""Pages in a real browser without a window: pictures, paper, and axe's word on accessibility.

A browser that is missing is a failure in CI, and skipped aloud elsewhere. What it makes is kept
beside the program, in pictures/.
"""
import html
import json
import re
import shutil
import subprocess
import tempfile
import zlib
from pathlib import Path

import harness
from consumers import consumers
from harness import need, need_tool

PICTURES = Path(harness.PROGRAM).resolve().parent / "pictures"
DARK = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")
SCHEMES = {"light": (), "dark": DARK}
# The whole of WCAG 2.2 A and AA, and what axe calls best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    need(False, "no Chromium, which looks at pages (scripts/setup.sh installs it)")


def look(page, *options):
    """Runs the browser on a file; returns what it prints. It never speaks to a network."""
    with tempfile.TemporaryDirectory() as profile:
        made = subprocess.run(
            [browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", "--no-first-run", "--enable-logging=stderr",
             "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}", *options,
             Path(page).resolve().as_uri()],
            capture_output=True, text=True, timeout=120 * harness.SLOWNESS)
    assert made.returncode == 0, made.stderr[-2000:]
    # Without a network the browser itself speaks of it.
    told = [x for x in made.stderr.split("\n") if "CONSOLE" in x and "Slow network" not in x]
    assert told == [], told  # what a policy refuses, and every error of a page
    return made.stdout


def picture(page, name, width, height, scheme):
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}-{width}-{scheme}.png"
    look(page, f"--window-size={width},{height}", f"--screenshot={path}", *SCHEMES[scheme])
    return path


def first_pixel(png):
    """Red, green and blue of the corner; of the first pixel every PNG filter keeps the bytes."""
    data, at, packed = png.read_bytes(), 8, b""
    while at < len(data):
        size, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    return tuple(zlib.decompressobj().decompress(packed, 8)[1:4])


def paper(page, name):
    """Prints it. Returns the pages' sizes, and the text of each."""
    PICTURES.mkdir(exist_ok=True)
    pdf = PICTURES / f"{name}.pdf"
    look(page, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    told = subprocess.run([need_tool("pdfinfo"), "-l", "-1", pdf], capture_output=True, text=True,
                          check=True).stdout
    text = subprocess.run([need_tool("pdftotext"), "-layout", pdf, "-"], capture_output=True,
                          check=True).stdout.decode()
    return re.findall(r"^Page +\d+ size: +(.*)$", told, re.M), text.split("\f")[:-1]


def axe(page, width, scheme, folder):
    """What axe-core finds, as (rule, impact, place). The page's policy allows no script, so that it
    is a copy without one that is looked at."""
    script = (consumers() / "node_modules/axe-core/axe.min.js").read_text()
    assert "</script" not in script
    text = re.sub(r"<meta http-equiv=[^>]*>", "", Path(page).read_text(), count=1)
    # Of single signs, pictures and what is scrolled away axe cannot tell the contrast: the test of
    # every pair of colours does.
    run = (f"axe.run(document, {{runOnly: {json.dumps(TAGS)}}}).then(r => {{"
           "const bad = [...r.violations, ...r.incomplete.filter(x => x.id !== 'color-contrast')];"
           "parent.postMessage(JSON.stringify({passes: r.passes.map(x => x.id), width: [innerWidth,"
           "document.documentElement.scrollWidth], bad: bad.map(x => [x.id, x.impact, x.nodes.map("
           "n => n.html.slice(0, 120)).slice(0, 3)])}), '*')})")
    copy = Path(folder) / "axe.html"
    copy.write_text(text.replace("</body>", f"<script>{script}</script><script>{run}</script></body>"))
    # A window is never narrower than 500 pixels: a frame is.
    frame = Path(folder) / "frame.html"
    frame.write_text(
        f'<iframe src="axe.html" width="{width}" height="900" frameborder="0"></iframe><pre></pre>'
        "<script>onmessage = e => document.querySelector('pre').textContent = e.data</script>")
    shown = look(frame, "--window-size=1400,1000", "--virtual-time-budget=20000", "--dump-dom",
                 *SCHEMES[scheme])
    return json.loads(html.unescape(re.search(r"<pre>(.+?)</pre>", shown, re.S).group(1)))
