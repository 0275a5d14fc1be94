"""Any input gives findings, never an exception."""
