"""Measures beside their rivals: `python -m bench.<name>`, with --json a line a figure. See README.md."""
