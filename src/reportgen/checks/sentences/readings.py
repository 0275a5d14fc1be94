"""Parts of a text → the statements they make about cells, compared with the tables.

A part is read only if the statement explains every word that matters.  If there are several
readings, one that agrees is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from reportgen.checks.sentences.parts import SentencePart
from reportgen.checks.sentences.tokens import COMMA, COUNT, JOIN, MONTH, YEAR, Token
from reportgen.checks.sentences.words import Said, Speaker, is_partial, said
from reportgen.forms import BoundStatement, Sum
from reportgen.model import CellPath

_NONE: frozenset[str] = frozenset()
Amounts = Mapping[CellPath, int | Decimal]


class StatedNumber(Struct, frozen=True):
    """What a part states: the statement meant, and the sum its number agrees with.

    ``expected`` is the sum it should equal, ``agreed`` the one it does, None when none;
    ``trap`` are words about a sum easily stated instead.  ``start`` and ``end`` are where the
    words that state it stand, ``place`` where the number itself does.
    """

    statement: BoundStatement
    number: Decimal
    expected: Sum
    agreed: Sum | None
    trap: str
    start: int
    end: int
    place: tuple[int, int]


class Reader:
    """Reads the parts of one paragraph in order and remembers what they named."""

    def __init__(
        self,
        speaker: Speaker,
        statements: Mapping[str, Sequence[BoundStatement]],
        amounts: Amounts,
        *,
        about: bool,
    ) -> None:
        self._speaker = speaker
        self._statements = statements
        self._amounts = amounts
        self._about = about
        self._heard = -2
        self._named: dict[str, None] = {}  # the last named at the end
        self._strange = False
        self._listing = False
        self._outer: list[tuple[str, ...]] = []
        self._topics: tuple[str, ...] = ()
        self._new_sentence()
        self._sentence = 0

    def _new_sentence(self) -> None:
        self._limits: set[int] = set()
        self._acts: dict[int, frozenset[str]] = {}
        self._told: frozenset[str] = _NONE
        self._settled: dict[int, tuple[BoundStatement, Decimal]] = {}
        self._turns: list[tuple[str, str]] = []

    def entitle(self, heading: str) -> None:
        """Take what the *heading* above the paragraph names as what is counted, if one thing."""
        topics = self._speaker.sentences.topics
        named = dict.fromkeys(name for word, name in topics.items() if word in heading)
        if len(named) == 1:
            self._topics = tuple(named)
            self._name(named)

    def read(self, parts: Sequence[SentencePart]) -> list[StatedNumber | None]:
        """Return what each of *parts* states, None where that is unknown."""
        found: list[StatedNumber | None] = []
        for part in parts:
            if part.sentence != self._sentence:
                self._sentence = part.sentence
                self._new_sentence()
            self._hear(part)
            found.append(self._read(part))
        return [self._untrapped(place, parts, found) for place in range(len(found))]

    def _untrapped(
        self, place: int, parts: Sequence[SentencePart], found: Sequence[StatedNumber | None]
    ) -> StatedNumber | None:
        """Return the reading at *place*, without its trap if it cannot be the sum it looks like.

        In 收到185件，上年结转1件 last year's are told beside the others, not among them.  It is
        the sum all the same when a list names its parts: 其中答复180件，结转下年6件.
        """
        reading, part = found[place], parts[place]
        if reading is None or not reading.trap or _is_listed(reading, place, parts, found):
            return reading
        for total, _ in reading.statement.traps:
            more = set(total.terms).difference(reading.expected.terms)
            beside = zip(parts[place + 1 :], found[place + 1 :], strict=True)
            for other, told in beside:
                if other.sentence != part.sentence or other.depth > part.depth:
                    break
                is_among = other.head is not None or any(t.role == "within" for t in other.words)
                if told and told.agreed and set(told.agreed.terms) == more and not is_among:
                    return replace(reading, trap="")
        return reading

    def _hear(self, part: SentencePart) -> None:
        """Note whether *part* speaks of requests for information, or is a heading that does."""
        words = self._speaker.sentences.telling_of_requests
        topics = {t.name for t in part.before if t.role == "counted"}
        is_heading = part.number is None and len(topics) > 1
        if is_heading or any(t.text in words for t in part.words):
            self._heard = part.sentence

    def _read(self, part: SentencePart) -> StatedNumber | None:
        self._enter(part.depth)
        if any(t.role == "wholes" and len(t.text) > 1 for t in part.words):
            self._limits.discard(part.depth)
        number = part.number
        if number is None:
            return self._read_none(part)
        if number.role != COUNT or not self._counts(number):
            return None
        what = said(part, self._speaker, self._named)
        if what is None:
            self._forget(part)
            return None
        what = self._dealt(part, what)
        reading = self._reading(part, number, what)
        if what.scoped and (reading is None or reading.agreed is None):
            self._limits.add(part.depth)
        self._remember(part, what, reading)
        return reading

    def _enter(self, depth: int) -> None:
        """Set the depth of brackets; what was stated in deeper ones no longer applies."""
        while len(self._outer) < depth:
            self._outer.append(self._topics)
        while len(self._outer) > depth:
            self._limits.discard(len(self._outer))
            self._topics = self._outer.pop()

    def _dealt(self, part: SentencePart, what: Said) -> Said:
        """Return *what* for the next number if the numbers are listed one by one (分别)."""
        if what.each:
            self._turns = list(what.each)
        elif part.lead not in (JOIN, COMMA) or what.explicit or what.acts:
            self._turns = []
        if not self._turns:
            return what
        role, name = self._turns.pop(0)
        if role == "counted":
            return replace(what, counted=(name,), explicit=True)
        return replace(what, acts=frozenset((name,)))

    def _counts(self, number: Token) -> bool:
        sentences = self._speaker.sentences
        return number.name in sentences.units or number.name in sentences.money

    def _forget(self, part: SentencePart) -> None:
        """Forget what is counted, because *part* counts something unknown and is not in a list.

        In 收到15件，涉及征地8件、拆迁7件，办结14件 the requests are counted all along.
        """
        goes_on = self._listing and part.lead == JOIN
        self._listing = goes_on or any(t.role == "causes" for t in part.before)
        if part.head is None and not self._listing:
            self._topics = ()
            self._strange = True
        self._acts.pop(part.depth, None)
        self._name(t.name for t in part.before if t.role == "counted")

    def _remember(self, part: SentencePart, what: Said, reading: StatedNumber | None) -> None:
        if reading is not None and not what.explicit and not self._topics:
            self._topics = reading.statement.statement.counted[:1]
        if what.explicit:
            self._topics = what.counted
            self._name(what.counted)
        if what.acts:
            self._acts[part.depth] = what.acts
        self._told |= what.acts

    def _name(self, topics: Iterable[str]) -> None:
        for topic in topics:
            self._named.pop(topic, None)
            self._named[topic] = None

    def _read_none(self, part: SentencePart) -> StatedNumber | None:
        """Read a part without a number: it may say that there was none, or name a topic."""
        place = next((i for i, t in enumerate(part.before) if t.role == "nones"), None)
        if place is not None and (reading := self._none(part, place)):
            return reading
        topics = [t.name for t in part.before if t.role == "counted"]
        if topics:
            self._topics = (topics[-1],)
            self._name(topics)
        if self._is_other_time(part):
            self._limits.add(part.depth)
        return None

    def _is_other_time(self, part: SentencePart) -> bool:
        """Return whether *part* is a date in front of the sentence, not of this year's end."""
        dates = [t for t in part.before if t.role not in ("fillers", "wholes")]
        if any(t.role not in (YEAR, MONTH) for t in dates):
            return False
        other = (t.value != self._speaker.year if t.role == YEAR else is_partial(t) for t in dates)
        return any(other)

    def _none(self, part: SentencePart, place: int) -> StatedNumber | None:
        clause = SentencePart(
            part.before[place + 1 :], None, (), part.lead, part.depth, part.sentence
        )
        if not clause.before or any(t.role in _UNSAYABLE for t in part.before[place:]):
            return None
        what = said(clause, self._speaker, self._named)
        if what is None or what.others or any(t.role in _LIMITING for t in part.before[:place]):
            return None
        telling = what.explicit or what.acts
        if not telling or what.limited or what.scoped or self._limits:
            return None
        end = clause.before[-1].end
        token = Token("count", "", "0", part.before[place].start, end, end)
        return self._reading(clause, token, what)

    def _reading(self, part: SentencePart, number: Token, what: Said) -> StatedNumber | None:
        """Return the statement *what* makes with *number*, compared with the tables."""
        if part.head is not None and not (what.explicit or what.acts):
            return None  # 其中2件 is a part, and nothing says of what kind
        groups = self._matches(part, number, what)
        if not groups:
            return None
        groups = self._of_another(part, number, what, groups)
        statements = [statement for group in groups for statement in group]
        value = self._value(number, statements[0])
        sums = list(_sums(groups))
        agreed = next((s for s in sums if s.value(self._amounts) == value), None)
        expected = sums[0]
        main = statements[0]
        known = expected.value(self._amounts)
        if agreed is None:
            trap = self._trap(main, value)
            if not trap and self._may_be_right(main, value, known, what, number):
                return None
        else:
            trap = ""
            self._settled[id(main)] = main, value
        return StatedNumber(
            main, value, expected, agreed, trap,
            min(what.start, number.start), max(what.end, number.after), (number.start, number.end),
        )  # fmt: skip

    def _of_another(
        self,
        part: SentencePart,
        number: Token,
        what: Said,
        groups: list[list[BoundStatement]],
    ) -> list[list[BoundStatement]]:
        """Return *groups*, or those of what was named before if there is nothing else to count.

        In 行政复议案件10件，行政诉讼案件0件，结果维持2件 the last number is about the former.
        """
        if what.explicit or not self._topics or not self._is_nothing(self._topics[-1]):
            return groups
        for topic in reversed(self._named):
            if topic not in self._topics:
                others = self._matches(part, number, replace(what, counted=(topic,)))
                return others or groups
        return groups

    def _is_nothing(self, topic: str) -> bool:
        """Return whether the text said that there was none of *topic*."""
        return any(
            value == 0 and topic in statement.statement.counted
            for statement, value in self._settled.values()
        )

    def _may_be_right(
        self, main: BoundStatement, value: Decimal, known: int | Decimal, what: Said, number: Token
    ) -> bool:
        """Return whether a number that differs may still be right: a part, or not exact."""
        if number.vague or what.limited:
            return True
        if what.scoped or self._limits:
            return True
        told_before = id(main) in self._settled
        return (what.late or told_before or main.statement.partial) and value < known

    def _trap(self, main: BoundStatement, value: Decimal) -> str:
        return next((w for total, w in main.traps if total.value(self._amounts) == value), "")

    def _value(self, number: Token, statement: BoundStatement) -> Decimal:
        money = self._speaker.sentences.money
        return number.value * (money.get(number.name, 1) if statement.statement.money else 1)

    def _matches(self, part: SentencePart, number: Token, what: Said) -> list[list[BoundStatement]]:
        """Return the statements that explain all acts, a group for each thing counted."""
        inherited = self._acts.get(part.depth, _NONE) if self._may_inherit(part, what) else _NONE
        tried = [what.acts, what.acts | inherited]
        if not what.acts:  # what the words may mean, the surest first
            tried = [*filter(None, (what.amount, inherited)), _NONE]
        groups = []
        for topic in what.counted or self._implied(what):
            explained = (self._explaining(topic, number, what, acts) for acts in tried)
            if group := next(filter(None, explained), None):
                groups.append(group)
        return groups

    def _may_inherit(self, part: SentencePart, what: Said) -> bool:
        """Return whether *part* may share the verb of the part before.

        制发规章3件、规范性文件4件: both were issued.
        """
        named = any(t.role == "counted" for t in part.before)
        return named and what.explicit and part.lead in (JOIN, COMMA)

    def _implied(self, what: Said) -> tuple[str, ...]:
        """Return what a part counts that does not name it; anything while nothing was counted."""
        if self._topics:
            return self._topics
        if not self._named and not self._strange:
            return tuple(
                topic
                for topic, statements in self._statements.items()
                if any(bound.statement.distinct for bound in statements)
            )
        return tuple(reversed(self._named))

    def _explaining(
        self, topic: str, number: Token, what: Said, acts: frozenset[str]
    ) -> list[BoundStatement]:
        fitting = [
            bound
            for bound in self._statements.get(topic, ())
            if acts.issuperset(bound.statement.says) and self._fits(bound, number, what)
        ]
        whole = [b for b in fitting if acts.issubset((*b.statement.says, *b.statement.may))]
        if whole:
            most = max(len(b.statement.says) for b in whole)
            return [b for b in whole if len(b.statement.says) == most][:1]
        together = {act for b in fitting for act in (*b.statement.says, *b.statement.may)}
        wholes = [b for b in fitting if _is_whole(b, fitting)]
        is_one_kind = len({b.statement.rule for b in wholes or fitting}) == 1
        return _whole_first(fitting) if acts and acts <= together and is_one_kind else []

    def _fits(self, bound: BoundStatement, number: Token, what: Said) -> bool:
        statement = bound.statement
        is_money = number.name in self._speaker.sentences.money
        if bool(statement.money) != is_money and number.name:
            return False
        if not what.counted and not self._topics and not statement.distinct:
            return False
        if not self._is_about(statement.about):
            return False
        if statement.follows and not self._told.intersection(statement.follows):
            return False
        return what.others.issubset(statement.besides)

    def _is_about(self, where: str) -> bool:
        """Return whether requests for information are mentioned *where* a statement requires it."""
        if where == "near":
            return self._about or self._sentence - self._heard <= 1
        return not where or self._heard == self._sentence


_UNSAYABLE = ("count", "rate", "predicates")
_LIMITING = ("asides", "scopes", "than")
_MANY = 4
"""If one number states more than this, not all combinations are tried."""


def _is_listed(
    reading: StatedNumber,
    place: int,
    parts: Sequence[SentencePart],
    found: Sequence[StatedNumber | None],
) -> bool:
    """Return whether right numbers of a list (其中) behind *place* make that of *reading*."""
    later = range(place + 1, len(parts))
    listed = [at for at in later if (head := parts[at].head) is not None and head >= place]
    members = [told for at in listed if (told := found[at]) and told.agreed]
    return len(members) > 1 and sum(told.number for told in members) == reading.number


def _is_whole(bound: BoundStatement, others: Sequence[BoundStatement]) -> bool:
    """Return whether *bound* counts what others count in part: 不予处理 and its reasons."""
    says = bound.statement.says
    return any(o is not bound and says and set(says) <= set(o.statement.may) for o in others)


def _whole_first(statements: list[BoundStatement]) -> list[BoundStatement]:
    return sorted(statements, key=lambda bound: not _is_whole(bound, statements))


def _sums(groups: Sequence[Sequence[BoundStatement]]) -> Iterator[Sum]:
    """Yield every sum that a number may equal, the one most likely meant first.

    If one number states several things (予以公开和部分公开, 复议、诉讼), that is the sum of all,
    unless one of them contains the others.
    """
    members = [bound for group in groups for bound in group]
    wholes = [bound for bound in members if _is_whole(bound, members)]
    parts = [bound for bound in members if bound not in wholes]
    for bound in wholes:
        yield from bound.equals
    if len(parts) > 1 and all(bound.statement.adds for bound in parts):
        depth = 2 if len(parts) <= _MANY else 1
        for chosen in product(*(bound.equals[:depth] for bound in parts)):
            yield _added(chosen)
    for bound in parts:
        yield from bound.equals


def _added(sums: Sequence[Sum]) -> Sum:
    terms = tuple(term for total in sums for term in total.terms)
    return Sum(terms, sum(total.constant for total in sums))
