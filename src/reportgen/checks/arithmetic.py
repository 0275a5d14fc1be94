"""Arithmetic inside a sentence: parts that add up to their total, per cents that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

from msgspec import Struct

from reportgen.checks.sentences import (
    COMMA,
    COUNT,
    JOIN,
    OPEN,
    OTHER,
    RATE,
    SEMICOLON,
    SentencePart,
    Token,
)
from reportgen.forms import Number, Sentences, agrees, growth_rate, share_rate

_FEWEST_PARTS = 3
_SELECTION = Decimal("0.5")
"""Parts whose sum is a smaller share of their total are taken for a selection."""
_ASIDE = ("than", "share", "rise", "fall")


class Breakdown(Struct, frozen=True):
    """A total and the parts listed for it.

    ``sure`` is how many parts surely belong to it: those before a semicolon.  ``complete``
    is a list that names all parts; ``places`` are those of its numbers.
    """

    total: Decimal
    parts: tuple[Decimal, ...]
    sure: int
    complete: bool
    places: frozenset[int]
    start: int
    end: int
    wording: str = ""
    """The words of the rule: ``told-before`` if the total stands behind its parts."""

    @property
    def is_wrong(self) -> bool:
        """Whether the parts cannot make the total: too much, or too little though all named.

        Parts of which the first make the total exactly are right: what follows is
        about something else.  So is a part greater than the total.
        """
        sums = list(accumulate(self.parts))
        if self.wording:
            return sums[-1] != self.total
        if self.total in sums[1:] or max(self.parts) > self.total:
            return False
        if sums[self.sure - 1] > self.total:
            return True
        if sums[-1] > self.total:
            return self.sure == len(self.parts)
        return self.complete and sums[-1] >= self.total * _SELECTION


def find_breakdowns(parts: Sequence[SentencePart], apart: frozenset[str]) -> Iterator[Breakdown]:
    """Yield the lists in *parts*, each with the total that it belongs to (其中).

    A part with one of the acts *apart* does not belong to a list.
    """
    lists: dict[int, list[int]] = {}
    for place, part in enumerate(parts):
        if part.head is not None:
            lists.setdefault(part.head, []).append(place)
    for head in lists:
        found = _breakdown(parts, head, lists, apart)
        if found is not None:
            yield found


def find_totals(parts: Sequence[SentencePart], sentences: Sentences) -> Iterator[Breakdown]:
    """Yield the lists told one by one (分别为180元、550元) with the total behind them (共730元).

    The total names nothing of its own, unless it is an amount of money.
    """
    for start, part in enumerate(parts):
        if any(token.role == "respectively" for token in part.words):
            behind = range(start + 1, len(parts))
            end = next((at for at in behind if _is_total(parts[at], sentences)), start)
            if parts[end].sentence == part.sentence and (found := _told(parts, start, end)):
                yield found


def _is_total(part: SentencePart, sentences: Sentences) -> bool:
    if part.number is None or not part.before:
        return False
    is_sum = part.before[0].text.startswith(sentences.amount_words)
    return is_sum and (
        part.number.name in sentences.money or all(t.role == "fillers" for t in part.before)
    )


def _told(parts: Sequence[SentencePart], start: int, end: int) -> Breakdown | None:
    """Return the list from *start* with its total at *end*, as far as it has the same unit."""
    total = parts[end].number
    numbers = {
        place: number
        for place in range(start, end)
        if (number := parts[place].number) and total and number.name == total.name
    }
    if total is None or len(numbers) < 2 or any(n.vague for n in (*numbers.values(), total)):
        return None
    first = next(iter(numbers.values()))
    values = tuple(number.value for number in numbers.values())
    places = frozenset((*numbers, end))
    return Breakdown(
        total.value, values, len(values), True, places, first.start, total.after, "told-before"
    )


def _breakdown(
    parts: Sequence[SentencePart],
    head: int,
    lists: Mapping[int, Sequence[int]],
    apart: frozenset[str],
) -> Breakdown | None:
    """Return the list told for the number at *head*; *lists* has the members of every list."""
    total = parts[head].number
    if total is None or total.vague:
        return None
    listed, complete, sure = _listed(parts, total, lists[head], apart)
    complete = complete and not any(place in lists for place in listed)
    if len(listed) < 2:
        return None
    numbers = [number for place in listed if (number := parts[place].number)]
    return Breakdown(
        total.value,
        tuple(number.value for number in numbers),
        sure,
        complete and len(numbers) >= _FEWEST_PARTS,
        frozenset((head, *listed)),
        total.start,
        numbers[-1].after,
    )


def _listed(
    parts: Sequence[SentencePart], total: Token, members: Sequence[int], apart: frozenset[str]
) -> tuple[list[int], bool, int]:
    """Return the places of the numbers listed for *total*, whether they are all, and how many
    stand before the first semicolon.
    """  # noqa: D205 - one sentence over two lines
    listed: list[int] = []
    complete, sure = True, 0
    depth = parts[members[0]].depth
    for place in members:
        part = parts[place]
        if part.depth > depth or (part.number is None and not part.words):
            continue
        if part.number is not None and part.number.role == RATE:
            continue
        if part.number is None and not listed:
            continue
        if not _continues(parts, part, total, listed, apart):
            complete = False
            break
        if part.lead == SEMICOLON and listed and not sure:
            sure = len(listed)
        complete = complete and not _is_open(part)
        listed.append(place)
    if _is_parted_by_semicolons([parts[place] for place in listed[1:]]):
        sure = 0
    return listed, complete, sure or len(listed)


def _is_parted_by_semicolons(later: Sequence[SentencePart]) -> bool:
    """Return whether *later*, all members of a list but the first, only name further things.

    In 其中：网站60条；公众号40条；报刊20条 the semicolons part the members.  In 其中自然人10件；
    办结14件；结转1件 something else is told behind them: what was done.
    """
    return len(later) > 1 and all(
        part.lead == SEMICOLON and all(t.role != "acts" for t in part.words) for part in later
    )


def _continues(
    parts: Sequence[SentencePart],
    part: SentencePart,
    total: Token,
    listed: Sequence[int],
    apart: frozenset[str],
) -> bool:
    """Return whether *part* continues the list: it has its unit and is joined as the others."""
    number = part.number
    if number is None or number.name != total.name or number.vague:
        return False
    if any(t.role in _ASIDE or t.name in apart for t in part.words):
        return False
    if len(listed) > 1 and parts[listed[1]].lead == JOIN and part.lead == COMMA:
        return False
    return bool(part.before) or not listed


def _is_open(part: SentencePart) -> bool:
    """Return whether the list is incomplete (等), or has a part that is not a plain number."""
    return any(t.role in ("open", "within", "about", OTHER) for t in part.words)


class Rate(Struct, frozen=True):
    """A per cent that its sentence contradicts: as printed, as it should be, and where."""

    printed: str
    exact: str
    place: tuple[int, int]
    start: int
    end: int


def find_shares(
    parts: Sequence[SentencePart],
    bases: Callable[[int], Sequence[Number]],
    wrong: frozenset[int],
) -> Iterator[Rate]:
    """Yield the shares (占…%) that fit none of the totals they may refer to.

    *bases* returns further totals for the number at a place; numbers at the places
    *wrong* are not judged.
    """
    for place, part in enumerate(parts[1:], 1):
        owner = _owner(parts, place)
        if owner is None or owner in wrong or not _is_share(part):
            continue
        number, rate = parts[owner].number, part.number
        if number is None or rate is None or rate.vague:
            continue
        head = parts[owner].head
        whole = parts[head].number if head is not None and head not in wrong else None
        listed = [whole.value] if whole and whole.name == number.name else []
        certain = [base for base in (*listed, *bases(owner)) if base]
        shares = list(_shares(number, certain, parts, owner))
        if not certain or any(agrees(rate.text, share) for share in shares):
            continue
        exact = f"{shares[0]:.2f}%"
        start = whole.start if whole and listed else _first(part).start
        yield Rate(rate.text, exact, (rate.start, rate.end), start, rate.after)


def _owner(parts: Sequence[SentencePart], place: int) -> int | None:
    """Return the place of the number right before the rate at *place*, None without one."""
    part, before = parts[place], parts[place - 1]
    if part.number is None or part.number.role != RATE:
        return None
    if before.number is None or before.number.role != COUNT or before.number.vague:
        return None
    return place - 1 if part.lead in (COMMA, JOIN, OPEN, "") else None


def _is_share(part: SentencePart) -> bool:
    """Return whether the rate of *part* is called a share, or is alone in brackets."""
    told = [t for t in part.before if t.role != "fillers"]
    if not told:
        return part.lead == OPEN and not part.after
    return told[0].role == "share" and not any(t.role in ("rise", "fall", "than") for t in told)


def _first(part: SentencePart) -> Token:
    found = (*part.before, part.number)[0]
    if found is None:
        raise AssertionError(part)
    return found


_MOST_BEFORE = 300
"""The parts before a number that may tell what it is a share of."""


def _shares(
    number: Token, certain: Sequence[Number], parts: Sequence[SentencePart], owner: int
) -> Iterator[Decimal]:
    """Return every share that the number may have: of the certain wholes, and of any before it."""
    before = [
        found.value
        for part in parts[max(0, owner - _MOST_BEFORE) : owner]
        if (found := part.number) and found.role == COUNT and found.name == number.name
    ]
    rates = (share_rate(number.value, base) for base in (*certain, *before))
    return (rate for rate in rates if rate is not None)


def find_growths(
    parts: Sequence[SentencePart],
    last_year: Callable[[int], Number | None],
    wrong: frozenset[int],
) -> Iterator[Rate]:
    """Yield the growth rates that contradict last year's number.

    It is stated in the sentence, or returned by *last_year* for the number at a place.
    """
    for place, part in enumerate(parts[1:], 1):
        rate, direction = part.number, _direction(part)
        if rate is None or rate.role != RATE or rate.vague or not direction:
            continue
        owner, before = _compared(parts, place, last_year)
        now = parts[owner].number if owner is not None else None
        if now is None or owner in wrong or before is None or now.vague:
            continue
        growth = growth_rate(now.value, before)
        exact = growth and growth * direction
        if exact is not None and not agrees(rate.text, exact):
            start = now.start if parts[place - 1] is not parts[owner or 0] else _first(part).start
            yield Rate(rate.text, f"{exact:.2f}%", (rate.start, rate.end), start, rate.after)


def _direction(part: SentencePart) -> int:
    """Return 1 for a rise, -1 for a fall, 0 if the part mentions neither."""
    roles = {t.role for t in part.before}
    return 1 if "rise" in roles else -1 if "fall" in roles else 0


def _compared(
    parts: Sequence[SentencePart], place: int, last_year: Callable[[int], Number | None]
) -> tuple[int | None, Number | None]:
    """Return the place of this year's number and last year's, for the rate at *place*."""
    part, previous = parts[place], parts[place - 1]
    if previous.number is None or previous.number.role != COUNT:
        return None, None
    if any(t.role == "than" for t in part.before):
        return place - 1, last_year(place - 1)
    if part.lead == "" and place > 1 and any(t.role == "than" for t in previous.before):
        now = parts[place - 2].number
        if now and now.role == COUNT and now.name == previous.number.name:
            return place - 2, previous.number.value
    return None, None
