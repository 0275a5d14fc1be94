"""What the words of a part say together: what is counted, what was done, what is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from reportgen.checks.sentences.parts import Part
from reportgen.checks.sentences.tokens import JOIN, MONTH, OTHER, UNKNOWN, YEAR, Token
from reportgen.forms import Sentences

_MEANT = ("counted", "weak", "alike", "acts")
_LIMITS = ("asides", "than", "rise", "fall")
_WHOLE_YEAR = (1, 12)  # months that the year's own period begins or ends with


class Said(Struct, frozen=True):
    """What a part says of its number.

    ``counted`` is what is counted, several things when they are joined; ``explicit`` says
    that the part itself names it.  ``acts`` are what happened, ``others`` things that no
    cell counts.  ``late`` is a number of those done in time or not,
    ``each`` are the things counted and the acts in order, for numbers told of them one by one
    (分别); ``limited`` is a part told of something smaller or other, ``scoped`` one
    about some place or time only, which what follows may share.
    """

    counted: tuple[str, ...]
    explicit: bool
    acts: frozenset[str]
    others: frozenset[str]
    limited: bool
    scoped: bool
    late: bool
    each: tuple[tuple[str, str], ...]
    start: int
    """Where the words that count begin in the text, to quote them."""
    end: int


class Speaker(Struct, frozen=True):
    """What must be known to tell whose number is told: the year, the organ, the words."""

    sentences: Sentences
    year: int
    organ: str

    def act_of_year(self, token: Token) -> str:
        """Return the act that a year stands for; empty for this year or one farther off."""
        if token.value == self.year - 1:
            return self.sentences.last_year
        return self.sentences.next_year if token.value == self.year + 1 else ""


def said(part: Part, speaker: Speaker, named: Iterable[str]) -> Said | None:
    """Return what *part* says of its number, None when unknown words leave it open.

    *named* is what the text has named before, for words that stand for it again.
    """
    named = frozenset(named)
    part = replace(part, before=tuple(_resolved(part.before, named)))
    tail, open_end = _tail(part)
    topics = [i for i, t in enumerate(part.before) if _is_topic(t, named)]
    behind = _topics_behind(tail, named)
    if (
        behind
        and behind[0].role == "counted"
        and all(part.before[i].role == "weak" for i in topics)
    ):
        topics = []  # 因政府信息公开引发的3件行政复议
    elif topics:
        behind = []
    if not _is_understood(part.before, topics, named):
        return None
    explicit = bool(topics or behind)
    if not explicit and (open_end or any(map(_is_unknown, part.before))):
        return None
    counted = _joined(part.before, topics) if topics else tuple(t.name for t in behind)
    if topics and any(t.role == "counted" and t.name not in counted for t in tail):
        return None
    words = (*part.before, *tail)
    return _gathered(part, words, speaker, counted, explicit)


def _resolved(words: Iterable[Token], named: frozenset[str]) -> Iterator[Token]:
    """Yield *words*; one that stands for what was named before is unknown when nothing was."""
    for token in words:
        is_lost = token.role == "alike" and token.name not in named
        yield replace(token, role=UNKNOWN) if is_lost else token


def _tail(part: Part) -> tuple[tuple[Token, ...], bool]:
    """Return the words behind the number that tell of it, and whether unknown ones come first.

    Where it was told before what happened, 均 and the like begin a thought of their own.
    """
    told = any(t.role == "acts" for t in part.before)
    tail = tuple(
        takewhile(
            lambda t: not _is_unknown(t) and not (told and t.role == "predicates"), part.after
        )
    )
    open_end = not tail and bool(part.after) and _is_unknown(part.after[0])
    return tail, open_end


def _is_unknown(token: Token) -> bool:
    return token.role in (UNKNOWN, OTHER, "others")


def _is_topic(token: Token, named: frozenset[str]) -> bool:
    return token.role in ("counted", "weak") or (token.role == "alike" and token.name in named)


def _topics_behind(tail: Sequence[Token], named: frozenset[str]) -> list[Token]:
    """Return what is counted when it follows the number at once: 8份申请."""
    rest = list(tail)
    while rest and rest[0].role == "fillers":
        rest.pop(0)
    return rest[:1] if rest and _is_topic(rest[0], named) else []


def _is_understood(before: Sequence[Token], topics: list[int], named: frozenset[str]) -> bool:
    """Return whether the words before a number are known as far as they matter.

    Between the last telling word and the number all are; a word that counts only next to
    the number (weak) follows a known one; and where a cause is told, it is known too.
    """
    telling = [i for i, t in enumerate(before) if t.role in _MEANT]
    last = telling[-1] if telling else -1
    if any(map(_is_unknown, before[last + 1 :])):
        return False
    if any(t.role == "causes" for t in before) and any(t.role == UNKNOWN for t in before):
        return False
    nearest = topics[-1] if topics else -1
    if nearest > 0 and before[nearest].role == "weak":
        return not _is_unknown(before[nearest - 1])
    return True


def _joined(before: Sequence[Token], topics: list[int]) -> tuple[str, ...]:
    """Return what the last topic counts, with the topics joined to it by 、 or 和."""
    found = [before[topics[-1]].name]
    for earlier, later in zip(topics[-2::-1], topics[:0:-1], strict=True):
        between = before[earlier + 1 : later]
        if not any(t.role == JOIN for t in between) or any(map(_is_unknown, between)):
            break
        if before[earlier].name not in found and before[earlier].role == "counted":
            found.append(before[earlier].name)
    return tuple(found)


def _gathered(
    part: Part, words: Sequence[Token], speaker: Speaker, counted: tuple[str, ...], explicit: bool
) -> Said:
    acts = {t.name for t in words if t.role == "acts"}
    years = [t for t in words if t.role == YEAR]
    acts.update(filter(None, map(speaker.act_of_year, years)))
    far = [t for t in years if t.value != speaker.year and not speaker.act_of_year(t)]
    limits = [t for t in words if t.role in _LIMITS]
    months = any(t.role == MONTH and is_partial(t) for t in words)
    first_act = next((i for i, t in enumerate(words) if t.role == "acts"), None)
    kept = words if first_act is None or not explicit else words[first_act:]
    telling = [t for t in words if t.role == "acts" or (t.role in _MEANT and t.name in counted)]
    number = part.number
    start = _start(part, telling)
    ends = [t.after for t in (*words, *((number,) if number else ()))]
    return Said(
        counted,
        explicit,
        frozenset(acts),
        frozenset(t.text for t in kept if t.role == "others"),
        limited=bool(limits or far) or months,
        scoped=months or any(_is_scope(words, i, speaker) for i in range(len(words))),
        late=any(t.role == "late" for t in words),
        each=_one_by_one(part.before),
        start=start,
        end=max(ends, default=0),
    )


def is_partial(month: Token) -> bool:
    """Return whether *month* ends a period that is not the whole year."""
    return month.value not in _WHOLE_YEAR


def _one_by_one(before: Sequence[Token]) -> tuple[tuple[str, str], ...]:
    """Return what numbers told one by one (分别) are told of, as role and name, in order."""
    place = next((i for i, t in enumerate(before) if t.role == "respectively"), None)
    if place is None or not any(t.role == JOIN for t in before[:place]):
        return ()
    counted = [t for t in before[:place] if t.role == "counted"]
    acts = [t for t in before[:place] if t.role == "acts"]
    chosen = counted if len(counted) > len(acts) else acts
    return tuple((t.role, t.name) for t in chosen) if len(chosen) > 1 else ()


def _start(part: Part, telling: Sequence[Token]) -> int:
    if telling:
        return min(t.start for t in telling)
    return part.number.start if part.number else part.before[0].start


def _is_scope(words: Sequence[Token], index: int, speaker: Speaker) -> bool:
    """Return whether the word at *index* limits what is told to a place that is not the organ's."""
    token = words[index]
    if token.role != "scopes" or token.text in speaker.organ:
        return False
    return not (index and words[index - 1].role == "wholes" and len(words[index - 1].text) == 1)
