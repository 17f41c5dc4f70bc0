"""What comes along with a tip: fetched, sealed, copied, compared, judged, frozen, handed out, destroyed."""
