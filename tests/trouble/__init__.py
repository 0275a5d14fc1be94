"""A machine in trouble: full disks, missing folders, closed streams, killed runs."""
