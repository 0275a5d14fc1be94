"""政府信息公开工作年度报告: checked, typeset and filed from structured data.

The public Python surface is :mod:`reportgen.api`; the command line is
:mod:`reportgen.cli`.  Importing this package loads nothing else.
"""

__version__ = "0.1.0"
