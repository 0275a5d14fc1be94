"""Print the DOCX of every sound sample, and of hard lines, with LibreOffice; compare with our PDF.

    python -m tests.parity.run_parity            (make parity installs what it needs)

The official fonts are substituted by the shipped ones, with fontconfig rules, so
that both prints have the same widths.  Results go to the terminal and to
build/parity/results.json.  Exit status 0 when every sample agrees, 1 when not;
0 with a message when LibreOffice is not installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path

import yaml

from tests.parity.compare import LEAST_SHARE, Parity, compare
from tests.parity.hard import NAME, make_folder
from tests.parity.printed import read_pdf

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "parity"
FONTS = ROOT / "fonts"
BROKEN_SAMPLES = ("broken-",)
TIMEOUT = 300
LOCALE = "zh_CN.UTF-8"
"""That of a Chinese computer: in another, LibreOffice draws a quote at the head of a paragraph with
the Western font."""
SHOWN_DIFFERENCES = 20


def samples() -> list[Path]:
    """Return the sample folders that ought to build."""
    folders = [path.parent for path in sorted((ROOT / "samples").glob("*/report.yaml"))]
    return [path for path in folders if not path.name.startswith(BROKEN_SAMPLES)]


def font_rules(faces: dict[str, dict[str, str]]) -> str:
    """Return a fontconfig file in which each official font is the shipped one of its role."""
    rules = "".join(
        '<match target="pattern"><test name="family"><string>'
        f"{escape(face['docx'])}</string></test>"
        '<edit name="family" mode="assign" binding="strong"><string>'
        f"{escape(face['family'])}</string></edit></match>\n"
        for face in faces.values()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(OUT / 'fontcache'))}</cachedir>\n"
        f"{rules}</fontconfig>\n"
    )


def build(sample: Path) -> tuple[Path, Path]:
    """Build *sample* and return its PDF and DOCX; RuntimeError if it refuses."""
    folder = OUT / sample.name
    command = [sys.executable, "-m", "reportgen", "build", str(sample), "-o", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    if done.returncode:
        raise RuntimeError(f"{sample.name} does not build:\n{done.stdout}{done.stderr}")
    return next(folder.glob("*.pdf")), next(folder.glob("*.docx"))


def print_docx(office: str, path: Path, rules: Path) -> Path:
    """Return the PDF that LibreOffice makes of *path*."""
    folder = OUT / "office" / path.parent.name
    folder.mkdir(parents=True)
    # A system without the locale cannot open a file with a Chinese name.
    copy = shutil.copy(path, folder / "report.docx")
    profile = f"-env:UserInstallation={(OUT / 'office-profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    done = subprocess.run(
        [*command, str(copy)],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
        env={**os.environ, "FONTCONFIG_FILE": str(rules), "LC_ALL": LOCALE},
    )
    printed = folder / "report.pdf"
    if not printed.exists():
        raise RuntimeError(f"LibreOffice printed nothing:\n{done.stdout}{done.stderr}")
    return printed


def table(results: list[Parity]) -> str:
    """Return *results* as text."""
    head = f"{'sample':24}{'pages':>11}{'body lines':>22}{'on same page':>14}{'cells':>16}"
    rows = [head]
    for one in results:
        ends = f"{one.same_ends}/{one.lines} {one.share:.1%}"
        cells = f"{one.same_cells}/{one.cells}"
        note = f" ({one.dealt} over a page break)" if one.dealt else ""
        pages, verdict = f"{one.pages} {one.office_pages}", "" if one.agrees else "  !!"
        rows.append(
            f"{one.sample:24}{pages:>11}{ends:>22}{one.same_pages:>14}{cells:>16}{note}{verdict}"
        )
        rows.extend(f"    {item}" for item in one.differing[:SHOWN_DIFFERENCES])
    return "\n".join(rows) + "\n"


def main() -> int:
    """Build, print, compare, and return the exit status."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        sys.stdout.write("parity skipped: LibreOffice (soffice) is not installed\n")
        return 0
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    rules = OUT / "fonts.conf"
    faces = yaml.safe_load((FONTS / "faces.yaml").read_text(encoding="utf-8"))["faces"]
    rules.write_text(font_rules(faces), encoding="utf-8")
    results = []
    sound = samples()
    for sample in (*sound, make_folder(sound[0], OUT / "folders" / NAME)):
        pdf, docx = build(sample)
        printed = print_docx(office, docx, rules)
        results.append(compare(sample.name, read_pdf(pdf), read_pdf(printed)))
    sys.stdout.write(table(results))
    lines, same = sum(one.lines for one in results), sum(one.same_ends for one in results)
    agree = bool(results) and all(one.agrees for one in results)
    data = {"least_share": LEAST_SHARE, "agrees": agree, "lines": lines, "same_ends": same}
    report = {**data, "samples": [one.as_json() for one in results]}
    (OUT / "results.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    sys.stdout.write(f"{same} of {lines} body lines end alike: {'ok' if agree else 'NOT ok'}\n")
    return 0 if agree else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
