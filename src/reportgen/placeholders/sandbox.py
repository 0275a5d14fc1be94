"""The sandbox as a report's placeholders need it.

Imported only for a text that has placeholders other than plain names.  Names are looked up
in their normalised form, numbers stay exact, and names that do not exist are noted in the
:class:`LocatedEvaluation` and let the rest of the text be evaluated.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from jinja2 import Template, Undefined
from jinja2.runtime import Context
from jinja2.utils import missing
from msgspec import field

from reportgen.placeholders.functions import (
    FILTERS,
    FUNCTIONS,
    exact,
    rounded,
    settled,
    value_text,
)
from reportgen.sandbox import Evaluation, Sandbox, compiled, counted_to, current
from reportgen.source import SourceFile


class LocatedEvaluation(Evaluation):
    """One rendering of a text: also where it is, and which names it missed."""

    place: int = -1
    missed: dict[tuple[int, str], Unknown] = field(default_factory=dict)

    def move(self, place: int) -> None:
        """Note that *place* is being evaluated."""
        self.place = place

    def miss(self, unknown: Unknown) -> None:
        """Note that *unknown* was used at the current place."""
        self.missed.setdefault((self.place, unknown.name), unknown)


class Unknown(Undefined):
    """A name that does not exist: every use is noted and yields itself."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name as written in the template."""
        return str(self._undefined_name)

    @property
    def owner(self) -> object:
        """The value the name was looked up in; None for a name of the top level."""
        return None if self._undefined_obj is missing else self._undefined_obj

    def note(self, *_: object, **__: object) -> Unknown:
        """Note the use in the current evaluation; return the same unknown."""
        evaluation = current()
        if isinstance(evaluation, LocatedEvaluation):
            evaluation.miss(self)
        return self

    def _noting(self, value: Any) -> Any:
        self.note()
        return value

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(name)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = note  # type: ignore[assignment]
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = note  # type: ignore[assignment]
    __mod__ = __rmod__ = __pow__ = __rpow__ = __pos__ = __neg__ = note  # type: ignore[assignment]
    __call__ = __getitem__ = note  # type: ignore[assignment]

    def __lt__(self, _: object) -> bool:  # type: ignore[override]
        return bool(self._noting(False))

    __le__ = __gt__ = __ge__ = __contains__ = __lt__  # type: ignore[assignment]

    def __eq__(self, _: object) -> bool:
        return bool(self._noting(False))

    def __ne__(self, _: object) -> bool:
        return bool(self._noting(True))

    def __hash__(self) -> int:
        return id(type(self))

    def __bool__(self) -> bool:
        return bool(self._noting(False))

    def __len__(self) -> int:
        return int(self._noting(0))

    def __int__(self) -> int:  # type: ignore[override]
        return int(self._noting(0))

    def __str__(self) -> str:
        return str(self._noting(""))

    def __iter__(self) -> Iterator[Any]:
        self.note()
        yield from ()


def _passing_unknown(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function* so that an unknown argument is noted and returned instead."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        unknown = [value for value in (*args, *kwargs.values()) if isinstance(value, Unknown)]
        for value in unknown:
            value.note()
        return unknown[0] if unknown else function(*args, **kwargs)

    return guarded


def _exact_sum(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function*, Jinja2's ``sum``, for exact numbers and with a settled result."""

    @functools.wraps(function)
    def exact_sum(environment: Any, values: Any, *args: Any, **kwargs: Any) -> Any:
        return settled(function(environment, [_exact(each) for each in values], *args, **kwargs))

    return exact_sum


class _NormalisedContext(Context):
    """Looks names up under their normalised form when the exact one is absent."""

    def resolve_or_missing(self, key: str) -> Any:
        value = super().resolve_or_missing(key)
        if value is missing:
            names = self.parent.get("__names", {})
            return names.get(key, missing)
        return value


class _PlaceholderSandbox(Sandbox):
    """The sandbox in which unknown names are noted and numbers are exact."""

    context_class = _NormalisedContext

    def __init__(self) -> None:
        super().__init__({"round": rounded, **FILTERS}, FUNCTIONS, undefined=Unknown, text=_text_of)
        filters: dict[str, Any] = dict(self.filters)
        filters["sum"] = _exact_sum(filters["sum"])
        self.filters = {
            name: made if name in ("d", "default") else _passing_unknown(made)
            for name, made in filters.items()
        }
        functions: dict[str, Any] = dict(self.globals)
        self.globals = {name: _passing_unknown(made) for name, made in functions.items()}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look *attribute* up; what is unknown has none, which is noted."""
        return obj.note() if isinstance(obj, Unknown) else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look *argument* up; an unknown on either side is noted."""
        for value in (obj, argument):
            if isinstance(value, Unknown):
                return value.note()
        return super().getitem(obj, argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate with exact numbers; an unknown on either side is noted."""
        unknown = [value.note() for value in (left, right) if isinstance(value, Unknown)]
        if unknown:
            return unknown[0]
        left, right = _exact(left), _exact(right)
        if operator == "/":
            left, right = _divisible(left), _divisible(right)
        return settled(super().call_binop(context, operator, left, right))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja2's signature keeps keywords free
        """Call what the template names; calling a name that does not exist is noted."""
        if isinstance(__obj, Unknown):
            return __obj.note()
        return super().call(__context, __obj, *args, **kwargs)


def _text_of(value: object) -> str:
    return str(value) if isinstance(value, Unknown) else value_text(value)


def _exact(value: Any) -> Any:
    return exact(value) if isinstance(value, float) else value


def _divisible(value: Any) -> Any:
    """Return *value* so that its division is exact, within the bounds of any number."""
    return Decimal(value) if isinstance(value, int) else value


@functools.cache
def _environment() -> _PlaceholderSandbox:
    return _PlaceholderSandbox()


def known_filters() -> list[str]:
    """Return the names a value can be piped through."""
    return list(_environment().filters)


def known_functions() -> list[str]:
    """Return the names that can be called."""
    return list(_environment().globals)


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of the tokens of *text*; raises TemplateSyntaxError on the way."""
    for _, kind, value in _environment().lexer.tokeniter(text, None):
        yield kind, value


def compile_text(text: str) -> Template:
    """Return the template of *text*; raises one of SyntaxProblem."""
    return compiled(_environment(), SourceFile("", text))


def run_text(
    text: str,
    names: Mapping[str, object],
    helpers: Mapping[str, object],
    evaluation: LocatedEvaluation,
) -> str:
    """Render *text* with *names* and the private *helpers*, noting in *evaluation*.

    Raises TooMuch, one of SyntaxProblem, or whatever an expression of the text raises.
    """
    template = compile_text(text)
    with counted_to(evaluation):
        context = template.new_context({**names, **helpers, "__names": names})
        return "".join(template.root_render_func(context))
