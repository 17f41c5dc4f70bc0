"""The case file: what a family reports, kept under one key per case."""
