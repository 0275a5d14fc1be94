"""The levels between the units and the whole: which county a unit belongs to, and county sums.

A group is a path of names, such as ``("某市", "某县")``; the empty one is the whole.  The roll says
the group of each unit, or else the folders do.  A report that is the sum of its group (a county's
own 汇总) is not added to the others, but compared with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import PurePosixPath

from msgspec import Struct

from reportgen.forms import Number, normalise_key
from reportgen.units.reading import UnitNumber, UnitReport, Unread
from reportgen.units.roll import Group, Roll

_FEWEST_CELLS = 10
"""The numbers other than 0 that must be those of a sum before a report is taken for one."""
_LEAST_SHARE = 0.8
"""The share of its numbers that must be."""
_FEWEST_OTHERS = 2


class Levels(Struct, frozen=True):
    """The groups of many reports."""

    groups: Mapping[str, Group]
    """The group of each report by its name."""
    organs: Mapping[str, str]
    """The organ of each report by its name."""
    of_roll: bool = False
    """Whether the roll says the groups."""

    def declared_sums(self, sums: Collection[str]) -> dict[str, Group]:
        """Return the reports that are the sum of others here, with the group of these.

        *sums* are the names of those that call themselves sums (类型).  One whose group holds no
        other report is all there is of its units, and counts like a unit.
        """
        filled = {
            above
            for name, group in self.groups.items()
            if name not in sums
            for above in (group, *_above(group))
        }
        filled |= {above for name in sums for above in _above(self.groups[name])}
        return {
            name: group
            for name in sums
            if (group := self.groups[name]) in filled and self._may_be_sum(name, group)
        }

    def _may_be_sum(self, name: str, group: Group) -> bool:
        """Return whether the sum *name* is that of *group*: a roll names what is no group, too."""
        return not self.of_roll or bool(group and _begins(self.organs[name], group[-1]))

    def apparent_sums(self, units: Sequence[UnitReport]) -> dict[str, Group]:
        """Return those of *units* whose numbers are the sums of all others in their group.

        A finished file does not say that it is a sum.  Only a report with many numbers is taken
        for one; a few of them may be wrong.
        """
        members = _members(units, self.groups)
        totals: dict[Group, GroupTotal] = {}
        found: dict[str, Group] = {}
        for group, below in _bottom_up(members):
            own = members.get(group, [])
            total = _plus([*(totals[other] for other in below), *map(_as_total, own)])
            several = total.units > _FEWEST_OTHERS
            sum_ = next((unit for unit in own if several and total.is_like(unit, 2)), None)
            if sum_:
                found[sum_.name] = group
                total = _plus(
                    [*(totals[o] for o in below), *(_as_total(u) for u in own if u != sum_)]
                )
            totals[group] = total
        return found


class GroupTotal(Struct, frozen=True):
    """The sum of the reports of a group."""

    units: int
    """How many reports they are."""
    numbers: tuple[Number, ...]
    """The sums in the order of the cells of the form; what was not read counts as 0."""

    def is_like(self, unit: UnitReport, times: int = 1) -> bool:
        """Return whether most numbers are those of *unit*, or so many *times* as much.

        If they are twice as much, the other reports come to the same as *unit*.
        """
        pairs = zip(_as_total(unit).numbers, self.numbers, strict=True)
        some = [number * times == total for number, total in pairs if number or total]
        return sum(some) >= max(_FEWEST_CELLS, _LEAST_SHARE * len(some))


def levels_of(organs: Mapping[str, str], roll: Roll | None) -> Levels:
    """Return the groups of the reports of *organs*, by name: the *roll* says them, or folders."""
    if roll and roll.groups:
        return _by_roll(organs, roll.groups)
    return _by_folder(organs)


def _by_folder(organs: Mapping[str, str]) -> Levels:
    """Return the groups of the reports of *organs* by the folders they lie in.

    The folders of one organ alone are its own, unless they have the beginning of its name (甲县
    holds 甲县财政局).  Folders around all reports say nothing.
    """
    held: dict[Group, set[str]] = defaultdict(set)
    for name, organ in organs.items():
        for folder in _above(PurePosixPath(name).parts):
            held[folder].add(normalise_key(organ))
    groups = {}
    for name, organ in organs.items():
        group = PurePosixPath(name).parts[:-1]
        while group and len(held[group]) == 1 and not _is_above(group[-1], organ):
            group = group[:-1]
        groups[name] = group
    inner = {above for group in groups.values() for above in (group, *_above(group))}
    for name in organs:
        if (path := PurePosixPath(name).parts) in inner:
            groups[name] = path  # a county's folder with its units below
    common = _common(groups.values())
    return Levels({name: group[common:] for name, group in groups.items()}, organs)


def _by_roll(organs: Mapping[str, str], roll: Mapping[str, Group]) -> Levels:
    """Return the groups of the reports of *organs* by those of the *roll*.

    A county's government belongs to the county itself.
    """
    known = {above for group in roll.values() for above in (group, *_above(group))} - {()}
    groups = {}
    for name, organ in organs.items():
        group = roll.get(organ, ())
        named = [other for other in known if _begins(organ, other[-1]) and other[:-1] == group]
        groups[name] = named[0] if len(named) == 1 else group
    return Levels(groups, organs, of_roll=True)


def group_totals(
    units: Iterable[UnitReport], groups: Mapping[str, Group]
) -> dict[Group, GroupTotal]:
    """Return the sum of each group of *units*, and of each group above them."""
    members = _members(units, groups)
    totals: dict[Group, GroupTotal] = {}
    for group, below in _bottom_up(members):
        own = map(_as_total, members.get(group, []))
        totals[group] = _plus([*(totals[other] for other in below), *own])
    return totals


def _members(
    units: Iterable[UnitReport], groups: Mapping[str, Group]
) -> dict[Group, list[UnitReport]]:
    members: dict[Group, list[UnitReport]] = defaultdict(list)
    for unit in units:
        members[groups[unit.name]].append(unit)
    return members


def _bottom_up(groups: Iterable[Group]) -> Iterator[tuple[Group, list[Group]]]:
    """Yield *groups* and those above them, each with the groups right below it, these first."""
    known = {above for group in groups for above in (group, *_above(group))}
    below: dict[Group, list[Group]] = {group: [] for group in known}
    for group in sorted(known - {()}):
        below[group[:-1]].append(group)
    yield from sorted(below.items(), key=lambda item: len(item[0]), reverse=True)


def _above(group: Group) -> Iterator[Group]:
    """Yield the groups that *group* lies in, the innermost first."""
    for end in range(len(group) - 1, -1, -1):
        yield group[:end]


def _plus(totals: Sequence[GroupTotal]) -> GroupTotal:
    numbers = zip(*(total.numbers for total in totals), strict=True)
    return GroupTotal(sum(total.units for total in totals), tuple(map(sum, numbers)))


def _as_total(unit: UnitReport) -> GroupTotal:
    return GroupTotal(1, tuple(map(_amount, unit.numbers)))


def _amount(number: UnitNumber) -> Number:
    return 0 if number is None or isinstance(number, Unread) else number


def _begins(organ: str, folder: str) -> bool:
    """Return whether the name of *organ* begins with that of *folder*."""
    return normalise_key(organ).startswith(normalise_key(folder))


def _is_above(folder: str, organ: str) -> bool:
    """Return whether *folder* has the beginning of the name of *organ*, and not all of it."""
    return _begins(organ, folder) and normalise_key(organ) != normalise_key(folder)


def _common(groups: Iterable[Group]) -> int:
    """Return how many names all *groups* begin with."""
    levels = zip(*groups, strict=False)
    return sum(1 for _ in takewhile(lambda names: len(set(names)) == 1, levels))
