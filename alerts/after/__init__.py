"""The report after (and, while it lasts, so far): gathered once, written as JSON and as PDF."""
