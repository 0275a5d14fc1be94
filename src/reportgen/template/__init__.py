"""What the regulation prescribes, loaded from ``templates/``."""
