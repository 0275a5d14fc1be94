"""Build every sound sample in every format and put the files before every validator.

    python -m tests.conformance.run            (make conformance installs what it needs)

PDF: every profile, each through veraPDF and qpdf, and up to PDF 1.7 page-validation and outloud.
OFD: ofd-cli, and its pages beside those of the PDF.
DOCX: Microsoft's Open XML SDK, openxml-audit, and LibreOffice where it is installed.
Then each validator gets a damaged file and must refuse it: one that passes
everything proves nothing.  Exit status 0 when all went as it should, 1 when
not, 2 when a validator is missing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from reportgen.formats import PROFILES
from tests.conformance.ofd import OFD_CLI, check_ofd, ofd_negatives
from tests.conformance.validate import (
    Verdict,
    run_outloud,
    run_page,
    run_qpdf,
    run_verapdf,
    validate,
)

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "conformance"
SDK_VALIDATOR = ROOT / "build" / "npm" / "node_modules" / ".bin" / "ooxml-validator"
BROKEN_SAMPLES = ("broken-",)
FEWEST_RULES = 100  # a jar with shrunk profiles would load fewer and pass anything
TIMEOUT = 300


def samples() -> list[Path]:
    """Return the sample folders that ought to build."""
    folders = [path.parent for path in sorted((ROOT / "samples").glob("*/report.yaml"))]
    return [path for path in folders if not path.name.startswith(BROKEN_SAMPLES)]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run *command* and return what it printed and its exit status."""
    words = [str(word) for word in command]
    return subprocess.run(
        words, capture_output=True, text=True, check=False, timeout=TIMEOUT, encoding="utf-8"
    )


def build(sample: Path, profile: str, kinds: str) -> list[Path]:
    """Build *sample* and return the files; RuntimeError, with the findings, if it refuses."""
    folder = OUT / sample.name / profile
    done = run(
        *(sys.executable, "-m", "reportgen", "build", sample, "-o", folder),
        *("--to", kinds, "--pdf-profile", profile),
    )
    if done.returncode:
        raise RuntimeError(f"{sample.name} does not build:\n{done.stdout}{done.stderr}")
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def run_sdk(path: Path) -> Verdict:
    """Return the verdict of Microsoft's Open XML SDK on *path*."""
    done = run(SDK_VALIDATOR, path)
    try:
        result = json.loads(done.stdout)
    except ValueError as error:
        raise RuntimeError(f"ooxml-validator could not run: {done.stderr}") from error
    details = "\n".join(f"    {item}" for item in result["errors"])
    return Verdict("SDK", "", path, bool(result["ok"]), details)


def run_audit(path: Path) -> Verdict:
    """Return openxml-audit's verdict: the same schemas, and what Word would repair."""
    done = run(Path(sys.executable).with_name("openxml-audit"), path)
    return Verdict("audit", "", path, done.returncode == 0, done.stdout + done.stderr)


def run_office(paths: Sequence[Path]) -> Iterator[Verdict]:
    """Yield for each of *paths* whether LibreOffice opens it and finds its text."""
    office = shutil.which("soffice")
    if not office or not paths:
        return
    folder = OUT / "office"
    profile = f"-env:UserInstallation={(OUT / 'office-profile').as_uri()}"
    done = run(
        office, profile, "--headless", "--convert-to", "txt:Text", "--outdir", folder, *paths
    )
    for path in paths:
        text = folder / f"{path.stem}.txt"
        opened = text.exists() and path.stem in "".join(text.read_text("utf-8-sig").split())
        yield Verdict("office", "", path, opened, done.stdout + done.stderr)


def pdf_negatives(sound: Path) -> Iterator[Verdict]:
    """Yield the validators' verdicts on PDFs that each of them must refuse.

    *sound* claims PDF/A-1a, whose objects are not compressed and so can be damaged here.
    """
    # The key is renamed, not cut out, so that every object stays at its offset.
    untagged = damaged(sound, "untagged.pdf", lambda data: data.replace(b"TreeRoot", b"TreeRxxt"))
    for level in ("1a", "ua1"):
        yield from run_verapdf([untagged], level)
        yield run_page(untagged, level)
    yield run_outloud(untagged)
    yield run_qpdf(damaged(sound, "cut.pdf", lambda data: data[: len(data) // 2]))


def docx_negatives(sound: Path) -> Iterator[Verdict]:
    """Yield the validators' verdicts on a DOCX that each of them must refuse."""
    path = OUT / "negative" / "unknown-element.docx"
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(sound) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:p>", b"<w:p><w:nonsense/>", 1)
                data = data.replace(b"</w:body>", b"<w:p/></w:body>", 1)
            target.writestr(name, data)
    yield run_sdk(path)
    yield run_audit(path)


def damaged(sound: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Write *sound*, changed, under another name and return the path."""
    data = sound.read_bytes()
    path = OUT / "negative" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(change(data))
    if path.read_bytes() == data:
        raise RuntimeError(f"{sound.name} could not be damaged for {name}")
    return path


def missing_tools() -> list[str]:
    """Return the programs that are needed and not there."""
    needed = ("java", "qpdf")
    missing = [name for name in needed if not shutil.which(name)]
    return missing + [str(path) for path in (SDK_VALIDATOR, OFD_CLI) if not path.exists()]


def main() -> int:
    """Build, validate, and return the exit status."""
    if missing := missing_tools():
        sys.stderr.write(f"missing: {', '.join(missing)} (make conformance)\n")
        return 2
    shutil.rmtree(OUT, ignore_errors=True)
    pdfs: list[Path] = []
    documents: list[Path] = []
    fixed: list[Path] = []
    sorts = {".pdf": pdfs, ".docx": documents, ".ofd": fixed}
    for sample in samples():
        for profile in PROFILES:
            kinds = "docx,pdf,ofd" if profile == PROFILES[0] else "pdf"
            for path in build(sample, profile, kinds):
                sorts[path.suffix].append(path)
    faults = sum(report(verdict, wanted=True) for verdict in validate(pdfs))
    for path in documents:
        faults += report(run_sdk(path), wanted=True) + report(run_audit(path), wanted=True)
    faults += sum(report(verdict, wanted=True) for verdict in run_office(documents))
    for path in fixed:
        checked = check_ofd(path, path.with_suffix(".pdf"))
        faults += sum(report(verdict, wanted=True) for verdict in checked)
    sys.stdout.write("damaged files, each to be refused:\n")
    plain = next(path for path in pdfs if path.parent.name == "a-1a")
    negatives = [*pdf_negatives(plain), *docx_negatives(documents[0])]
    negatives += ofd_negatives(fixed[0], fixed[0].with_suffix(".pdf"), OUT / "negative")
    faults += sum(report(verdict, wanted=False) for verdict in negatives)
    count = f"{len(pdfs)} PDF, {len(documents)} DOCX and {len(fixed)} OFD files"
    where = OUT.relative_to(ROOT)
    sys.stdout.write(
        f"{count} in {where}: {f'{faults} faults' if faults else 'all as it should be'}\n"
    )
    return 1 if faults else 0


def report(verdict: Verdict, *, wanted: bool) -> bool:
    """Print *verdict* and return whether it is not the *wanted* one."""
    shrunk = verdict.tool == "veraPDF" and verdict.rules < FEWEST_RULES
    fault = verdict.passed != wanted or shrunk
    shown = str(verdict) if fault or wanted else str(verdict).partition("\n")[0]
    note = f"\n    only {verdict.rules} rules were loaded" if shrunk else ""
    where = verdict.path.parent.relative_to(OUT)
    sys.stdout.write(f"{'!!' if fault else 'ok'}  {where}  {shown}{note}\n")
    sys.stdout.flush()
    return fault


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
