"""What the words of a part say together: what is counted, what was done, what is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reportgen.checks.sentences.parts import SentencePart
from reportgen.checks.sentences.tokens import JOIN, MONTH, OTHER, UNKNOWN, YEAR, Token
from reportgen.forms import Sentences

_TOPICS = ("counted", "weak", "alike")
_MEANT = (*_TOPICS, "acts")
_LIMITS = ("asides", "than", "rise", "fall")
_WHOLE_YEAR = (1, 12)  # months that the year's own period begins or ends with


class Said(Struct, frozen=True):
    """What a part says of its number."""

    counted: tuple[str, ...]
    """What is counted; several things when they are joined."""
    explicit: bool
    """Whether the part itself names it."""
    acts: frozenset[str]
    """What happened, and in which year when that is last or next year."""
    amount: frozenset[str]
    """What a word for an amount (总量) stands for where nothing is said to have happened."""
    others: frozenset[str]
    """Words for things that no cell counts."""
    limited: bool
    """Whether it is about a part or something else: a channel, a difference, another year."""
    scoped: bool
    """Whether it is about some place or time only, which may also apply to what follows."""
    late: bool
    """Whether only those done in time, or not in time, are counted."""
    each: tuple[tuple[str, str], ...]
    """Things counted, or acts, as role and name, which have one number each (分别)."""
    start: int
    """Where the words that count begin in the text, to quote them."""
    end: int


class Speaker(Struct, frozen=True):
    """What decides whose number it is: the year, the organ, the words."""

    sentences: Sentences
    year: int
    organ: str

    def act_of_year(self, token: Token) -> str:
        """Return the act that a year stands for; empty for this year or one farther off."""
        if token.value == self.year - 1:
            return self.sentences.last_year
        return self.sentences.next_year if token.value == self.year + 1 else ""


def said(part: SentencePart, speaker: Speaker, named: Iterable[str]) -> Said | None:
    """Return what *part* says of its number, None when unknown words leave it open.

    *named* is what the text has named before, for words that stand for it again.
    """
    part = _resolved(part, frozenset(named))
    before = part.before
    tail, open_end = _tail(part)
    topics = [i for i, token in enumerate(before) if token.role in _TOPICS]
    behind = _topic_behind(tail)
    if behind and behind.role == "counted" and all(before[i].role == "weak" for i in topics):
        topics = []  # 因政府信息公开引发的3件行政复议
    if not _is_understood(before, topics):
        return None
    explicit = bool(topics or behind)
    if not explicit and (open_end or any(map(_is_unknown, before))):
        return None
    counted = _joined(before, topics) if topics else (behind.name,) if behind else ()
    if topics and any(t.role == "counted" and t.name not in counted for t in tail):
        return None
    return _gathered(part, (*before, *tail), speaker, counted, explicit)


def _resolved(part: SentencePart, named: frozenset[str]) -> SentencePart:
    """Return *part*; a word in it for what was named before is unknown when nothing was."""

    def resolved(words: Iterable[Token]) -> tuple[Token, ...]:
        return tuple(
            replace(t, role=UNKNOWN) if t.role == "alike" and t.name not in named else t
            for t in words
        )

    return replace(part, before=resolved(part.before), after=resolved(part.after))


def _tail(part: SentencePart) -> tuple[tuple[Token, ...], bool]:
    """Return the words after the number that belong to it, and whether unknown ones come first.

    Once the words say what happened, 均 and the like begin a new statement.  Before that, a cause
    may be told in any words (2件因征求意见转至下年), and so may the rules followed (按照《条例》).
    """
    tail: list[Token] = []
    told = any(t.role == "acts" for t in part.before)
    is_cause = False
    for token in part.after:
        is_cause = not told and (is_cause or token.role == "causes")
        if _is_unknown(token) and (is_cause or (tail and token.text[0] == "《")):
            continue
        if _is_unknown(token) or (told and token.role == "predicates"):
            break
        told = told or token.role == "acts"
        tail.append(token)
    open_end = not tail and bool(part.after) and _is_unknown(part.after[0])
    return tuple(tail), open_end


def _is_unknown(token: Token) -> bool:
    return token.role in (UNKNOWN, OTHER, "others")


def _topic_behind(tail: Sequence[Token]) -> Token | None:
    """Return what is counted when it follows the number: 8份申请, 46件现行有效规范性文件.

    Not when another thing follows: 2件引发行政复议的申请 counts requests.
    """
    telling = [token for token in tail if token.role not in ("fillers", "acts")]
    first = telling[0] if telling else None
    if first is None or first.role not in _TOPICS:
        return None
    others = [t for t in telling if t.role == "counted" and t.name != first.name]
    if first.role == "weak" and others:  # 3件政府信息公开行政复议
        return others[0] if len({t.name for t in others}) == 1 else None
    return first if not others or tail[0] is first else None


def _is_understood(before: Sequence[Token], topics: Sequence[int]) -> bool:
    """Return whether the words before a number are known as far as they matter.

    All those between the last relevant word and the number are known; a word that counts only
    next to the number (weak) follows a known one; and a cause, if there is one, is known too.
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


def _joined(before: Sequence[Token], topics: Sequence[int]) -> tuple[str, ...]:
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
    part: SentencePart,
    words: Sequence[Token],
    speaker: Speaker,
    counted: tuple[str, ...],
    explicit: bool,
) -> Said:
    acts = {t.name for t in words if t.role == "acts"}
    others = [t for t in words if t.role == YEAR and t.value != speaker.year]
    acts.update(filter(None, map(speaker.act_of_year, others)))
    is_far = any(not speaker.act_of_year(t) for t in others)
    limits = [t for t in words if t.role in _LIMITS]
    is_limited = bool(limits) and not (part.head is None and _are_all_ways(words, limits))
    months = any(t.role == MONTH and is_partial(t) for t in words)
    first_act = next((i for i, t in enumerate(words) if t.role == "acts"), None)
    kept = words if first_act is None or not explicit else words[first_act:]
    telling = [t for t in words if t.role == "acts" or (t.role in _MEANT and t.name in counted)]
    return Said(
        counted,
        explicit,
        frozenset(acts),
        _amount(words) if explicit and not acts else frozenset(),
        frozenset(t.text for t in kept if t.role == "others"),
        limited=is_limited or is_far or months,
        scoped=months or any(_is_scope(words, i, speaker) for i in range(len(words))),
        late=any(t.role == "late" for t in words),
        each=_one_by_one(part.before),
        start=_start(part, telling),
        end=max((t.after for t in words), default=0),
    )


def _amount(words: Iterable[Token]) -> frozenset[str]:
    """Return what words for an amount, the fillers with a name, stand for."""
    return frozenset(t.name for t in words if t.role == "fillers" and t.name)


def _are_all_ways(words: Sequence[Token], limits: Sequence[Token]) -> bool:
    """Return whether *limits* only list ways for example: 书面、网络等形式的申请."""
    if len(limits) < 2 or any(t.role != "asides" for t in limits):
        return False
    listed = words[words.index(limits[0]) : words.index(limits[-1])]
    behind = [t for t in words[words.index(limits[-1]) + 1 :] if t.role != "fillers"]
    return any(t.role == JOIN for t in listed) and bool(behind) and behind[0].role == "open"


def is_partial(month: Token) -> bool:
    """Return whether *month* ends a period that is not the whole year."""
    return month.value not in _WHOLE_YEAR


def _one_by_one(before: Sequence[Token]) -> tuple[tuple[str, str], ...]:
    """Return what the numbers listed one by one (分别) count, as role and name, in order."""
    place = next((i for i, t in enumerate(before) if t.role == "respectively"), None)
    if place is None or not any(t.role == JOIN for t in before[:place]):
        return ()
    counted = [t for t in before[:place] if t.role == "counted"]
    acts = [t for t in before[:place] if t.role == "acts"]
    chosen = counted if len(counted) > len(acts) else acts
    return tuple((t.role, t.name) for t in chosen) if len(chosen) > 1 else ()


def _start(part: SentencePart, telling: Sequence[Token]) -> int:
    if telling:
        return min(t.start for t in telling)
    return part.number.start if part.number else part.before[0].start


def _is_scope(words: Sequence[Token], index: int, speaker: Speaker) -> bool:
    """Return whether the word at *index* limits the number to a place that is not the organ's."""
    token = words[index]
    if token.role != "scopes" or token.text in speaker.organ:
        return False
    return not (index and words[index - 1].role == "wholes" and len(words[index - 1].text) == 1)
