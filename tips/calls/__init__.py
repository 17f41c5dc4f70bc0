"""What an officer writes down for others: a caller's words while they speak, a post on a network."""
