"""Evaluation of untrusted Jinja2 templates within bounds.

A report folder may come from somebody else and contain templates of its own.  A template is
evaluated with the data it may read and gives text.  It can calculate and loop; it has no access
to files or to attributes of Python objects, and its work and output are bounded.
"""

from reportgen.sandbox.bounds import Evaluation, Files, TooMuch, counted_to, current
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
