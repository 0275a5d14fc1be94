"""Archive and accessibility conformance of the outputs, by validators others wrote."""
