"""``python -m reportgen`` is the ``reportgen`` command."""

import sys

if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]  # the working folder, where a report's own files are no modules

from reportgen.cli import main

main()
