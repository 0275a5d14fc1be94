"""Random reports verified clean, and single edits of their DOCX found, alone and at their place.

    python -m tests.roundtrip.run_edits --reports 200 --edits 1000 --office 100     (make edits)

Builds the random reports as DOCX, PDF and HTML, each of which must equal its folder.  Then edits
one thing in a DOCX at a time, which must be found at its cell or paragraph, alone, and is pulled
into a copy of the folder: what is written there must be the edit and nothing else, and what is
left must be told with its reason.  Some of the edited files are saved again by LibreOffice and
verified once more, where it is installed.  Exit status 0 when all is as it must be.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen import Checked, check_folder
from reportgen.compare import open_folder, pull_changes, verify_file
from reportgen.problems import EnvironmentProblem
from tests.builders import FORMS
from tests.roundtrip.edits import WAYS, Edit, edited, explained
from tests.roundtrip.random_reports import write_report

KINDS = ("docx", "pdf", "html")
OFFICE_FILTER = "docx:MS Word 2007 XML"
AT_ONCE = 25
"""Files that LibreOffice converts in one run."""


class Trial(Struct, frozen=True):
    """An edited file and what became of it."""

    way: str
    file: Path
    folder: Path
    edit: Edit
    wrong: str = ""
    pulled: str = ""
    """What became of it in the folder: clean, partly, listed or refused."""


def built(folder: Path, seed: str) -> dict[str, bytes]:
    """Write the report that *seed* makes to *folder* and return its files by suffix."""
    write_report(folder, seed)
    files = check_folder(folder).build(formats=KINDS).files
    if not files:
        raise RuntimeError(f"{seed}: the report has errors")
    return {Path(name).suffix: data for name, data in files.items()}


def unequal(folder: Path, seed: str) -> list[str]:
    """Return what is found in the unedited files of the report that *seed* makes."""
    files = built(folder, seed)
    against = open_folder(folder)
    found = []
    for suffix, data in files.items():
        file = folder / f"年报{suffix}"
        file.write_bytes(data)
        found += [
            f"{seed}{suffix}: {item.message}" for item in verify_file(file, against).diagnostics
        ]
    return found


def trials(folder: Path, seed: str, count: int) -> Iterator[Trial]:
    """Yield *count* edits of the report that *seed* makes."""
    data = built(folder, seed)[".docx"]
    form = FORMS[check_folder(folder).form.id]  # type: ignore[union-attr]
    chance = random.Random(seed)
    against = open_folder(folder)
    number = 0
    while number < count:
        way = chance.choice(WAYS)
        try:
            changed, edit = edited(data, way, form, chance)
        except (LookupError, IndexError):  # there is nothing of that sort in this report
            continue
        file = folder / f"改{number}.docx"
        file.write_bytes(changed)
        wrong = explained(verify_file(file, against).differences, edit)
        outcome, harm = pulled(file, folder, edit, way.__name__)
        yield Trial(way.__name__, file, folder, edit, wrong or harm, outcome)
        number += 1


def pulled(file: Path, folder: Path, edit: Edit, way: str) -> tuple[str, str]:
    """Pull *file* into a copy of *folder*; return what became of it, and what went wrong."""
    with tempfile.TemporaryDirectory() as root:
        copy = Path(root) / "报告"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.docx"))
        before = check_folder(copy)
        if edit.is_tracked:
            return _refused(file, copy)
        done = pull_changes(verify_file(file, open_folder(copy)))
        after, found = check_folder(copy), verify_file(file, open_folder(copy)).diagnostics
        harm = _harm(before, after, edit, way)
        if [(item.code, item.span) for item in found] != [(i.code, i.span) for i in done.left]:
            harm = "what is left is not what is told"
    left = done.left
    if not left and not done.written:
        harm = harm or "nothing written, nothing told"
    if any("--pull 写回" in item.hint.replace("--pull 写回后", "") for item in left):
        harm = harm or "told to pull what was pulled in vain"
    return "clean" if not left else "partly" if done.written else "listed", harm


def _refused(file: Path, folder: Path) -> tuple[str, str]:
    """Pull *file*, which has tracked changes: that must be refused, and change nothing."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    try:
        pull_changes(verify_file(file, open_folder(folder)))
    except EnvironmentProblem:
        after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return "refused", "" if before == after else "something was written"
    return "refused", "tracked changes are pulled"


def _harm(before: Checked, after: Checked, edit: Edit, way: str) -> str:
    """Return what a pull of *edit* changed in the report beside it, empty for nothing."""
    if before.report is None or after.report is None or after.form is None:
        return "the folder cannot be read any more"
    old, new = before.report.cells, after.report.cells
    changed = {path for path in {*old, *new} if old.get(path) != new.get(path)}
    others = [path for path in changed if path != edit.cell and path not in after.form.totals]
    if others or (changed and not edit.cell):
        return f"other cells are changed: {sorted(changed)[:4]}"
    codes = {item.code for item in after.diagnostics if item.code.startswith("I")}
    if torn := codes - {item.code for item in before.diagnostics}:
        return f"the folder is read with {torn}"
    texts = [Path(one.report.narrative_path) for one in (before, after) if one.report]
    lost = "{{" in edit.before or way.startswith(("delete", "track"))
    kept = texts[1].with_suffix(".md.bak")
    if not lost and kept.exists():
        counts = [path.read_text(encoding="utf-8").count("{{") for path in (kept, texts[1])]
        return "placeholders are lost" if counts[1] < counts[0] else ""
    return ""


def _unequal(job: tuple[str, int]) -> list[str]:
    root, number = job
    return unequal(Path(root) / f"一{number}", f"clean-{number}")


def _trials(job: tuple[str, int, int]) -> list[Trial]:
    root, number, count = job
    return list(trials(Path(root) / f"二{number}", f"edit-{number}", count))


def through_office(made: list[Trial], root: Path) -> Iterator[Trial]:
    """Yield *made*, each file saved again by LibreOffice and verified then."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        sys.stdout.write("skipped: LibreOffice (soffice) is not installed\n")
        return
    for start in range(0, len(made), AT_ONCE):
        some = made[start : start + AT_ONCE]
        before, after = root / f"甲{start}", root / f"乙{start}"
        before.mkdir()
        for number, trial in enumerate(some):
            shutil.copy(trial.file, before / f"{number}.docx")
        profile = f"-env:UserInstallation={(root / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", OFFICE_FILTER, "--outdir"]
        files = sorted(map(str, before.iterdir()))
        subprocess.run([*command, str(after), *files], capture_output=True, check=False)
        for number, trial in enumerate(some):
            against = open_folder(trial.folder)
            found = verify_file(after / f"{number}.docx", against).differences
            yield replace(trial, wrong=explained(found, trial.edit))


def main() -> int:
    """Run the campaign, print what became of it, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--office", type=int, default=100)
    wanted = parser.parse_args()
    each = 20
    with tempfile.TemporaryDirectory() as root, Pool(os.cpu_count()) as pool:
        jobs = [(root, number) for number in range(wanted.reports)]
        found = [line for lines in pool.imap(_unequal, jobs) for line in lines]
        sys.stdout.write(f"{wanted.reports} reports, {len(found)} differences without an edit\n")
        edits = [(root, number, each) for number in range(-(-wanted.edits // each))]
        made = [trial for some in pool.imap(_trials, edits) for trial in some][: wanted.edits]
        again = list(through_office(made[: wanted.office], Path(root)))
        wrong = [trial for trial in (*made, *again) if trial.wrong]
        ways = Counter(trial.way for trial in made)
        outcomes = Counter(trial.pulled for trial in made)
        lines = [
            *(f"!! {line}" for line in found),
            *(f"!! {trial.way} {trial.edit}: {trial.wrong}" for trial in wrong),
            f"{len(made)} edits ({', '.join(f'{way} {n}' for way, n in ways.items())}),",
            f"pulled: {', '.join(f'{what} {n}' for what, n in outcomes.most_common())},",
            f"{len(again)} of them through LibreOffice: {len(wrong)} not found alone, in "
            "place, or not pulled right",
        ]
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
