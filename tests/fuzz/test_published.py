"""Any bytes as a published report give what was read or one sentence, never another exception."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from functools import cache, partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.findings_text import render_full
from reportgen.forms import canonical_data
from reportgen.markdown import read_narrative, write_narrative
from reportgen.model import Narrative, NarrativeParagraph
from reportgen.placeholders import render_text
from reportgen.published import read_bytes, read_word_text, recognise, why_unrecognised
from reportgen.source import SourceFile
from reportgen.text import Run
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, LIBRARY, quantities, report, zeros
from tests.visual.samples import build_sample

NAME = "rare-characters-2024"
FILL = partial(render_text, context={"年度": 2024})
RETIRED = LIBRARY.retired("disclosure")
MARKUP = [
    b"<table>", b"</table>", b"<td>", b"</td>", b"<tr>", b"<div>", b"</div>", b'rowspan="9"',
    b'colspan="999999"', b"<th", b"<img src=data:image/png;base64,!!", b"<!--", b"<br>", b"\xff",
    b"<script>", b"data-cell=", b"&#x0;", b"<caption>", b"|", b"\t", b"{", b"}", b'"', b":",
    b"null", b"<w:tbl>", b"</w:tbl>", b"<w:del>", b'<w:gridSpan w:val="-1"/>', b"<w:tc>",
    b"99999999999999", b'w:val="x"', b"<w:numPr>", b" R ", b"<<", b">>", b"stream", b"endobj",
    b"/Rotate 90", b"/Kids", b"{{ ", b" }}", b"{% if x %}", b"{% endif %}", b"*", b"#", b"![",
]  # fmt: skip

many = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


def check(data: bytes, suffix: str) -> None:
    try:
        found = read_bytes(data, "年报", suffix)
    except ValueError as error:
        assert any("\u4e00" <= char <= "\u9fff" for char in str(error)), repr(error)
        return
    check_text(read_word_text(found, report(), FORMS["2021"], FILL).narrative)
    read = recognise(found, list(FORMS.values()))
    if read is None:
        findings = [why_unrecognised(found, list(FORMS.values()), RETIRED)]
        rulebook = LIBRARY.rulebook()
    else:
        findings, rulebook = list(read.findings), read.form.rulebook
        assert read.report.cells.keys() == read.form.value_cells.keys()
        read.data()
        check_text(read.report.narrative)
    assert render_full(rulebook.word_all(findings)) or not findings


def check_text(narrative: Narrative) -> None:
    """Check that *narrative*, written as Markdown and read back, says the same."""
    read, _ = read_narrative(SourceFile("正文.md", write_narrative(narrative)), {})
    assert words(read) == words(narrative)


def words(narrative: Narrative) -> str:
    """Return the text of *narrative* without blanks and without characters that are not read.

    Letters and their accents are one character, as reading makes them.
    """
    texts = canonical_data(report(text=narrative), FORMS["2021"])["正文"]
    assert isinstance(texts, dict)
    whole = unicodedata.normalize("NFC", "".join(texts.values()))
    return "".join(char for char in whole if not char.isspace() and char.isprintable())


@cache
def sound(kind: str) -> bytes:
    if kind == "xlsx":
        return fill_workbook(FORMS["2021"], quantities(zeros("2021")))
    if kind == "md":
        return "# 一、总体情况\n\n规章 | 1 | 2 | 3\n行政规范性文件|4|5|6\n".encode()
    return build_sample(NAME, kind)


def damaged(data: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    made = bytearray(data)
    for place, piece in changes:
        at = place % (len(made) + 1)
        made[at : at + len(piece)] = piece
    return bytes(made)


PARTS = ("document.xml", "sheet1.xml", "numbering.xml", "Document.xml", "Res.xml", "Content.xml")


def repacked(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return the package *data* with its XML changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(stream, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            is_text = entry.filename.endswith(PARTS)
            after.writestr(entry.filename, change(content) if is_text else content)
    return stream.getvalue()


pieces = st.one_of(st.sampled_from(MARKUP), st.binary(min_size=1, max_size=8))
changes = st.lists(st.tuples(st.integers(0, 10_000_000), pieces), max_size=12)


@pytest.mark.parametrize(
    "suffix", [".html", ".json", ".md", ".txt", ".pdf", ".ofd", ".docx", ".xlsx"]
)
@given(data=st.binary(max_size=300))
@many
def test_any_bytes(suffix: str, data: bytes) -> None:
    check(data, suffix)


@pytest.mark.parametrize("kind", ["html", "json", "md", "ofd", "docx", "xlsx"])
@given(where=changes)
@many
def test_damaged_bytes_of_a_sound_file(kind: str, where: list[tuple[int, bytes]]) -> None:
    check(damaged(sound(kind), where), f".{kind}")


@given(where=changes)
@few
def test_damaged_bytes_of_a_sound_pdf(where: list[tuple[int, bytes]]) -> None:
    check(damaged(sound("pdf"), where), ".pdf")


@pytest.mark.parametrize("kind", ["docx", "ofd", "xlsx"])
@given(where=changes)
@many
def test_damaged_parts_of_a_sound_package(kind: str, where: list[tuple[int, bytes]]) -> None:
    check(repacked(sound(kind), lambda content: damaged(content, where)), f".{kind}")


@pytest.mark.parametrize("text", ["{% for a in b %}c{% endfor %}", "{# 注 #}", "{{ 1 }}", "{%}}{#"])
def test_what_looks_like_a_placeholder_stays_text(text: str) -> None:
    narrative = Narrative((NarrativeParagraph((Run(f"一共{text}件。"),)),))
    check_text(narrative)
    _, found = read_narrative(SourceFile("正文.md", write_narrative(narrative)), {})
    assert not found
