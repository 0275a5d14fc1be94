"""The levels between the units and the whole: which county a unit belongs to, and county sums.

A group is a path of names, such as ``("某市", "某县")``; the empty one is the whole.  The roll says
the group of each unit, or else the folders and the names of the governments do.  A report that is
the sum of its group (a county's own 汇总) is not added to the others, but compared with them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import PurePosixPath

from msgspec import Struct

from reportgen.forms import Number, normalise_key
from reportgen.units.reading import UnitNumber, UnitReport, Unread
from reportgen.units.roll import END_OF_PLACE, Group, Roll, bare_name

_FEWEST_CELLS = 10
"""The numbers other than 0 that must be those of a sum before a report is taken for one."""
_LEAST_SHARE = 0.8
"""The share of its numbers that must be."""
_FEWEST_OTHERS = 2
_GOVERNMENT = re.compile(f"(.+{END_OF_PLACE})(?:人民政府|政府|办事处)?")
"""The name of the government of a place, or of the place itself."""
_ITS_UNITS = re.compile(r"(?:人民政府|政府|汇总|各|所属|下属|直属)?(?:单位|部门|局|委办局|乡镇)?")
"""What follows the name of a place in the name of the folder of its units."""


class Levels(Struct, frozen=True):
    """The groups of many reports."""

    groups: Mapping[str, Group]
    """The group of each report by its name."""
    organs: Mapping[str, str]
    """The organ of each report by its name."""
    of_roll: bool = False
    """Whether the roll says the groups."""
    whole: str = ""
    """The place of the organ that the sum is of; empty if it is not known."""

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
        """Return whether the sum *name* is that of *group*, and not of units that are not here.

        A roll names what is no group, too.  In folders, 乙县人民政府 is not the sum of 清溪市.
        """
        organ = self.organs[name]
        if self.of_roll:
            return bool(group and _begins(organ, group[-1]))
        place = place_of(organ)
        if not (place and self.whole) or _is_same(place, self.whole):
            return True
        if group and (_begins(organ, group[-1]) or _is_folder_of(group[-1], place)):
            return True
        others = (other for other, its in self.groups.items() if its == group and other != name)
        return any(_begins(self.organs[other], place) for other in others)

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

    def possible_sums(self, units: Sequence[UnitReport]) -> dict[str, GroupTotal]:
        """Return those of *units* that may be the sum of others, with the total of these.

        They are reports of the government of a place in which most numbers are not below those of
        the other units of the place together: a sum that has been corrected or holds more units.
        """
        totals = group_totals(units, self.groups)
        found = {}
        for unit in units:
            group = self.groups[unit.name]
            place = place_of(self.organs[unit.name])
            names = (self.whole,) if not group else (group[-1],)
            if place and any(_is_same(place, name) or _is_folder_of(name, place) for name in names):
                others = totals[group].without(unit)
                if others.units >= _FEWEST_OTHERS and others.is_below(unit):
                    found[unit.name] = others
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
        return _are_most(some)

    def is_below(self, unit: UnitReport) -> bool:
        """Return whether most numbers are at most those of *unit*."""
        pairs = zip(_as_total(unit).numbers, self.numbers, strict=True)
        return _are_most([total <= number for number, total in pairs if number or total])

    def without(self, unit: UnitReport) -> GroupTotal:
        """Return the sum of the others if *unit* is one of the reports."""
        pairs = zip(_as_total(unit).numbers, self.numbers, strict=True)
        return GroupTotal(self.units - 1, tuple(total - number for number, total in pairs))


def _are_most(some: Sequence[bool]) -> bool:
    return sum(some) >= max(_FEWEST_CELLS, _LEAST_SHARE * len(some))


def place_of(organ: str) -> str:
    """Return the place whose government *organ* is; empty if it is none."""
    found = _GOVERNMENT.fullmatch(normalise_key(organ))
    return found[1] if found else ""


def levels_of(organs: Mapping[str, str], roll: Roll | None, whole: str = "") -> Levels:
    """Return the groups of the reports of *organs*, by name: the *roll* says them, or folders.

    *whole* is the organ that the sum of all is of.
    """
    if roll and roll.groups:
        return _by_roll(organs, roll.groups)
    return _by_folder(organs, place_of(whole))


def _by_folder(organs: Mapping[str, str], whole: str) -> Levels:
    """Return the groups of the reports of *organs* by the folders they lie in.

    The folders of one organ alone are its own, unless they have the beginning of its name (甲县
    holds 甲县财政局).  Folders around all reports say nothing.  *whole* is the place of them all.
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
    _gather_by_place(groups, organs, whole)
    common = _common(groups.values())
    groups = {name: group[common:] for name, group in groups.items()}
    return Levels(groups, organs, whole=whole)


def _gather_by_place(groups: dict[str, Group], organs: Mapping[str, str], whole: str) -> None:
    """Move the governments in *groups*, maybe sums of the units of their places, to these.

    甲县人民政府 beside the folder 甲县 belongs into it.  Beside 甲县财政局, 甲县审计局 and the
    units of other places they become a group of their own.  Places come before those inside them.
    """
    governments: dict[str, list[str]] = defaultdict(list)
    for name, organ in organs.items():
        if (place := place_of(organ)) and not (whole and _is_same(place, whole)):
            governments[place].append(name)
    units = _beginning_with(governments, organs)
    held = Counter(above for group in groups.values() for above in (group, *_above(group)))
    folders: dict[Group, set[str]] = defaultdict(set)
    for group in held.keys() - {()}:
        folders[group[:-1]].add(group[-1])
    for place in sorted(governments, key=len):
        for group in sorted({groups[name] for name in governments[place]}):
            moved = [name for name in governments[place] if groups[name] == group]
            folder = next((f for f in sorted(folders[group]) if _is_folder_of(f, place)), "")
            if not folder:
                moved = [name for name in units[place] if groups[name] == group]
                below = sum(groups[name][: len(group)] == group for name in units[place])
                if len(moved) <= _FEWEST_OTHERS or below == held[group]:
                    continue
            inner = (*group, folder or place)
            groups.update(dict.fromkeys(moved, inner))
            held[inner] += len(moved)


def _beginning_with(places: Collection[str], organs: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each of *places* the names of the reports whose organ begins with it."""
    lengths = sorted({len(place) for place in places})
    found: dict[str, list[str]] = {place: [] for place in places}
    for name, organ in organs.items():
        key = normalise_key(organ)
        for place in (key[:length] for length in lengths if length <= len(key)):
            if place in found:
                found[place].append(name)
    return found


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


def _is_same(place: str, other: str) -> bool:
    """Return whether *place* and *other* are one, the one maybe with what it lies in before it."""
    return place.endswith(other) or other.endswith(place)


def _is_folder_of(folder: str, place: str) -> bool:
    """Return whether *folder* is called as the one of the units of *place*."""
    name = normalise_key(bare_name(folder))
    return name.startswith(place) and bool(_ITS_UNITS.fullmatch(name[len(place) :]))


def _common(groups: Iterable[Group]) -> int:
    """Return how many names all *groups* begin with."""
    levels = zip(*groups, strict=False)
    return sum(1 for _ in takewhile(lambda names: len(set(names)) == 1, levels))
