"""Forms kept between runs, so that a report is checked without reading a template's YAML.

What is kept is a form as data, never code, with its formulas already bound to cells.  It is
found by the content of the form's files and of the modules that read them: a form made by
other code is another form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import MsgspecError, Struct, msgpack

from reportgen import __version__
from reportgen.files import Cache, content_key
from reportgen.forms.form import Form
from reportgen.forms.formula import Identity, Sum
from reportgen.forms.rules import BoundIdentity, BoundQuote
from reportgen.model import CellPath

MAKERS = (
    "diagnostics.py", "files.py", "formats.py", "located.py", "problems.py", "source.py",
    "styles.py", "text.py",
    "forms", "model", "pictures",
)  # fmt: skip
"""The modules and packages, below ``reportgen``, that say what a form is and make one."""

_KIND = "forms"
_PACKAGE = Path(__file__).resolve().parent.parent


class _Bound(Struct, frozen=True, array_like=True):
    """A bound identity, its rule by position."""

    rule: int
    binding: Mapping[str, str]
    identity: Identity


class _Quote(Struct, frozen=True, array_like=True):
    """A bound quote: the positions of its rule and of its quote in the rule, and its sums."""

    rule: int
    spec: int
    equals: tuple[Sum, ...]
    traps: tuple[tuple[Sum, str], ...]
    shares: tuple[Sum, ...]


class _Kept(Struct, frozen=True, array_like=True):
    """A form and what was worked out from its rules."""

    form: Form
    identities: tuple[_Bound, ...]
    relations: tuple[_Bound, ...]
    quotes: tuple[_Quote, ...]


def form_key(report: str, form: str, contents: tuple[tuple[str, bytes], ...]) -> str:
    """Return the key of *form* of *report*, whose files hold *contents* by relative path."""
    names = "\0".join([report, form, *(name for name, _ in contents)])
    return content_key(makers_digest(), names.encode(), *(data for _, data in contents))


@lru_cache(maxsize=1)
def makers_digest() -> bytes:
    """Return what tells the program that reads templates from any other version of it."""
    sources = [path.read_bytes() for path in maker_files()]
    return content_key(__version__.encode(), *sources).encode()


def maker_files() -> Iterator[Path]:
    """Yield the source files that have a say in what a form is, always in the same order.

    An installation without sources has none; then the version alone tells programs apart.
    """
    for name in MAKERS:
        place = _PACKAGE / name
        if place.is_dir():
            yield from sorted(place.glob("*.py"))
        elif place.is_file():
            yield place


def recall(cache: Cache, key: str) -> Form | None:
    """Return the form kept under *key*, None when there is none."""
    data = cache.get(_KIND, key)
    try:
        return None if data is None else _decoded(data)
    except (MsgspecError, IndexError):  # from a damaged disk or somebody's hand
        return None


def keep(cache: Cache, key: str, form: Form) -> None:
    """Keep *form* under *key*, unless it would come back as another one."""
    if cache:
        data = _encoded(form)
        if _decoded(data) == form:
            cache.put(_KIND, key, data)


def _encoded(form: Form) -> bytes:
    places = {id(rule): place for place, rule in enumerate(form.rules)}
    specs = {id(spec): i for rule in form.rules for i, spec in enumerate(rule.quotes)}

    def bound(items: tuple[BoundIdentity, ...]) -> tuple[_Bound, ...]:
        return tuple(_Bound(places[id(b.rule)], b.binding, b.identity) for b in items)

    quotes = tuple(
        _Quote(places[id(q.rule)], specs[id(q.spec)], q.equals, q.traps, q.shares)
        for q in form.quotes
    )
    kept = _Kept(form, bound(form.identities), bound(form.relations), quotes)
    return msgpack.encode(kept, enc_hook=_written)


def _written(path: object) -> tuple[str, ...]:
    """Return the keys of *path*, the only kind of value that msgspec does not know."""
    if not isinstance(path, CellPath):
        raise TypeError(path)
    return path.keys


def _restored(kind: type, keys: list[str]) -> CellPath:
    """Return the path that was written as *keys*."""
    if kind is not CellPath:
        raise TypeError(kind)
    return CellPath(keys)


def _decoded(data: bytes) -> Form:
    kept = msgpack.decode(data, type=_Kept, dec_hook=_restored)
    form, rules = kept.form, kept.form.rules

    def bound(items: tuple[_Bound, ...]) -> tuple[BoundIdentity, ...]:
        return tuple(BoundIdentity(rules[b.rule], b.binding, b.identity) for b in items)

    # where the form itself would put them when first asked
    form.__dict__["identities"] = bound(kept.identities)
    form.__dict__["relations"] = bound(kept.relations)
    form.__dict__["quotes"] = tuple(
        BoundQuote(rules[q.rule], rules[q.rule].quotes[q.spec], q.equals, q.traps, q.shares)
        for q in kept.quotes
    )
    return form
