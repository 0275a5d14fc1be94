"""Tests of the bundles: of the list of their parts, and of the archives where they were made."""
