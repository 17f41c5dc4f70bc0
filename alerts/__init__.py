"""What the public is told, where, and by whose decision."""
