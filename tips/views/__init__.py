"""The anonymous door. No cookie is set, no address kept; nothing personal stands in an address of a page."""
