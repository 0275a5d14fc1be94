"""A corpus of Chinese prose, set line by line and held against rules written down anew."""
