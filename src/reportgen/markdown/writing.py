"""A narrative → Markdown that reads back as the same narrative.

Whatever a character means in Markdown or to placeholders, it is written so that it stands for
itself.  Typed numbers of headings are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from reportgen.heading_numbers import number_label
from reportgen.markdown.block_text import LANDSCAPE
from reportgen.markdown.charts import CHART
from reportgen.markdown.inline import escape_markdown
from reportgen.model import (
    Narrative,
    NarrativeBlock,
    NarrativeChart,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
)
from reportgen.styles import Align
from reportgen.text import LINE_FEED, Run, is_web_address, plain_text, unreachable

_BREAK = "<br>"
_JOINT = "<!-- -->"
"""Parts the stars of emphasis from what would change their meaning; it is read as nothing."""
_RULERS = {Align.LEFT: "---", Align.CENTER: ":-:", Align.RIGHT: "--:"}
_LIST_MARKERS = (("-", "*"), (".", ")"))
"""The markers of lists with bullets and with numbers; adjacent lists take different ones."""
_MOST_EMPHASES = 500
"""Stretches in bold or italics of one text; a text with more is written without."""
_GOES_ON = re.compile(r"[\d、．.]")
"""What would be read as part of the number of a heading right before it."""
_CLOSING = re.compile(r"(?<!\\)[#＃]$")
"""What ends the text of a heading unread."""
_NOTHING = re.compile("[\u200b\u200c\u2060\ufeff\xad\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]")
"""Characters that are not read."""
_ENTITIES = (
    re.compile(r"＜(?=\s?[!！])"),  # what an input method makes of the marks of a comment
    re.compile(r"(?<=[-—–－])＞|(?<=[-—–－]\s)＞"),
    re.compile(r"^＃"),
)
"""Characters that mean something and that no backslash takes this from."""


def write_narrative(narrative: Narrative) -> str:
    """Return the text of a ``正文.md`` that reads back as *narrative*.

    What Markdown cannot say is left out: emphasis of blanks, links that lead nowhere.
    """
    parts = list(_stretch(narrative, narrative.opening))
    for section in narrative.sections:
        parts.append(_title(1, section.number, (Run(section.title),)))
        parts += _stretch(narrative, section.blocks)
    return "\n\n".join(parts) + "\n"


def _stretch(narrative: Narrative, blocks: Sequence[NarrativeBlock]) -> Iterator[str]:
    """Yield *blocks* and, behind them, the texts of their footnotes."""
    yield from _blocks(blocks)
    for number, footnote in narrative.footnotes_of(blocks):
        yield f"{_footnote(number)}: {_line(footnote.runs)}"


def _footnote(number: int) -> str:
    return f"[^{number}]"


def _blocks(blocks: Sequence[NarrativeBlock]) -> Iterator[str]:
    choice = 0
    before: NarrativeBlock | None = None
    for block in blocks:
        is_next = isinstance(block, NarrativeList) and isinstance(before, NarrativeList)
        choice = 1 - choice if is_next else 0
        if text := _block(block, choice):
            yield text
            before = block


def _block(block: NarrativeBlock, choice: int) -> str:
    """Return *block*; *choice* (0 or 1) is which of two markers a list has."""
    if isinstance(block, NarrativeParagraph):
        return _line(block.runs)
    if isinstance(block, NarrativeHeading):
        return _title(block.level, block.number, block.runs)
    if isinstance(block, NarrativeList):
        return "\n".join(_items(block, choice))
    if isinstance(block, PictureGroup):
        return "\n".join(map(_picture, block.pictures))
    if isinstance(block, NarrativeChart):
        return f"```{CHART}\n{block.typed}\n```"
    if isinstance(block, NarrativeTable):
        return "\n".join(_table(block))
    return unreachable(block)


def _title(level: int, number: int | None, runs: tuple[Run, ...]) -> str:
    label = "" if number is None else number_label(level, number)
    if label and _GOES_ON.match(plain_text(runs)):
        label += " "
    text = _line(runs, Run(label) if label else None)
    return f"{'#' * level} {label}{_CLOSING.sub(_entity, text)}"


def _items(items: NarrativeList, choice: int) -> Iterator[str]:
    bullet, ending = (markers[choice] for markers in _LIST_MARKERS)
    for number, runs in enumerate(items.items, items.start or 0):
        yield f"{bullet if items.start is None else f'{number}{ending}'} {_line(runs)}"


def _table(table: NarrativeTable) -> Iterator[str]:
    yield _row([_line(cell) for cell in table.head])
    yield _row([_RULERS[align] for align in table.aligns])
    for row in table.rows:
        yield _row([_line(cell) for cell in row])
    if table.landscape:
        yield f"{{{LANDSCAPE}}}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _picture(picture: Picture) -> str:
    caption = "&amp;".join(map(_escaped, picture.caption.strip().split("&")))
    target = picture.target.replace("%", "%25").replace("&", "&amp;")
    if re.search(r"[()\"]", target):
        target = f"<{target}>"
    width = "" if picture.width is None else f"{{宽={picture.width * 100:g}%}}"
    return f"![{caption}]({target}){width}"


def _escaped(text: str) -> str:
    """Return *text* on one line, so that neither Markdown nor a placeholder is seen in it."""
    line = re.sub(
        r"[{}]|(?<=\{)[%#]|(?<=<)!|!$", r"\\\g<0>", escape_markdown(_NOTHING.sub("", text))
    )
    for pattern in _ENTITIES:
        line = pattern.sub(_entity, line)
    return line


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _address(link: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\\", "\\\\")):
        link = link.replace(char, entity)
    link = re.sub(r"[{}]", r"\\\g<0>", link)
    return f"<{link}>" if re.search(r"[()\s]", link) else link


def _line(runs: Sequence[Run], start: Run | None = None) -> str:
    """Return *runs* on one line, behind *start*, which is written already."""
    parts = list(_joined(runs))
    if sum(part.bold or part.italic for part in parts) > _MOST_EMPHASES:
        parts = [replace(part, bold=False, italic=False) for part in parts]
    neighbours = [start, *parts, None]
    return "".join(
        _written(part, before, after)
        for before, part, after in zip(neighbours, parts, neighbours[2:], strict=False)
    )


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield *runs* with neighbours that look alike as one, and no emphasis of blanks."""
    parts = _trimmed([part for run in runs for part in _without_blank_edges(run)])
    for (is_break, bold, italic, link, footnote), group in groupby(parts, key=_look):
        texts = [run.text for run in group]
        if is_break:
            yield from map(Run, texts)
        elif footnote:
            yield Run(texts[0], footnote=footnote)
        else:
            yield Run("".join(texts), bold, italic, link)


def _trimmed(parts: list[Run]) -> list[Run]:
    """Return *parts* without blanks and line breaks at both ends."""
    while parts and not parts[0].text.strip():
        del parts[0]
    while parts and not parts[-1].text.strip():
        del parts[-1]
    if parts:
        parts[0] = replace(parts[0], text=parts[0].text.lstrip())
        parts[-1] = replace(parts[-1], text=parts[-1].text.rstrip())
    return parts


def _look(run: Run) -> tuple[bool, bool, bool, str | None, int]:
    return run.text == LINE_FEED, run.bold, run.italic, run.link, run.footnote


def _without_blank_edges(run: Run) -> Iterator[Run]:
    """Yield *run*, the blanks at its ends without its looks, which nobody sees there."""
    if run.footnote:
        yield run
        return
    link = run.link if run.link and is_web_address(run.link) else None
    text = _NOTHING.sub("", run.text)
    inner = text.strip()
    if text == LINE_FEED or not (run.bold or run.italic or link):
        if text:
            yield Run(text)
        return
    before, _, after = text.partition(inner) if inner else (text, "", "")
    if before:
        yield Run(before)
    if inner:
        yield Run(inner, run.bold, run.italic, link)
    if after:
        yield Run(after)


def _written(run: Run, before: Run | None, after: Run | None) -> str:
    """Return *run* as it is written between its neighbours."""
    if run.text == LINE_FEED:
        return _BREAK
    if run.footnote:
        return _footnote(run.footnote)
    text = _escaped(run.text)
    if run.link:
        text = f"[{text}]({_address(run.link)})"
    stars = "*" * (2 * run.bold + run.italic)
    if not stars:
        return text
    left = _JOINT if before and _touches(run, before, before.text[-1]) else ""
    right = _JOINT if after and _touches(run, after, after.text[0]) else ""
    return f"{left}{stars}{text}{stars}{right}"


def _touches(run: Run, neighbour: Run, char: str) -> bool:
    """Return whether stars between *run* and *char*, the end of *neighbour*, are no emphasis.

    Stars touch other stars, or may be taken for a sign of multiplication.
    """
    if neighbour.text == LINE_FEED or char.isspace():
        return False
    return neighbour.bold or neighbour.italic or run.italic or char.isascii()
