#!/bin/sh
# Starts Python through the loader and the C library of this folder.  Under the name of this script
# Python finds its modules, and starts its worker processes.
home=${0%/bin/*}
exec "$home/lib/@loader@" --library-path "$home/lib" --argv0 "$0" \
  "$home/bin/python@version@.elf" "$@"
