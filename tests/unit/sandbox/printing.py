"""Templates printed, or stopped, in one line of a test."""

from __future__ import annotations

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.sandbox import Evaluation, Sandbox, run_pieces
from reportgen.source import SourceFile

TEXTS = Sandbox({}, {})


def printed(source: SourceFile, environment: Sandbox, **data: object) -> str:
    """Return what the template *source* prints of *data*."""
    return "".join(run_pieces(environment, source, data, Evaluation()))


def stopped(text: str, **data: object) -> str:
    """Return the message with which the template *text* is stopped."""
    with pytest.raises(EnvironmentProblem) as caught:
        printed(SourceFile("页.html", text), TEXTS, **data)
    return caught.value.message
