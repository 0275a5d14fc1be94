"""The workflows behind the commands."""
