"""What was changed by hand in a finished file, written back into the report folder.

Numbers go where they were typed (``report.yaml`` or ``数据.xlsx``), words into ``正文.md``; the
comments and the layout of these files stay.  A number that a placeholder gives is not written into
the text.  All changes are first tried in a copy beside the folder: what cannot be placed, or does
not come out as the file has it, is left and told, and so are numbers that would no longer add up
without one that is left.  Files are written last, each as a whole, after the old ones were kept as
``.bak``, so that a stop at any moment loses nothing.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from reportgen.compare.data_edits import CellEdit, Placement
from reportgen.compare.differences import Difference, DifferenceKind
from reportgen.compare.narrative_edits import BY_HAND, TextEdit
from reportgen.compare.verify import (
    FOLLOWED,
    Verified,
    open_folder,
    verify_found,
    word_differences,
)
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.files import (
    cannot_replace,
    is_inside,
    new_place,
    read_file,
    remove_leftovers,
    write_whole,
)
from reportgen.problems import EnvironmentProblem, system_reason, typed_path
from reportgen.published import REVISIONS
from reportgen.readers import own_output
from reportgen.source import SheetSpan, SourceFile

_MOST_BYTES = 100_000_000
_MOST_TRIES = 150
"""The most sets of changes that are tried in a copy; each takes as long as ``verify``."""
_MOST_NAMED = 5
"""The most places of tracked changes that a message names."""
_BACKUP = ".bak"
_HALF = "half"
"""The reason why a number is left that could be written: one that it must add up with cannot."""

_Change: TypeAlias = tuple[Placement, ...]
"""Placements that are written together or not at all."""


class Pulled(Struct, frozen=True):
    """What became of the changes in a finished file."""

    verified: Verified
    """The file beside the folder as it is now."""

    placed: tuple[Diagnostic, ...]
    """The changes that were written into the folder."""

    left: tuple[Diagnostic, ...]
    """Those that could not be placed, with the reason in their hints; the folder still differs
    from the file in them."""

    written: tuple[Path, ...] = ()
    """The files of the folder that were replaced."""

    backups: tuple[Path, ...] = ()
    """The old ones, in the same order."""

    pictures: tuple[Path, ...] = ()
    """The pictures that were put into the folder; the old ones are still there."""


def pull_changes(verified: Verified) -> Pulled:
    """Write what differs in *verified* into its folder, as far as it can be placed.

    Raises EnvironmentProblem if the file is another report, if it has tracked changes that nobody
    accepted or rejected, if a picture of the folder is missing (the document would be taken to have
    lost it), or if a file cannot be read or written; nothing is written then, or the old files are
    beside the new ones.
    """
    folder = verified.against.checked.folder
    if folder is None:
        raise EnvironmentProblem("没有报告目录", "用 --against 写明报告目录")
    if verified.is_summary:
        told = verified.diagnostics[0]
        raise EnvironmentProblem(f"没有写回：{told.message}", "用 --against 写这个文件的报告目录")
    _refuse_unsettled(verified)
    if not any(_changes_of(verified)):
        return _nothing(verified)
    if report := verified.against.checked.report:
        for picture in report.narrative.pictures():
            if picture.target not in report.screenshots:
                message = f"没有写回：报告目录里没有图片“{picture.target}”，或者读不出来"
                raise EnvironmentProblem(
                    message, f"先运行 reportgen check {typed_path(folder)}，改正后再写回"
                )
    with _copied(folder) as copy:
        trial = _Trial(verified, copy)
        trial.place(numbers=True)
        trial.place(numbers=False)  # the placeholders have the new numbers now
        contents, pictures = trial.contents(folder), trial.pictures(folder)
        left = Counter(map(_subject, trial.state.differences))
        half = trial.half
    pairs = zip(verified.differences, verified.diagnostics, strict=True)
    placed = tuple(told for item, told in pairs if not left[_subject(item)])
    if not placed:
        return _nothing(verified, half)
    for path, data in pictures.items():
        _write(path, data)
    backups = [_write(path, data, keep=True) for path, data in contents.items()]
    for path, data in contents.items():
        _write(path, data)
    against = open_folder(folder, cache=verified.against.checked.cache)
    now = _with_reasons(verify_found(verified.found, verified.source, against), verified, half)
    files = tuple(contents), tuple(backups), tuple(pictures)
    return Pulled(now, placed, now.diagnostics, *files)


def _refuse_unsettled(verified: Verified) -> None:
    """Raise EnvironmentProblem if the file has tracked changes: nobody has decided on them."""
    changes = [text for text in verified.found.beside if text.kind in REVISIONS]
    places = list(dict.fromkeys(text.place.in_words for text in changes if text.place))
    if changes:
        named = "、".join(places[:_MOST_NAMED]) + ("等处" if len(places) > _MOST_NAMED else "")
        raise EnvironmentProblem(
            f"没有写回：文件里有 {len(changes)} 处修订没有接受或拒绝（{named}）",
            "在 Word 的“审阅”里接受或拒绝全部修订，保存后再写回",
        )


def _nothing(verified: Verified, half: Set[str] = frozenset()) -> Pulled:
    left = _with_reasons(verified, verified, half)
    return Pulled(left, (), left.diagnostics)


def _with_reasons(verified: Verified, before: Verified, half: Set[str]) -> Verified:
    """Return *verified* with the hints of what was tried in vain saying so.

    What differs only since the numbers were written that differed *before* is told as such, and so
    are the cells *half*, which were left because of others.
    """
    known = {*map(_named, before.differences)}
    pictures = {*map(_subject, before.differences)}

    def reason(item: Difference | None, change: Placement) -> str:
        if item is None:
            return change.reason or ("" if change.is_empty else BY_HAND)
        if item.cell in half:
            return _HALF
        is_known = _subject(item) in pictures if _is_chart(item) else _named(item) in known
        is_both = None not in (item.data.value, item.document.value)
        if is_both and not is_known and _follows(item):
            return FOLLOWED
        return change.reason or ("" if change.is_empty else BY_HAND)

    changes = [(item, Placement(reason=reason(item, change))) for item, change in verified.changes]
    return word_differences(verified, changes)


def _named(item: Difference) -> tuple[str, str, str | None, str | None]:
    """Return what a difference is known by; places move when other things are written."""
    return (item.finding.slug, item.cell, item.data.value, item.document.value)


def _subject(item: Difference) -> tuple[str, str, str | None]:
    """Return what in the file *item* is about, whatever the data say there by now."""
    said = item.document.value
    return (item.kind.value, item.cell, item.data.value if said is None else said)


def _follows(item: Difference) -> bool:
    """Return whether *item* follows from another number.

    It does by a placeholder, as a computed sum, or because a chart draws it.
    """
    place = item.data.place
    is_formula = isinstance(place, SheetSpan) and place.computed
    is_untyped = place is None or item.data.value is None
    is_computed = bool(item.cell) and (is_untyped or is_formula)
    return is_computed or item.finding.wording == "placeholder" or _is_chart(item)


def _is_chart(item: Difference) -> bool:
    """Return whether *item* is that a chart is not what the data give."""
    return item.kind is DifferenceKind.PICTURE and item.finding.wording == "chart"


def _contradicted(verified: Verified) -> set[str]:
    """Return the cells for which ``report.yaml`` and the workbook have different numbers."""
    found = verified.against.checked.diagnostics
    return {str(cell) for item in found if item.slug == "tables-differ" for cell in item.cells}


def _changes_of(verified: Verified, *, numbers: bool | None = None) -> Iterator[_Change]:
    """Yield the changes that can be written, only those of the data or of texts if asked."""
    together: dict[str, list[Placement]] = {}
    for place, (_, change) in enumerate(verified.changes):
        if not change.is_empty and numbers in (None, change.is_number):
            together.setdefault(change.together or str(place), []).append(change)
    yield from map(tuple, together.values())


# Trying


@contextmanager
def _copied(folder: Path) -> Iterator[Path]:
    """Give a copy of *folder*, which is removed afterwards.

    It is a folder beside it, because that may name last year's by a relative path.
    """
    for place in (folder, folder.parent):  # where a run that was killed may have left something
        remove_leftovers(place)
    try:
        with new_place(folder.parent) as copy:
            shutil.copytree(folder, copy, ignore=_not_copied, dirs_exist_ok=True)
            yield copy
    except OSError as error:
        raise EnvironmentProblem(
            f"无法在 {folder.parent} 里试写：{system_reason(error)}", "检查磁盘空间和写入权限"
        ) from error


class _Trial:
    """A copy of the folder into which changes are written as far as they come out right.

    ``state`` is the file beside the copy as it is now; ``half`` are the cells whose numbers are
    left because others that they must add up with cannot be written.
    """

    def __init__(self, verified: Verified, copy: Path) -> None:
        self._verified, self._copy = verified, copy
        self._tries = 0
        self._touched: dict[Path, None] = {}
        self._made: dict[Path, None] = {}
        self._before: dict[Path, bytes | None] = {}
        """What the files that were changed held when the placing began, None for nothing."""
        self.half: set[str] = set()
        self.state = self._verify()

    def _verify(self) -> Verified:
        self._tries += 1
        against = open_folder(self._copy, cache=self._verified.against.checked.cache)
        return verify_found(self._verified.found, self._verified.source, against)

    def place(self, *, numbers: bool) -> None:
        """Write the changes of the numbers, or those of the texts, that come out right."""
        base, self._before = self.state, {}
        self._place(list(_changes_of(base, numbers=numbers)), base)
        while numbers and (torn := self._torn(base) - self.half):
            self.half |= torn
            _restore(self._before)
            self.state = base
            kept = [
                change
                for item, change in base.changes
                if item is None or item.cell not in self.half
            ]
            changes = _changes_of(base, numbers=numbers)
            self._place([one for one in changes if all(part in kept for part in one)], base)

    def _place(self, changes: Sequence[_Change], base: Verified) -> None:
        taken: list[_Change] = []
        self._take(changes, taken, base)
        left = [change for change in changes if change not in taken]
        if taken and left:  # what depends on another change may come out right behind it
            self._take(left, taken, base)

    def _torn(self, base: Verified) -> set[str]:
        """Return the written cells that no longer add up as a number beside them was left."""
        changed = {item.cell for item in base.differences if item.cell}
        still = {item.cell for item in self.state.differences if item.cell}
        left = {item.cell for item in self.state.differences if item.cell and not _follows(item)}
        known = set(_errors(base))
        new = (cells for slug, cells in _errors(self.state) if (slug, cells) not in known)
        return {
            cell for cells in new if cells & left & changed for cell in cells & (changed - still)
        }

    def _take(self, some: Sequence[_Change], taken: list[_Change], base: Verified) -> None:
        """Add to *taken* the changes of *some* that come out right with those before them."""
        if not some or self._tries >= _MOST_TRIES:
            return
        if self._comes_out([*taken, *some], base):
            taken.extend(some)
        elif len(some) > 1:
            self._take(some[: len(some) // 2], taken, base)
            self._take(some[len(some) // 2 :], taken, base)

    def _comes_out(self, changes: Sequence[_Change], base: Verified) -> bool:
        """Write *changes* of *base*, and return whether nothing else differs then.

        Otherwise the files are put back.
        """
        placements = [item for change in changes for item in change]
        contents = _contents(placements, self._copy, self._before)
        if contents is None:
            return False
        before = {path: _read(path) if path.exists() else None for path in contents}
        for path, data in contents.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        after = self._verify()
        if self._is_right(base, after, numbers=changes[0][0].is_number):
            self._before = {**before, **self._before}
            self._touched |= dict.fromkeys(path for path, old in before.items() if old is not None)
            self._made |= dict.fromkeys(path for path, old in before.items() if old is None)
            self.state = after
            return True
        _restore(before)
        return False

    @staticmethod
    def _is_right(base: Verified, after: Verified, *, numbers: bool) -> bool:
        """Return whether nothing differs in *after* that did not in *base*.

        What follows from changed numbers may differ.  With *numbers*, a text with a placeholder of
        one that was changed by hand as well may differ otherwise: texts are written later.
        """
        named = _subject if numbers else _named
        known = Counter(map(named, base.differences))
        new = Counter(map(named, (one for one in after.differences if not _follows(one))))
        return not new - known and _contradicted(after) <= _contradicted(base)

    def contents(self, folder: Path) -> dict[Path, bytes]:
        """Return the files of *folder* that are to be replaced, with their new contents."""
        found = {self._in(folder, path): _read(path) for path in self._touched}
        return {path: data for path, data in found.items() if data != _read(path)}

    def pictures(self, folder: Path) -> dict[Path, bytes]:
        """Return the files that are to be made in *folder*."""
        return {self._in(folder, path): _read(path) for path in self._made if path.exists()}

    def _in(self, folder: Path, path: Path) -> Path:
        return folder / path.relative_to(self._copy)


def _errors(verified: Verified) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the errors about cells in the folder of *verified*: the rule, and the cells."""
    for item in verified.against.checked.diagnostics:
        if item.severity is Severity.ERROR and item.cells:
            yield item.slug, frozenset(map(str, item.cells))


def _restore(contents: Mapping[Path, bytes | None]) -> None:
    """Give each file the *contents* that it had; remove it for None."""
    for path, old in contents.items():
        if old is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(old)


def _contents(
    changes: Sequence[Placement], folder: Path, before: Mapping[Path, bytes | None]
) -> dict[Path, bytes] | None:
    """Return the new contents of each file of *folder* that *changes* change or make.

    They are changes of what the files held *before*; files that are not in it hold that still.
    None if one of them cannot be changed so.
    """
    texts: dict[SourceFile, set[TextEdit]] = {}
    cells: dict[str, list[CellEdit]] = {}
    found: dict[Path, bytes] = {}
    for change in changes:
        for source, edit in change.texts:
            texts.setdefault(source, set()).add(edit)
        for cell in change.cells:
            cells.setdefault(cell.path, []).append(cell)
        found.update(change.pictures)
    for source, edits in texts.items():
        path = Path(source.path)
        data = _edited(_first(path, before), source, sorted(edits))
        if data is None:
            return None
        found[path] = data
    for name, numbers in cells.items():
        path = Path(name)
        data = _with_cells(_first(path, before), numbers)
        if data is None:
            return None
        found[path] = data
    return found if all(is_inside(path, folder) for path in found) else None


def _first(path: Path, before: Mapping[Path, bytes | None]) -> bytes:
    data = before.get(path)
    return _read(path) if data is None else data


def _with_cells(data: bytes, cells: Sequence[CellEdit]) -> bytes | None:
    """Return the workbook *data* with the numbers of *cells*, None if it is of another kind."""
    from reportgen.writers.workbook_edits import with_numbers

    try:
        return with_numbers(data, {(one.sheet, one.cell): one.number for one in cells})
    except ValueError:
        return None


def _read(path: Path) -> bytes:
    try:
        return read_file(path, _MOST_BYTES)
    except OSError as error:
        raise EnvironmentProblem(
            f"{path} 无法读取：{system_reason(error)}", "检查文件是否还在"
        ) from error


def _edited(data: bytes, source: SourceFile, edits: Sequence[TextEdit]) -> bytes | None:
    """Return the file *data* with *edits*, in its own encoding and with its own line ends.

    None if they overlap, or if the file is not the text that was read.
    """
    if any(one.end > other.start for one, other in pairwise(edits)):
        return None
    parts, offset = [], 0
    for edit in edits:
        parts += [source.text[offset : edit.start], edit.text]
        offset = edit.end
    text = "".join([*parts, source.text[offset:]])
    for encoding in ("utf-8-sig", "utf-8", "gb18030"):
        for ending in ("\n", "\r\n"):
            if data == source.text.replace("\n", ending).encode(encoding, "replace"):
                return text.replace("\n", ending).encode(encoding)
    return None


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


def _write(path: Path, data: bytes, *, keep: bool = False) -> Path:
    """Write *data* to *path*, or with *keep* the old contents beside it; return where."""
    target = _free(path) if keep else path
    try:
        target.parent.mkdir(exist_ok=True)
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
