"""Save every sample's DOCX again with LibreOffice, in five formats, and read each back.

    python -m tests.roundtrip.run_office            (make reading)

DOCX, DOC, DOCX by way of ODT, PDF, HTML.  All cells must be equal, and 99 of 100 characters in
order.  Exit status 0 when they are, 1 when not; 0 with a message without LibreOffice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.parity.run_parity import FONTS, ROOT, font_rules
from tests.roundtrip.reading import LEAST_TEXT, read_back
from tests.visual.samples import build_sample, sound_samples

OUT = ROOT / "build" / "reading"
TIMEOUT = 300
FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "doc": "doc:MS Word 97",
    "odt": "odt",
    "pdf": "pdf",
    "html": "html",
}


def convert(office: str, path: Path, kind: str) -> Path:
    """Return what LibreOffice makes of *path*."""
    folder = OUT / path.parent.name / kind
    profile = f"-env:UserInstallation={(OUT / 'office-profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", FILTERS[kind]]
    subprocess.run(
        [*command, "--outdir", str(folder), str(path)],
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
        env={**os.environ, "FONTCONFIG_FILE": str(OUT / "fonts.conf")},
    )
    made = folder / f"{path.stem}.{kind}"
    if not made.exists():
        raise RuntimeError(f"LibreOffice did not make {made}")
    return made


def files_of(office: str, name: str) -> list[Path]:
    """Return the files that LibreOffice makes of the DOCX of sample *name*."""
    source = OUT / name / "年报.docx"
    source.parent.mkdir(parents=True)
    source.write_bytes(build_sample(name, "docx"))
    made = [convert(office, source, kind) for kind in FILTERS if kind != "odt"]
    return [*made, convert(office, convert(office, source, "odt"), "docx")]


def main() -> int:
    """Build, save again, read back, compare, and return the exit status."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        sys.stdout.write("skipped: LibreOffice (soffice) is not installed\n")
        return 0
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    faces = yaml.safe_load((FONTS / "faces.yaml").read_text(encoding="utf-8"))["faces"]
    (OUT / "fonts.conf").write_text(font_rules(faces), encoding="utf-8")
    bad = 0
    for name in sound_samples():
        for path in files_of(office, name):
            found = read_back(name, path.read_bytes(), path.name, path.parent)
            is_good = not found.wrong_cells and found.text >= LEAST_TEXT and found.head
            bad += not is_good
            where = path.relative_to(OUT).as_posix()
            sys.stdout.write(
                f"{'ok ' if is_good else '!! '}{where:48} {len(found.wrong_cells)} wrong cells, "
                f"{found.text:.2%} of the text, {len(found.findings)} findings\n"
            )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
