"""Check and typeset the 政府信息公开工作年度报告 from structured data.

The input is a report folder, or its data as Python values; the output is findings and files.
The public API is what this package exports, and docs/api.md shows how to use it; everything
else may change.  The command line is :mod:`reportgen.cli`.  Importing the package loads
nothing else: each public name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.api import Built, Checked, build_folder, check_folder, check_report
    from reportgen.compare import Difference, ReportDiff, Verified, diff_sources, verify_files
    from reportgen.diagnostics import Diagnostic, Severity
    from reportgen.files import Cache
    from reportgen.finished import ReadBack, read_published
    from reportgen.forms import Form, Library, shipped_library
    from reportgen.model import Quantity, Report
    from reportgen.outputs import EarlierFile, Written
    from reportgen.problems import EnvironmentProblem
    from reportgen.workflows import Aggregated, aggregate_sources

__all__ = [
    "Aggregated",
    "Built",
    "Cache",
    "Checked",
    "Diagnostic",
    "Difference",
    "EarlierFile",
    "EnvironmentProblem",
    "Form",
    "Library",
    "Quantity",
    "ReadBack",
    "Report",
    "ReportDiff",
    "Severity",
    "Verified",
    "Written",
    "__version__",
    "aggregate_sources",
    "build_folder",
    "check_folder",
    "check_report",
    "diff_sources",
    "read_published",
    "shipped_library",
    "verify_files",
]

__version__ = "0.1.0"

_HOMES = {
    "api": "Built Checked build_folder check_folder check_report",
    "compare": "Difference ReportDiff Verified diff_sources verify_files",
    "diagnostics": "Diagnostic Severity",
    "files": "Cache",
    "finished": "ReadBack read_published",
    "forms": "Form Library shipped_library",
    "model": "Quantity Report",
    "outputs": "EarlierFile Written",
    "problems": "EnvironmentProblem",
    "workflows": "Aggregated aggregate_sources",
}
"""The public names by the module that defines them, separated by blanks."""

if not TYPE_CHECKING:  # a type checker would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Import the public *name* from its module and return it (PEP 562)."""
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names.split():
                value = getattr(import_module(f"{__name__}.{home}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Return the public names."""
        return __all__
