"""Two sequences of units → which of one stands for which of the other.

Units with the same key are anchors (the longest common stretches first, as in a text comparison).
Those that are equal but not in the same order were moved.  Between two anchors the most similar
ones of the others are paired in their order.  A paragraph that was parted, or paragraphs that were
joined, are paired as a whole: a file need not keep the breaks.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain, pairwise

from msgspec import Struct

from reportgen.compare.content import Passage, Row, RowCell, Unit, joined

SIMILAR = 0.5
"""The least similarity, 0 to 1, of two units that are taken for the same one."""
_SHORT = 12
"""Characters of a text that may be changed as a whole when it stands alone between two others."""
_LEAST_ALIKE = 0.15
_PART_ALIKE = 0.95
_MOST_PAIRS = 60_000
"""The most pairs of units between two anchors that are looked at: no report has so many."""
_MOST_EQUAL = 1_000_000
"""The most pairs of equal units that are looked at."""
_LABEL_WEIGHT = 4


class Counterparts(Struct, frozen=True):
    """Units of one sequence and those of the other that stand for them, by their numbers.

    One side is empty for what the other sequence does not have.  Mostly each side is one unit;
    several are consecutive paragraphs that together are one.
    """

    expected: tuple[int, ...]
    found: tuple[int, ...]


class Aligned(Struct, frozen=True):
    """Which units of one sequence stand for which of the other."""

    pairs: tuple[Counterparts, ...]
    """Everything in the order of both sequences; what was moved is alone at both its places."""
    moved: dict[int, int]
    """The units of the found sequence by those of the expected one that they are, moved."""


def align(expected: Sequence[Unit], found: Sequence[Unit]) -> Aligned:
    """Return which units of *expected* and *found* stand for each other."""
    keys = [unit.key for unit in expected], [unit.key for unit in found]
    changed = [code for code in opcodes(*keys, _MOST_EQUAL) if code[0] != "equal"]
    lost = chain.from_iterable(range(i1, i2) for _, i1, i2, _, _ in changed)
    extra = chain.from_iterable(range(j1, j2) for *_, j1, j2 in changed)
    moved = dict(_equal_ones(lost, extra, *keys))
    # What was moved must not be paired with what stands at its place now, however alike they are.
    left = [i for i in range(len(expected)) if i not in moved]
    here = frozenset(moved.values())
    there = [j for j in range(len(found)) if j not in here]
    made = _aligned([expected[i] for i in left], [found[j] for j in there])
    pairs = [
        Counterparts(tuple(left[i] for i in pair.expected), tuple(there[j] for j in pair.found))
        for pair in made
    ]
    return Aligned(tuple(_with_moved(pairs, sorted(moved), sorted(here))), moved)


def _equal_ones(
    lost: Iterable[int],
    extra: Iterable[int],
    expected: Sequence[Hashable],
    found: Sequence[Hashable],
) -> Iterator[tuple[int, int]]:
    """Yield the units *lost* beside those of *extra* with the same key, which is not empty."""
    places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for j in extra:
        places[found[j]].append(j)
    for i in lost:
        if expected[i] and places[expected[i]]:
            yield i, places[expected[i]].popleft()


def _with_moved(
    pairs: Sequence[Counterparts], gone: Sequence[int], here: Sequence[int]
) -> Iterator[Counterparts]:
    """Yield *pairs* with the units *gone* and those *here* at their places, each alone."""
    lost, new = deque(gone), deque(here)
    for pair in pairs:
        while lost and pair.expected and lost[0] < pair.expected[0]:
            yield Counterparts((lost.popleft(),), ())
        while new and pair.found and new[0] < pair.found[0]:
            yield Counterparts((), (new.popleft(),))
        yield pair
    yield from (Counterparts((i,), ()) for i in lost)
    yield from (Counterparts((), (j,)) for j in new)


def _aligned(expected: Sequence[Unit], found: Sequence[Unit]) -> list[Counterparts]:
    """Return the pairs of *expected* and *found*, in the order of both."""
    keys = [unit.key for unit in expected], [unit.key for unit in found]
    pairs: list[Counterparts] = []
    for tag, i1, i2, j1, j2 in opcodes(*keys, _MOST_EQUAL):
        if tag == "equal":
            pairs.extend(
                Counterparts((i,), (j,)) for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
            )
        else:
            pairs.extend(_Block(expected, found, range(i1, i2), range(j1, j2)).pairs())
    return pairs


def opcodes(
    one: Sequence[Hashable], other: Sequence[Hashable], most: int
) -> Sequence[tuple[str, int, int, int, int]]:
    """Return the opcodes of :mod:`difflib` that turn *one* into *other*.

    Looking for the longest equal stretches takes as many steps as there are pairs of equal items.
    If there are more than *most*, only what is equal at both ends counts as equal.
    """
    counts = Counter(one), Counter(other)
    if sum(count * counts[1][item] for item, count in counts[0].items()) <= most:
        return SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    shorter = min(len(one), len(other))
    start = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    i, j = len(one) - end, len(other) - end
    middle = "replace" if i > start < j else "delete" if i > start else "insert"
    found = [("equal", 0, start, 0, start), (middle, start, i, start, j)]
    found.append(("equal", i, len(one), j, len(other)))
    return [code for code in found if code[1] < code[2] or code[3] < code[4]]


class _Block:
    """Pairs the units between two anchors."""

    def __init__(
        self, expected: Sequence[Unit], found: Sequence[Unit], wanted: range, there: range
    ) -> None:
        self._expected, self._found = expected, found
        self._wanted, self._there = wanted, there

    def pairs(self) -> Iterator[Counterparts]:
        """Yield the pairs in order; what only one side has comes where it stands."""
        made = self._joined(self._paired()) if self._wanted and self._there else []
        after = (self._wanted.stop,), (self._there.stop,)
        i, j = self._wanted.start, self._there.start
        for pair in [*made, Counterparts(*after)]:
            yield from (Counterparts((k,), ()) for k in range(i, pair.expected[0]))
            yield from (Counterparts((), (k,)) for k in range(j, pair.found[0]))
            if pair.expected != after[0]:
                yield pair
            i, j = pair.expected[-1] + 1, pair.found[-1] + 1

    def _paired(self) -> list[Counterparts]:
        """Return the pairs of single units with the greatest similarity altogether."""
        wanted, there = self._wanted, self._there
        if len(wanted) * len(there) > _MOST_PAIRS:
            return []
        alike = [[self._alike(i, j) for j in there] for i in wanted]
        best = [[0.0] * (len(there) + 1) for _ in range(len(wanted) + 1)]
        for i in reversed(range(len(wanted))):
            for j in reversed(range(len(there))):
                both = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= SIMILAR else 0.0
                best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
        pairs = []
        i = j = 0
        while i < len(wanted) and j < len(there):
            if alike[i][j] >= SIMILAR and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
                pairs.append(Counterparts((wanted[i],), (there[j],)))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
        return pairs

    def _alike(self, i: int, j: int) -> float:
        one, other = self._expected[i], self._found[j]
        alike = similarity(one, other)
        if alike < SIMILAR and isinstance(one, Passage) and isinstance(other, Passage):
            return SIMILAR if _is_part(one.key, other.key) else alike
        return alike

    def _joined(self, pairs: list[Counterparts]) -> list[Counterparts]:
        """Return *pairs*, each with the paragraphs beside it that it is more alike with.

        A single unit left on each side of the same gap is a pair of its own, unless they have
        nothing in common.
        """
        pairs = self._with_lone(pairs)
        ends = Counterparts((self._wanted.start - 1,), (self._there.start - 1,))
        last = Counterparts((self._wanted.stop,), (self._there.stop,))
        grown = [ends, *pairs, last]
        for number in range(1, len(grown) - 1):
            before, after = grown[number - 1], grown[number + 1]
            grown[number] = self._grown(grown[number], before, after)
        return self._whole(grown[1:-1])

    def _with_lone(self, pairs: list[Counterparts]) -> list[Counterparts]:
        bounds = [
            Counterparts((self._wanted.start - 1,), (self._there.start - 1,)),
            *pairs,
            Counterparts((self._wanted.stop,), (self._there.stop,)),
        ]
        lone = []
        for before, after in pairwise(bounds):
            left = range(before.expected[-1] + 1, after.expected[0])
            right = range(before.found[-1] + 1, after.found[0])
            if len(left) == len(right) == 1 and self._may_be_one(left[0], right[0]):
                lone.append(Counterparts((left[0],), (right[0],)))
        return sorted([*pairs, *lone], key=lambda pair: pair.expected)

    def _may_be_one(self, i: int, j: int) -> bool:
        one, other = self._expected[i], self._found[j]
        if isinstance(one, Passage) and isinstance(other, Passage):
            is_short = len(one.key) <= _SHORT and len(other.key) <= _SHORT
            return is_short or similarity(one, other) >= _LEAST_ALIKE
        return isinstance(one, Row) and isinstance(other, Row)

    def _grown(self, pair: Counterparts, before: Counterparts, after: Counterparts) -> Counterparts:
        """Return *pair* with the free paragraphs on its sides that make it more alike."""
        if not self._are_texts(pair):
            return pair
        score = self._score(pair)
        is_growing = True
        while is_growing and score < 1:
            is_growing = False
            for wider in self._wider(pair, before, after):
                if self._are_texts(wider) and (grown := self._score(wider)) > score:
                    pair, score, is_growing = wider, grown, True
                    break
        return pair

    def _wider(
        self, pair: Counterparts, before: Counterparts, after: Counterparts
    ) -> Iterator[Counterparts]:
        if pair.found[-1] + 1 < after.found[0]:
            yield Counterparts(pair.expected, (*pair.found, pair.found[-1] + 1))
        if pair.found[0] - 1 > before.found[-1]:
            yield Counterparts(pair.expected, (pair.found[0] - 1, *pair.found))
        if pair.expected[-1] + 1 < after.expected[0]:
            yield Counterparts((*pair.expected, pair.expected[-1] + 1), pair.found)
        if pair.expected[0] - 1 > before.expected[-1]:
            yield Counterparts((pair.expected[0] - 1, *pair.expected), pair.found)

    def _are_texts(self, pair: Counterparts) -> bool:
        units = [self._expected[i] for i in pair.expected] + [self._found[j] for j in pair.found]
        return all(isinstance(unit, Passage) for unit in units)

    def _score(self, pair: Counterparts) -> float:
        return similarity(
            joined([t for i in pair.expected if isinstance(t := self._expected[i], Passage)]),
            joined([t for j in pair.found if isinstance(t := self._found[j], Passage)]),
        )

    def _whole(self, pairs: list[Counterparts]) -> list[Counterparts]:
        """Return *pairs*, or the whole block as one pair if its paragraphs say the same in all."""
        one = Counterparts(tuple(self._wanted), tuple(self._there))
        if self._are_texts(one) and self._score(one) == 1:
            return [one]
        return pairs


def similarity(one: Unit, other: Unit) -> float:
    """Return how much two units are alike: 1 if their keys are equal, 0 for two of other kinds."""
    if isinstance(one, Passage) and isinstance(other, Passage):
        return _text_similarity(one.key, other.key)
    if isinstance(one, Row) and isinstance(other, Row):
        return _row_similarity(one, other)
    return 0.0


def _text_similarity(one: str, other: str) -> float:
    """Return the share of characters and pairs of neighbours that both have; 1 only if equal."""
    if one == other:
        return 1.0
    length = len(one) + len(other)
    if not one or not other or 2 * min(len(one), len(other)) < _LEAST_ALIKE * length:
        return 0.0
    counts = _parts(one), _parts(other)
    common = (counts[0] & counts[1]).total()
    return min(0.999, 2 * common / (counts[0].total() + counts[1].total()))


def _is_part(one: str, other: str) -> bool:
    """Return whether the shorter text is, but for a few characters, a part of the longer one."""
    counts = _parts(one), _parts(other)
    least = min(counts[0].total(), counts[1].total())
    return min(len(one), len(other)) >= _SHORT and (
        (counts[0] & counts[1]).total() >= _PART_ALIKE * least
    )


@lru_cache(maxsize=1 << 10)
def _parts(text: str) -> Counter[str]:
    return Counter([*text, *(a + b for a, b in pairwise(text))])


def _row_similarity(one: Row, other: Row) -> float:
    """Return the share of equal cells, labels counting more, and of equal words in the labels."""
    if one.key == other.key:
        return 1.0
    labels = "".join(filter(_is_label, one.key)), "".join(filter(_is_label, other.key))
    repeated = {cell.key for cell in one.cells if cell.is_repeated}
    if repeated:
        labels = labels[0], "".join(k for k in other.key if _is_label(k) and k not in repeated)
    counts = Counter(one.key), Counter(other.key)
    common = (counts[0] & counts[1]).total()
    numbers = 2 * common / max(1, counts[0].total() + counts[1].total())
    if not labels[0] and not labels[1]:
        return min(0.999, numbers)
    words = _text_similarity(*labels)
    return min(0.999, (words * _LABEL_WEIGHT + numbers) / (_LABEL_WEIGHT + 1))


def _is_label(text: str) -> bool:
    return any(char.isalpha() for char in text)


_SKIPPED, _BLANKED, _CHANGED, _OTHER_KIND = 1.0, 0.6, 1.0, 1.5
"""The costs of cells that do not fit: left out, made blank, another text, a number for a word."""
_STRAY_BLANK = 0.1


def align_cells(expected: Row, found: Row) -> list[tuple[RowCell | None, RowCell | None]]:
    """Return the cells of *expected* beside those of *found*, with the fewest changes.

    A cell that began in a row above may be left out or blank on the other side; it is then
    returned beside None or not at all.
    """
    ours, theirs = expected.cells, found.cells
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in reversed(range(len(ours) + 1)):
        for j in reversed(range(len(theirs) + 1)):
            ways = []
            if i < len(ours):
                ways.append(_skipped(ours[i]) + best[i + 1][j])
            if j < len(theirs):
                ways.append(_put_in(theirs[j]) + best[i][j + 1])
            if i < len(ours) and j < len(theirs):
                ways.append(_cost(ours[i], theirs[j]) + best[i + 1][j + 1])
            best[i][j] = min(ways, default=0.0)
    return list(_beside(ours, theirs, best))


def _beside(
    ours: Sequence[RowCell], theirs: Sequence[RowCell], best: Sequence[Sequence[float]]
) -> Iterator[tuple[RowCell | None, RowCell | None]]:
    i = j = 0
    while i < len(ours) or j < len(theirs):
        if (
            i < len(ours)
            and j < len(theirs)
            and best[i][j] == _cost(ours[i], theirs[j]) + best[i + 1][j + 1]
        ):
            yield ours[i], theirs[j]
            i, j = i + 1, j + 1
        elif i < len(ours) and best[i][j] == _skipped(ours[i]) + best[i + 1][j]:
            yield ours[i], None
            i += 1
        else:
            yield None, theirs[j]
            j += 1


def _skipped(cell: RowCell) -> float:
    return 0.0 if cell.is_repeated else _SKIPPED


def _put_in(cell: RowCell) -> float:
    return _SKIPPED if cell.key else _STRAY_BLANK


def _cost(ours: RowCell, theirs: RowCell) -> float:
    if ours.key == theirs.key:
        return 0.0
    if not theirs.key:
        return 0.0 if ours.is_repeated else _BLANKED
    if ours.is_repeated:
        return _OTHER_KIND
    return _CHANGED if ours.is_label == _is_label(theirs.key) else _OTHER_KIND
