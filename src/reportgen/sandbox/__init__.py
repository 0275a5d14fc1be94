"""The wall to Jinja2: templates of strangers are evaluated in here.

A report folder may come from somebody else and bring templates of its own.  In goes the text
of a template with the data it may read, out comes the text it prints.  It can calculate and
loop; it cannot touch files, attributes of Python objects or anything unbounded.
"""

from reportgen.sandbox.bounds import MAX_STEPS, Evaluation, Files, TooMuch, counted_to, current
from reportgen.sandbox.environment import (
    Missing,
    Sandbox,
    SyntaxProblem,
    compiled,
    markup,
    reason,
    run_pieces,
)

__all__ = [
    "MAX_STEPS",
    "Evaluation",
    "Files",
    "Missing",
    "Sandbox",
    "SyntaxProblem",
    "TooMuch",
    "compiled",
    "counted_to",
    "current",
    "markup",
    "reason",
    "run_pieces",
]
