"""What pages of the packages above ask of a case."""
