"""Meta's AMBER programme: a dossier for its team, which confirms by telephone or mail what it shows."""
