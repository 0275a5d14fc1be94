"""What was changed by hand in a finished file, written back into the report folder.

Numbers go where they were typed (``report.yaml`` or ``数据.xlsx``), words into ``正文.md``; the
comments and the layout of these files stay.  A number that a placeholder gives is not written into
the text.  All changes are first tried in a copy beside the folder: what cannot be placed, or does
not come out as the file has it, is left and told.  Files are written last, each as a whole, after
the old ones were kept as ``.bak``, so that a stop at any moment loses nothing.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from reportgen.compare.content import Passage, Row, TextKind, Unit, joined
from reportgen.compare.differences import Altered, Difference, Matched
from reportgen.compare.verify import Against, Verified, open_folder, verify_file
from reportgen.diagnostics import Diagnostic
from reportgen.files import cannot_replace, is_inside, read_file, write_whole
from reportgen.forms import Form, NotANumberError, parse_quantity
from reportgen.markdown import write_narrative
from reportgen.model import CellPath, Narrative, NarrativeParagraph
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers import own_output
from reportgen.source import Place, SheetSpan, SourceFile, Span
from reportgen.text import Run

_MOST_BYTES = 100_000_000
_BACKUP = ".bak"


class Pulled(Struct, frozen=True):
    """What became of the changes in a finished file."""

    verified: Verified
    """The file beside the folder as it is now."""

    placed: tuple[Diagnostic, ...]
    """The changes that were written into the folder."""

    left: tuple[Diagnostic, ...]
    """Those that could not be placed; the folder still differs from the file in them."""

    written: tuple[Path, ...] = ()
    """The files of the folder that were replaced."""

    backups: tuple[Path, ...] = ()
    """The old ones, in the same order."""


class TextEdit(Struct, frozen=True, order=True):
    """Characters of a text to be replaced."""

    start: int
    end: int
    text: str


class _PullPlan(Struct):
    """The edits that place differences, by the text or the workbook they are in."""

    texts: dict[SourceFile, set[TextEdit]]
    sheets: dict[str, dict[tuple[str, str], str]]


def pull_changes(verified: Verified) -> Pulled:
    """Write what differs in *verified* into its folder, as far as it can be placed.

    Raises EnvironmentProblem if a file cannot be read or written; nothing is written then, or the
    old files are beside the new ones.
    """
    folder = verified.against.checked.folder
    if folder is None:
        raise EnvironmentProblem("没有报告目录", "用 --against 写明报告目录")
    changed = {n for n, line in enumerate(verified.comparison.lines) if _is_changed(line)}
    tried = _try(verified, folder, changed)
    if tried is None:  # some of the changes do not come out as the file has them
        sound = {number for number in changed if _try(verified, folder, {number}) is not None}
        tried = _try(verified, folder, sound)
    if tried is None or not tried[0]:
        return Pulled(verified, (), verified.diagnostics)
    contents, after = tried
    left = {_named(item) for item in after.differences}
    pairs = list(zip(verified.differences, verified.diagnostics, strict=True))
    placed = tuple(told for item, told in pairs if _named(item) not in left)
    if not placed:
        return Pulled(verified, (), verified.diagnostics)
    backups = [_write(path, data, keep=True) for path, data in contents.items()]
    for path, data in contents.items():
        _write(path, data, keep=False)
    now = verify_file(verified.file, open_folder(folder, cache=verified.against.checked.cache))
    return Pulled(now, placed, now.diagnostics, tuple(contents), tuple(backups))


def _is_changed(line: Matched) -> bool:
    return bool(line.differences) or line.is_moved


def _try(
    verified: Verified, folder: Path, numbers: Collection[int]
) -> tuple[dict[Path, bytes], Verified] | None:
    """Return the files with the changes of the lines *numbers*, and what differs with them.

    None if something differs then that did not before, and does not follow from the changes.
    """
    plan = _planned(verified.comparison.lines, numbers, verified.against)
    contents = dict(_contents(plan, folder))
    if not contents:
        return {}, verified
    after = _tried(verified, folder, contents)
    before = {_named(item) for item in verified.differences}
    is_sound = all(_named(item) in before or _follows(item) for item in after.differences)
    return (contents, after) if is_sound else None


def _named(item: Difference) -> tuple[str, str, str | None, str | None]:
    """Return what a difference is known by; places move when other things are written."""
    return (item.finding.slug, item.cell, item.data.value, item.document.value)


def _follows(item: Difference) -> bool:
    """Return whether *item* follows from another number: by a placeholder, or as a computed sum."""
    is_computed = bool(item.cell) and item.data.place is None
    return is_computed or item.finding.wording == "placeholder"


# What to write where


def _planned(lines: Sequence[Matched], numbers: Collection[int], against: Against) -> _PullPlan:
    """Return the edits that place the changes in the *lines* of these *numbers*."""
    plan = _PullPlan({}, {})
    narrative = against.checked.report.narrative_path if against.checked.report else ""
    anchor: Span | None = None
    for place, line in enumerate(lines):
        if place in numbers:
            for source, edit in _edits_of(line, lines, anchor, narrative):
                plan.texts.setdefault(source, set()).add(edit)
            for path, cell, number in _cells_of(line, against.form):
                plan.sheets.setdefault(path, {})[cell] = number
        anchor = _end_of(line.data, narrative) or anchor
    return plan


def _cells_of(line: Matched, form: Form) -> Iterator[tuple[str, tuple[str, str], str]]:
    """Yield the numbers that go into a workbook: its path, sheet and cell, and the number."""
    for item in line.differences:
        number = _number(item, form)
        if number is not None and isinstance(item.data.place, SheetSpan):
            place = item.data.place
            yield place.path, (place.source.name, place.locator), number


def _number(item: Difference, form: Form) -> str | None:
    """Return the number that the document has in a cell, None if it is no number or no cell."""
    if item.finding.slug != "printed-number-differs" or not item.cell:
        return None
    cell, text = form.value_cells.get(CellPath.parse(item.cell)), item.document.value or ""
    try:
        read = parse_quantity(text, cell.type) if cell and text.strip() else None
    except NotANumberError:
        return None
    return "".join(text.split()) if read and read.number is not None else None


def _edits_of(
    line: Matched, lines: Sequence[Matched], anchor: Span | None, narrative: str
) -> Iterator[tuple[SourceFile, TextEdit]]:
    """Yield the edits that place what differs in *line*, behind *anchor* if it is new there."""
    first = (line.data or line.document)[0]
    if isinstance(first, Row):
        for item in line.differences:
            if (edit := _cell_edit(item)) is not None:
                yield edit
        return
    if line.data and line.document:
        yield from _stretch_edits(line, narrative)
    elif line.data:
        span = _whole(first, narrative)
        if span and line.differences:
            yield span.source, _removal(span)
    elif anchor and (text := _new_text(first, line, lines, narrative)):
        yield anchor.source, TextEdit(anchor.end, anchor.end, f"\n\n{text}")


_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[亿万]?元)?")
"""A number that is typed into ``report.yaml`` as it is printed; ``约18`` would not be read."""


def _cell_edit(item: Difference) -> tuple[SourceFile, TextEdit] | None:
    """Return the edit of a number that was typed in a text; it is parsed again when tried."""
    place, text = item.data.place, (item.document.value or "").strip()
    if item.finding.slug != "printed-number-differs" or not text:
        return None
    if not isinstance(place, Span) or not place.text or not _PLAIN_NUMBER.fullmatch(text):
        return None
    return place.source, TextEdit(place.start, place.end, text)


def _stretch_edits(line: Matched, narrative: str) -> Iterator[tuple[SourceFile, TextEdit]]:
    """Yield the edits of the characters that differ, none if one of them cannot be placed."""
    if not line.stretches:
        return
    ours = joined([unit for unit in line.data if isinstance(unit, Passage)])
    theirs = joined([unit for unit in line.document if isinstance(unit, Passage)])
    edits = [_stretch_edit(ours, theirs.text, item, narrative) for item in line.stretches]
    if all(edits):
        yield from (edit for edit in edits if edit)


def _stretch_edit(
    ours: Passage, theirs: str, item: Altered, narrative: str
) -> tuple[SourceFile, TextEdit] | None:
    """Return the edit for one stretch, if it lies in a run that was typed as it is printed."""
    offset = 0
    for run in ours.runs:
        end = offset + len(run.text)
        span = run.span
        if span and offset <= item.start and item.end <= end and span.path == narrative:
            if span.text != run.text:
                return None
            new = _typed(theirs[item.other_start : item.other_end])
            start = span.start + item.start - offset
            return span.source, TextEdit(start, start + item.end - item.start, new)
        offset = end
    return None


def _typed(text: str) -> str:
    """Return *text* as it is typed within a paragraph of the narrative."""
    marked = Narrative(opening=(NarrativeParagraph((Run(f"字{text}字"),)),))
    return write_narrative(marked).strip()[1:-1]


def _whole(unit: Unit, narrative: str) -> Span | None:
    """Return the lines of the narrative that a paragraph or heading was typed in."""
    is_text = isinstance(unit, Passage) and unit.kind in (TextKind.PARAGRAPH, TextKind.HEADING)
    return _lines(unit.place, narrative) if is_text else None


def _lines(span: Place | None, narrative: str) -> Span | None:
    """Return the whole lines of *span*, if it is in the narrative."""
    if not isinstance(span, Span) or span.path != narrative:
        return None
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    return span.source.span(start, len(text) if end < 0 else end)


def _removal(span: Span) -> TextEdit:
    """Return the edit that takes out the lines of *span* and the blank lines behind them."""
    text, end = span.source.text, span.end
    while end < len(text) and text[end] == "\n":
        end += 1
    return TextEdit(span.start, end, "")


def _new_text(unit: Unit, line: Matched, lines: Sequence[Matched], narrative: str) -> str:
    """Return what to type for a paragraph that only the document has at its place."""
    if not isinstance(unit, Passage) or unit.kind is not TextKind.PARAGRAPH:
        return ""
    if line.is_moved:
        moved = (one.data[0] for one in lines if one.data and one.data[0].key == unit.key)
        span = _whole(next(moved, unit), narrative)
        return span.text if span else ""
    new = NarrativeParagraph((Run(unit.text.strip()),))
    return write_narrative(Narrative(opening=(new,))).strip()


def _end_of(units: Sequence[Unit], narrative: str) -> Span | None:
    """Return the lines of the last of *units*, behind which something can be typed."""
    return _lines(units[-1].place, narrative) if units else None


# Trying and writing


def _contents(plan: _PullPlan, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the new contents of each file of *folder* that *plan* changes."""
    for source, edits in plan.texts.items():
        path = Path(source.path)
        if is_inside(path, folder) and (data := _edited(path, source, sorted(edits))):
            yield path, data
    for name, numbers in plan.sheets.items():
        from reportgen.writers.workbooks import with_numbers

        path = Path(name)
        with suppress(ValueError):  # another kind of workbook: its numbers are left
            if is_inside(path, folder):
                yield path, with_numbers(_read(path), numbers)


def _read(path: Path) -> bytes:
    try:
        return read_file(path, _MOST_BYTES)
    except OSError as error:
        raise EnvironmentProblem(
            f"{path} 无法读取：{system_reason(error)}", "检查文件是否还在"
        ) from error


def _edited(path: Path, source: SourceFile, edits: Sequence[TextEdit]) -> bytes | None:
    """Return the file *path* with *edits*, in its own encoding and with its own line ends.

    None if they overlap, or if the file is not the text that was read.
    """
    if any(one.end > other.start for one, other in pairwise(edits)):
        return None
    parts, offset = [], 0
    for edit in edits:
        parts += [source.text[offset : edit.start], edit.text]
        offset = edit.end
    text = "".join([*parts, source.text[offset:]])
    data = _read(path)
    for encoding in ("utf-8-sig", "utf-8", "gb18030"):
        for ending in ("\n", "\r\n"):
            if data == source.text.replace("\n", ending).encode(encoding, "replace"):
                return text.replace("\n", ending).encode(encoding)
    return None


def _tried(verified: Verified, folder: Path, contents: dict[Path, bytes]) -> Verified:
    """Return how the file differs from a copy of *folder* with *contents*.

    The copy lies beside the folder, because that may name last year's by a relative path.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".reportgen-", dir=folder.parent) as place:
            copy = Path(place) / "报告"
            shutil.copytree(folder, copy, ignore=_not_copied)
            for path, data in contents.items():
                (copy / path.relative_to(folder)).write_bytes(data)
            return verify_file(verified.file, open_folder(copy))
    except OSError as error:
        raise EnvironmentProblem(
            f"无法在 {folder.parent} 里试写：{system_reason(error)}", "检查磁盘空间和写入权限"
        ) from error


def _not_copied(folder: str, names: list[str]) -> set[str]:
    """Return those of the *names* in *folder* that a copy is made without.

    These are the finished files, links, and what is neither a folder nor a regular file.
    """
    place = Path(folder)
    output = own_output(place).name
    return {
        name
        for name in names
        if name == output
        or (place / name).is_symlink()
        or not ((place / name).is_dir() or (place / name).is_file())
    }


def _write(path: Path, data: bytes, *, keep: bool) -> Path:
    """Write *data* to *path*, or with *keep* the old contents beside it; return where."""
    target = _free(path) if keep else path
    try:
        write_whole(target, _read(path) if keep else data)
    except OSError as error:
        raise cannot_replace(target, error) from error
    return target


def _free(path: Path) -> Path:
    """Return the first name of a backup of *path* that is not taken."""
    name, number = f"{path.name}{_BACKUP}", 1
    while (backup := path.with_name(name)).exists():
        number += 1
        name = f"{path.name}{_BACKUP}-{number}"
    return backup
