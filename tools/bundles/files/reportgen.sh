#!/bin/sh
# Runs reportgen with the Python of this folder.
REPORTGEN_LAUNCHER=$(readlink -f "$0")
export REPORTGEN_LAUNCHER
exec "${REPORTGEN_LAUNCHER%/*}/python/bin/python@version@" -I -X utf8 -m reportgen "$@"
