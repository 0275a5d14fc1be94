"""How fast ``reportgen`` is beside what a user would take instead; ``make bench`` runs it."""
