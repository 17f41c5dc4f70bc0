"""Pages of alerts: input, verb, output."""
