"""A report folder (报告目录), or values in its place → :class:`Report` and every problem found.

The reader goes on after a problem as far as it can; the report is None only if nothing was read.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as ReadOnly
from functools import partial
from os.path import lexists
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, Finding, gather, has_errors
from reportgen.files import NO_CACHE, Cache
from reportgen.forms import Form, Library, TemplateError, complete_cells
from reportgen.located import Mapping, parse_yaml
from reportgen.markdown import ChartNumbers, read_narrative
from reportgen.model import CellPath, Narrative, Quantity, Report
from reportgen.pictures import GivenPictures, Pictures
from reportgen.placeholders import Fill, render_template, render_text, report_context
from reportgen.problems import EnvironmentProblem
from reportgen.readers import settings
from reportgen.readers.files import (
    DATA_FILE,
    NARRATIVE_FILE,
    FolderOrigin,
    Origin,
    ValueOrigin,
    is_folder,
    is_word,
    no_report,
    read_source,
    shortened_path,
    word_refused,
)
from reportgen.readers.screenshots import read_screenshots
from reportgen.readers.settings import read_accepted
from reportgen.readers.tables import NumberReader, Numbers
from reportgen.source import SourceFile

_STRANGE = ("unknown-key", "label-not-found", "table-not-found")
_MANY_STRANGE = 3
"""So many names nobody knows, and so many times as many as another form has, are not mistyped."""
_OF_PLACEHOLDERS = ("undefined-name", "placeholder-failed")
"""Rules that one wrong name or number breaks in each placeholder with it."""
_MANY_LACKING = 3
"""So many rows that a form not in force asks for are not asked for one by one."""


class Reading(Struct, frozen=True):
    """The outcome of reading a report."""

    report: Report | None
    form: Form | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[SourceFile, ...] = ()
    folder: Path | None = None
    """The report folder that was read, if it was one."""
    previous: Reading | None = None
    """Last year's report, if it was read."""


class WordNarrative(Struct, frozen=True):
    """What was read of a narrative that is a Word document."""

    source: SourceFile
    narrative: Narrative
    pictures: ReadOnly[str, bytes]
    """The pictures in the document, by the targets that the narrative names."""
    found: tuple[Finding, ...]


WordReader: TypeAlias = Callable[[Path, Report, Form, Fill], WordNarrative]
"""What reads a narrative in Word: path, the report without it, its form and its placeholders.
Raises ValueError, worded for the user, when the document cannot be read."""

FileReader: TypeAlias = Callable[[Path, Sequence[Form], int], Reading]
"""What reads last year's finished file: path, the known forms and the year → its report, with
what it says of the numbers.  Raises ValueError, worded for the user, without a report in it."""


def read_folder(
    folder: Path,
    library: Library,
    *,
    follow_previous: bool = True,
    read_file: FileReader | None = None,
    read_word: WordReader | None = None,
    cache: Cache = NO_CACHE,
) -> Reading:
    """Return the report in *folder*.

    Forms come from the folder's own ``templates/`` first, then from *library*.
    With *follow_previous* last year's folder (上年) is read too, or, by *read_file*,
    last year's finished file; *read_word* reads a narrative in Word.  What is expensive to find
    out about pictures is kept in *cache*.  Raises EnvironmentProblem when a template is broken.
    """
    own = library.for_folder(folder)
    try:
        source, found = read_source(folder / DATA_FILE)
        if source is None:
            return _unread(no_report(folder) or found, own)
    except TemplateError as error:
        raise EnvironmentProblem(f"模板有误：{error}", "检查 templates 中的相应文件") from error
    origin = FolderOrigin(folder)
    if not origin.holds(DATA_FILE):
        return _unread([_link_outside(DATA_FILE, folder)], own)
    read = _read_report(
        origin,
        source,
        own,
        follow_previous=follow_previous,
        read_file=read_file,
        read_word=read_word,
        cache=cache,
    )
    return replace(read, folder=folder)


def read_values(
    data: str,
    narrative: str,
    pictures: Pictures,
    library: Library,
    *,
    follow_previous: bool = True,
    previous: Reading | None = None,
    read_file: FileReader | None = None,
    cache: Cache = NO_CACHE,
) -> Reading:
    """Return the report that *data*, the text of a ``report.yaml``, and *narrative* make.

    Nothing is read but the *pictures* named in the narrative, and, with *follow_previous*,
    last year's folder or file (上年), which *previous* replaces.  Raises EnvironmentProblem when
    a template is broken.
    """
    origin, source = ValueOrigin(narrative, pictures), SourceFile(DATA_FILE, data)
    return _read_report(
        origin,
        source,
        library,
        follow_previous=follow_previous,
        previous=previous,
        read_file=read_file,
        cache=cache,
    )


def _read_report(
    origin: Origin,
    source: SourceFile,
    library: Library,
    *,
    follow_previous: bool = True,
    previous: Reading | None = None,
    read_file: FileReader | None = None,
    read_word: WordReader | None = None,
    cache: Cache = NO_CACHE,
) -> Reading:
    """Return the report whose data is *source* and whose other parts come from *origin*."""
    root, syntax = parse_yaml(source)
    try:
        if not isinstance(root, Mapping):
            values = {"文件": DATA_FILE}
            empty = Finding("wrong-type", source.span(0, 0), values, wording="empty")
            return _unread(syntax or [empty], library, source)
        reader = _ReportReader(origin, library, source, root, previous, read_file, read_word, cache)
        return reader.read(follow_previous)
    except TemplateError as error:
        raise EnvironmentProblem(f"模板有误：{error}", "检查 templates 中的相应文件") from error


def official_form(source: SourceFile, library: Library, form: Form) -> Form | None:
    """Return the form that *library* has for the report whose data is *source*.

    Where it has several the one called like *form* is meant; None when it has no such report.
    """
    root, _ = parse_yaml(source)
    if not isinstance(root, Mapping):
        return None
    entries = settings.read_entries(root, settings.KEYS, where=None)
    choice = settings.choose_form(entries, library, settings.read_year(entries))
    if choice is None:
        return None
    return next((item for item in choice.candidates if item.id == form.id), choice.candidates[0])


def _unread(found: Iterable[Finding], library: Library, *sources: SourceFile) -> Reading:
    """Return the reading of a folder whose form is not known, nor therefore its rules."""
    worded = dict.fromkeys(library.rulebook().word_all(found))
    return Reading(None, None, tuple(worded), sources)


def _link_outside(name: str, folder: Path) -> Finding:
    """Return the finding that *name* in *folder* is a link out of it."""
    place = str(folder / name)
    return Finding("path-outside", None, {"文件": name}, wording="link", file=place)


class _ReportReader:
    """Reads one report; findings gather in ``found``."""

    def __init__(
        self,
        origin: Origin,
        library: Library,
        source: SourceFile,
        root: Mapping,
        previous: Reading | None,
        read_file: FileReader | None,
        read_word: WordReader | None,
        cache: Cache,
    ) -> None:
        self._read_file = read_file
        self._read_word = read_word
        self._given_previous = previous
        self._origin = origin
        self._cache = cache
        self._library = library
        self._source = source
        self._root = root
        self._sources = [source]
        self._previous: Reading | None = None
        """Last year's report, once it was read."""
        self._told_of_file: tuple[Diagnostic, ...] = ()
        """What reading last year's finished file found, in the words of its own form."""
        self._number_reader = NumberReader(origin.workbook)
        self._read_numbers: dict[tuple[str, str], Numbers] = {}
        self._is_other_form = False
        """Whether the tables follow a form that nobody named and is not in force."""
        self._is_named_form = False
        """Whether they follow a form that is not in force and that the author named."""
        self.found: list[Finding] = []

    def read(self, follow_previous: bool) -> Reading:
        """Return the reading of the report."""
        form = self._form()
        if form is None:
            return _unread(self.found, self._library, *self._sources)
        entries = self._entries(form)
        settings.report_cut_values(entries, ("单位", "标题"))
        report = self._report(entries, form, follow_previous)
        for key in settings.REQUIRED_KEYS:
            if entries.is_blank(key):
                self._missing_key(key)
        self.found.extend(entries.found)
        told = gather(form.rulebook.word_all(self.found), _OF_PLACEHOLDERS)
        worded = dict.fromkeys((*told, *self._told_of_file))
        return Reading(report, form, tuple(worded), tuple(self._sources), previous=self._previous)

    def _form(self) -> Form | None:
        """Return the form to read with; findings about the choice are recorded."""
        # unknown keys are judged once the form's tables are known
        entries = settings.read_entries(self._root, settings.KEYS, where=None)
        year = settings.read_year(entries)
        entries.found.clear()
        choice = settings.choose_form(entries, self._library, year)
        self.found.extend(entries.found)
        if choice is None:
            return None
        if choice.wrong:
            self.found.append(choice.wrong)
        first, *others = choice.candidates
        if others:
            form = min(choice.candidates, key=self._misfits)
            self._is_named_form = form is not first
            return form
        return (self._other_form(entries, first, year) if year else None) or first

    def _misfits(self, form: Form) -> int:
        """Return how many problems the tables have when read with *form*."""
        return len(self._numbers_of(form).found)

    def _strangers(self, form: Form) -> int:
        """Return how many names *form* does not know, and cells it does not find in a workbook."""
        found = (item for item in self._numbers_of(form).found if item.slug in _STRANGE)
        return sum(max(1, len(item.cells)) for item in found)

    def _numbers_of(self, form: Form) -> Numbers:
        """Return the numbers read with *form*: once, however many forms they are tried with."""
        key = form.report, form.id
        if key not in self._read_numbers:
            entries = self._entries(form)
            read = self._number_reader.read(entries.nodes, form, settings.read_year(entries))
            self._read_numbers[key] = read
        return self._read_numbers[key]

    def _other_form(self, entries: settings.Entries, form: Form, year: int) -> Form | None:
        """Return the form whose tables were filled in instead of *form*, that of *year*, if so.

        Then one finding says it, instead of one for each name that *form* does not know.
        """
        strange = self._strangers(form)
        if strange < _MANY_STRANGE:
            return None
        for edition in self._library.editions(form.report):
            if edition.id == form.id or edition.in_force(year):
                continue
            other = self._library.load(edition.report, edition.id)
            if self._strangers(other) * _MANY_STRANGE <= strange:
                keys = (grid.key for grid in other.tables.values())
                tables = self._entries(other).spans
                place = next((tables[key] for key in keys if key in tables), entries.span("年度"))
                self.found.append(settings.wrong_form(year, other, form, place, "tables"))
                self._is_other_form = True
                return other
        return None

    def _entries(self, form: Form) -> settings.Entries:
        """Return the entries of the data, the tables of *form* among them."""
        tables = [grid.key for grid in form.tables.values()]
        return settings.read_entries(self._root, (*settings.KEYS, *tables))

    def _report(self, entries: settings.Entries, form: Form, follow_previous: bool) -> Report:
        read_year = settings.read_year(entries)
        year = read_year or form.first_year
        previous = self._read_previous(entries, form, year) if follow_previous else None
        self._previous = previous
        numbers = self._numbers_of(form)
        base = Report(
            organ=entries.text("单位"),
            year=year,
            title="",
            kind=settings.read_choice(entries, "类型", form.kinds),
            form=form.id,
            contact=settings.read_contact(entries, form),
            date=self._date(entries, read_year),
            cells=self._cells(numbers, entries, form),
            previous=previous.report if previous else None,
            attachments=settings.read_attachments(entries),
            remark=settings.read_remark(entries),
            accepted=read_accepted(entries),
            narrative_path=str(self._origin.folder / self._narrative_name(entries)),
            spans=entries.spans,
            gaps=numbers.gaps,
            twins=numbers.twins,
            original_pictures=settings.keeps_pictures(entries),
            undated=read_year is None,
            narrative=Narrative(unread=True),
        )
        context = report_context(base, form, previous.form if previous else None)
        base = replace(base, title=entries.text("标题") or self._title(form, context))
        return self._with_narrative(entries, base, form, {**context, "标题": base.title})

    def _narrative_name(self, entries: settings.Entries) -> str:
        """Return the file of the narrative: the one named, or the one that is there."""
        return entries.text("正文") or next(iter(self._origin.narratives()), NARRATIVE_FILE)

    def _with_narrative(
        self, entries: settings.Entries, base: Report, form: Form, context: ReadOnly[str, object]
    ) -> Report:
        """Return *base* with its narrative and the pictures in it; unread when it is not known."""
        name = self._narrative_name(entries)
        if not self._origin.holds(name):
            if entries.text("正文"):
                entries.report("path-outside", "正文", {"文件": name})
            else:
                self.found.append(_link_outside(name, self._origin.folder))
            return base
        others = [] if entries.text("正文") else self._origin.narratives()[1:]
        if others:
            values = {"文件": name, "其他": "、".join(others)}
            self.found.append(Finding("narrative-twice", None, values, file=base.narrative_path))
            return base
        if self._read_word and is_word(name):
            fill = partial(render_text, context=context, escape=lambda text: text.replace("\n", ""))
            return self._with_word(self._read_word, base, form, fill)
        source, found = self._origin.narrative(name)
        self.found.extend(found)
        if source is None:
            return base
        self._sources.append(source)
        previous = self._previous.form if self._previous else None
        numbers = partial(ChartNumbers.of, base, form, previous)
        narrative, problems = read_narrative(source, context, numbers)
        self.found.extend(item for item in problems if not self._is_gap(item, form))
        return self._with_screenshots(base, narrative, self._origin.pictures)

    def _with_word(self, read: WordReader, base: Report, form: Form, fill: Fill) -> Report:
        path = Path(base.narrative_path)
        try:
            word = read(path, base, form, fill)
        except ValueError as error:
            self.found.append(word_refused(path, error))
            return base
        self._sources.append(word.source)
        self.found.extend(item for item in word.found if not self._is_gap(item, form))
        held = {name: data for name, data in word.pictures.items() if data}
        return self._with_screenshots(base, word.narrative, GivenPictures(held))

    def _with_screenshots(self, base: Report, narrative: Narrative, pictures: Pictures) -> Report:
        screenshots, found = read_screenshots(narrative, pictures, self._cache)
        self.found.extend(found)
        return replace(base, narrative=narrative, screenshots=screenshots)

    def _is_gap(self, problem: Finding, form: Form) -> bool:
        """Return whether *problem* is a placeholder for a number that was left out.

        That the number was left out is a finding of its own.  So it is that the tables are of
        another form, in which names of this one are unknown.
        """
        if problem.slug != "undefined-name":
            return False
        above = [*filter(None, str(problem.values["上级"]).split("."))]
        if self._is_other_form and above[:1] and above[0] in {g.key for g in form.tables.values()}:
            return True
        path = CellPath([*above, str(problem.values["名称"])])
        return any(cell.is_within(path) for cell in form.value_cells)

    @staticmethod
    def _title(form: Form, context: ReadOnly[str, object]) -> str:
        place = f"templates/{form.report}/{form.id}/form.yaml 的 title"
        return render_template(place, form.title, context, form.rulebook).strip()

    def _cells(
        self, numbers: Numbers, entries: settings.Entries, form: Form
    ) -> ReadOnly[CellPath, Quantity]:
        """Return the numbers of the report, those left out worked out where they can be."""
        if self._is_other_form:  # all of it is to be filled in anew: nothing more is said of it
            return {path: _unjudged(numbers.cells.get(path)) for path in form.value_cells}
        self.found.extend(numbers.found)
        missing = settings.read_choice(entries, "缺省", settings.MISSING_CHOICES)
        zero = missing == settings.MISSING_IS_ZERO
        cells = complete_cells(form, numbers.cells, zero_missing=zero)
        lacking = {path.row for path in form.value_cells if path not in cells}
        if self._is_named_form and len(lacking) >= _MANY_LACKING:  # it has to be replaced
            return {path: cells.get(path, _unjudged(None)) for path in form.value_cells}
        return cells

    def _date(self, entries: settings.Entries, year: int | None) -> datetime.date | None:
        date = settings.read_date(entries)
        if date and year and date <= datetime.date(year, 12, 31):
            values = {"日期": date.isoformat(), "年度": year}
            entries.report("date-before-year-end", "成文日期", values)
        return date

    def _read_previous(self, entries: settings.Entries, form: Form, year: int) -> Reading | None:
        name = entries.text("上年")
        if given := self._given_previous:
            title = given.report.title if given.report else name
            return self._told(given, entries, {"文件": title}, advice="given")
        if not name:
            return None
        path = shortened_path(self._origin.folder / name)
        if path.name == DATA_FILE:  # a file of last year's folder stands for the folder
            path = path.parent
        if self._read_file and not is_folder(path) and lexists(path):
            try:
                reading = self._read_file(path, self._library.forms(form.report), year - 1)
            except ValueError as error:
                values = {"文件": name, "原因": error}
                entries.report("previous-unreadable", "上年", values, wording="file")
                return None
            self._told_of_file = reading.diagnostics
            return reading
        if not is_folder(path):
            entries.report("previous-unreadable", "上年", {"文件": name})
            return None
        try:
            reading = read_folder(
                path,
                self._library,
                follow_previous=False,
                read_word=self._read_word,
                cache=self._cache,
            )
        except (EnvironmentProblem, TemplateError) as problem:  # its own templates, mostly
            values = {"文件": name, "原因": str(problem).replace(str(path), name)}
            entries.report("previous-unreadable", "上年", values, wording="file")
            return None
        return self._told(reading, entries, {"文件": name, "目录": path})

    def _told(
        self,
        previous: Reading,
        entries: settings.Entries,
        values: ReadOnly[str, object],
        advice: str = "",
    ) -> Reading:
        """Return *previous*, last year's report, after reporting that it has errors."""
        if previous.report is None or has_errors(previous.diagnostics):
            finding = Finding("previous-has-errors", entries.span("上年"), values, advice=advice)
            self.found.append(finding)
        return previous

    def _missing_key(self, key: str) -> None:
        self.found.append(Finding("missing-key", self._source.span(0, 0), {"项": key}))


def _unjudged(typed: Quantity | None) -> Quantity:
    """Return the number *typed*, if any, as one from which nothing is concluded."""
    return replace(typed or Quantity(None), invalid=True)
