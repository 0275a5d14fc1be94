"""The keys of ``report.yaml`` that every kind of report has: organ, year, form, dates, contact."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from msgspec import Struct, field

from reportgen.diagnostics import Finding
from reportgen.forms import Edition, Form, Library, nearest_key, normalise_key, parse_date
from reportgen.heading_numbers import parse_number
from reportgen.located import Mapping, Node, Scalar, Sequence
from reportgen.model import ORIGINAL_PICTURES, Acceptance
from reportgen.readers.tables import duplicate_key, unknown_key
from reportgen.source import Place, Span
from reportgen.text import Run

AUTOMATIC = "自动"
MISSING_IS_ERROR, MISSING_IS_ZERO = MISSING_CHOICES = "报错", "0"
REDUCED_PICTURES = "缩小"
PICTURE_CHOICES = REDUCED_PICTURES, ORIGINAL_PICTURES
PREVIOUS_KEY = "上年"
KEYS = (
    "单位", "年度", "报告", "标题", "类型", "版式", "联系方式", "成文日期", PREVIOUS_KEY, "缺省",
    "正文", "图片", "检查", "附件", "附注",
)  # fmt: skip
REQUIRED_KEYS = "单位", "年度"
_YEARS = range(1990, 2100)
_TYPED_NUMBERS = ("1.", "1、")
_MARKS = "。；，、.;,"
_ATTACHMENT_LABEL = re.compile(r"附件\s?\d{0,3}\s?[:：]\s?")
_NEXT_NUMBER = re.compile(r"[\s；;，,、]\d{1,2}[.．、]\s*(?=[^\d\s])")
"""The number of a further name in the same line."""
_BRACKETED = re.compile(r"[（(]([^（()）]*)[)）]")
_CUT = re.compile(r"^[ \t]+(#[^\s#](?:.*\S)?)\s*$")


class Entries(Struct):
    """The top level of ``report.yaml``: nodes by canonical key, and where each key stands.

    Problems gather in ``found``.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    def text(self, key: str) -> str:
        """Return the text under *key*, empty when absent; a list or mapping is a finding."""
        node = self.nodes.get(key)
        if node is None:
            return ""
        if isinstance(node, Scalar):
            return node.text.strip()
        self.report("wrong-type", key, {"项": key}, wording="text")
        return ""

    def is_blank(self, key: str) -> bool:
        """Return whether *key* is absent or has nothing behind it."""
        node = self.nodes.get(key)
        return node is None or (isinstance(node, Scalar) and not node.text.strip())

    def span(self, key: str) -> Span | None:
        """Return where the value of *key* stands, None when absent."""
        node = self.nodes.get(key)
        return node.span if node else None

    def report(
        self,
        slug: str,
        key: str,
        values: ReadOnly[str, object],
        *,
        wording: str = "",
        advice: str = "",
    ) -> None:
        """Report that the value of *key* breaks the rule *slug*."""
        finding = Finding(slug, self.span(key), values, wording=wording, advice=advice)
        self.found.append(finding)


def read_entries(root: Mapping, known: tuple[str, ...], where: str | None = "") -> Entries:
    """Return the entries of *root* by canonical key; a key not in *known* is a finding.

    *where* is the key that *root* stands under, empty at the top; without it such keys are
    passed over.
    """
    canonical = {normalise_key(key): key for key in known}
    entries = Entries()
    for key, node in root.items:
        name = canonical.get(normalise_key(key.text))
        if name is None:
            if where is not None:
                entries.found.append(unknown_key(key, list(known), where))
        elif name in entries.nodes:
            entries.found.append(duplicate_key(key, entries.spans[name]))
        else:
            entries.nodes[name] = node
            entries.spans[name] = key.span
    return entries


def read_year(entries: Entries) -> int | None:
    """Return 年度, None when it is missing or no year."""
    text = (
        unicodedata.normalize("NFKC", entries.text("年度")).removesuffix("年度").removesuffix("年")
    )
    if text.isdecimal() and len(text) == 4 and int(text) in _YEARS:
        return int(text)
    if text:  # a blank is told as one that was not filled in
        entries.report("not-a-number", "年度", {"原文": text}, wording="year")
    return None


def read_date(entries: Entries) -> datetime.date | None:
    """Return 成文日期; a date that does not exist is a finding."""
    text = entries.text("成文日期")
    date = parse_date(text)
    if text and date is None:
        entries.report("bad-date", "成文日期", {"原文": text})
    return date


def read_choice(entries: Entries, key: str, choices: tuple[str, ...]) -> str:
    """Return the value of *key*, one of *choices*; the first is the default."""
    text = entries.text(key)
    if not text:
        return choices[0]
    found = {normalise_key(choice): choice for choice in choices}.get(normalise_key(text))
    if found:
        return found
    near = nearest_key(text, choices)
    values = {"项": key, "原文": text, "相近": near, "各项": "、".join(choices)}
    entries.report("bad-choice", key, values, advice="similar" if near else "listed")
    return choices[0]


def keeps_pictures(entries: Entries) -> bool:
    """Return whether photographs are to keep all their pixels."""
    return read_choice(entries, "图片", PICTURE_CHOICES) == ORIGINAL_PICTURES


def read_contact(entries: Entries, form: Form) -> dict[str, str]:
    """Return 联系方式 by the form's keys; other keys are findings.

    Where each value stands is kept in *entries* as ``联系方式/电话``.
    """
    node = entries.nodes.get("联系方式")
    if node is None or (isinstance(node, Scalar) and not node.text):
        return {}
    if not isinstance(node, Mapping):
        entries.report("wrong-type", "联系方式", {"项": "联系方式"}, wording="contact")
        return {}
    inner = read_entries(node, form.contact_keys, "联系方式")
    contact = {key: inner.text(key) for key in inner.nodes}
    report_cut_values(inner, tuple(inner.nodes))
    entries.found.extend(inner.found)
    entries.spans |= {f"联系方式/{key}": inner.nodes[key].span for key in contact}
    return {key: text for key, text in contact.items() if text}


def read_attachments(entries: Entries) -> tuple[Run, ...]:
    """Return the names under 附件, one or a list, without the numbers typed before them.

    A mark behind a name is a finding (GB/T 9704-2012, 7.3.4), and what would be printed twice.
    """
    node = entries.nodes.get("附件")
    items = node.items if isinstance(node, Sequence) else [node] if node else []
    if not all(isinstance(item, Scalar) for item in items):
        entries.report("wrong-type", "附件", {"项": "附件"}, wording="names")
        return ()
    names = []
    for item in (item for item in items if isinstance(item, Scalar)):
        text = _single_line(item.text)
        typed = parse_number(text)
        name = typed.rest if typed.style in _TYPED_NUMBERS else text
        entries.found.extend(_about_attachment(name, item.span))
        if name:
            names.append(Run(name, span=item.span))
    return tuple(names)


def _about_attachment(name: str, span: Span) -> Iterator[Finding]:
    if label := _ATTACHMENT_LABEL.match(name):
        yield Finding("attachment-mark", span, {"名称": name, "标点": label[0]}, wording="label")
    if _NEXT_NUMBER.search(name):
        yield Finding("attachment-mark", span, {"名称": name}, wording="several")
    if name and (bare := name.rstrip(_MARKS)) != name:
        values = {"名称": name, "标点": name[len(bare) :]}
        yield Finding("attachment-mark", span, values)


def read_remark(entries: Entries) -> Run | None:
    """Return 附注 without the brackets that it is printed in; None when there is none."""
    text = _single_line(entries.text("附注"))
    inner = _BRACKETED.fullmatch(text)
    text = inner[1] if inner else text
    return Run(text, span=entries.span("附注")) if text else None


def _single_line(text: str) -> str:
    return " ".join(text.split())


def report_cut_values(entries: Entries, keys: tuple[str, ...]) -> None:
    """Report each value of *keys* behind which a remark begins right at its ``#``.

    In ``示例路1号 #2楼`` YAML reads a remark from the ``#`` on, though it may be part of the
    address; a remark meant as one has a blank behind the ``#``.
    """
    for key in keys:
        node = entries.nodes.get(key)
        if not isinstance(node, Scalar) or node.quoted:
            continue
        rest = node.span.source.line_text(node.span.line)[node.span.column - 1 :]
        if found := _CUT.search(rest.removeprefix(node.text)):
            entries.report("comment-cuts-value", key, {"项": key, "原文": found[1]})


class FormChoice(Struct, frozen=True):
    """The forms a report may have been written in, the one to use first.

    ``wrong`` is the finding when the author names a form that is not in force: then
    the one named is an alternative, since the tables may follow either.
    """

    candidates: tuple[Form, ...]
    wrong: Finding | None = None


def choose_form(entries: Entries, library: Library, year: int | None) -> FormChoice | None:
    """Return the form to read the report with; None when no kind of report matches."""
    kinds = library.report_kinds()
    name = entries.text("报告") or library.default_kind()
    report = kinds.get(name)
    if report is None:
        known = "、".join(kinds)
        values = {"报告": entries.text("报告"), "各报告": known}
        entries.report("unknown-report", "报告", values)
        return None
    forms = library.editions(report)  # only what is chosen is loaded whole
    if not forms:
        entries.report("no-form", "报告", {"报告": name}, wording="no-forms")
        return None
    fitting = [form for form in forms if year is not None and form.in_force(year)]
    fitting.sort(key=lambda form: (-form.first_year, form.id))
    if year is not None and not fitting:
        first = min(form.first_year for form in forms)
        entries.report("no-form", "年度", {"年度": year, "首年": first}, advice="first-year")
    best = fitting[0] if fitting else forms[-1]
    wanted = entries.text("版式")
    if not wanted or wanted == AUTOMATIC:
        return _choice(library, best)
    chosen = next((form for form in forms if form.id == wanted), None)
    if chosen is None:
        known = "、".join([AUTOMATIC, *(form.id for form in forms)])
        entries.report("bad-choice", "版式", {"原文": wanted, "各项": known}, wording="form")
        return _choice(library, best)
    if year is None or not fitting or chosen in fitting:
        return _choice(library, chosen)
    wrong = wrong_form(year, chosen, best, entries.span("版式"))
    return _choice(library, best, chosen, wrong=wrong)


def _choice(library: Library, *editions: Edition, wrong: Finding | None = None) -> FormChoice:
    return FormChoice(tuple(library.load(item.report, item.id) for item in editions), wrong)


def wrong_form(
    year: int, chosen: Edition, best: Edition, place: Place | None, wording: str = ""
) -> Finding:
    """Return the finding that *chosen* was filled in for *year*, when *best* is in force."""
    return Finding(
        "wrong-form",
        place,
        {"年度": year, "施行版式": best.id, "原文": chosen.id},
        wording=wording,
        expected=best.id,
        actual=chosen.id,
        basis=f"{best.basis}（{best.years}施行）",
    )


CHECKS_KEY = "检查"
ACCEPTANCE_KEYS = ("规则", "理由", "位置", "原文", "实为")


def read_accepted(entries: Entries) -> tuple[Acceptance, ...]:
    """Return the accepted findings; what is wrong with the way they are written is a finding."""
    node = entries.nodes.get(CHECKS_KEY)
    if node is None or (isinstance(node, Scalar) and not node.text):
        return ()
    return tuple(_acceptances(node, entries))


def _acceptances(node: Node, entries: Entries) -> Iterator[Acceptance]:
    for item in node.items if isinstance(node, Sequence) else (node,):
        if not isinstance(item, Mapping):
            entries.report("wrong-type", CHECKS_KEY, {"项": CHECKS_KEY}, wording="acceptances")
            return
        inner = read_entries(item, ACCEPTANCE_KEYS, CHECKS_KEY)
        values = {key: inner.text(key) for key in ACCEPTANCE_KEYS}
        entries.found.extend(inner.found)
        if values["规则"] and values["理由"]:
            yield Acceptance(
                values["规则"],
                values["理由"],
                values["位置"],
                values["原文"],
                values["实为"],
                item.span,
            )
        else:
            missing = "规则" if not values["规则"] else "理由"
            entries.report("acceptance-incomplete", CHECKS_KEY, {"项": missing})
