"""A child that was found and that nobody has reported: kept, compared with every open report, identified."""
