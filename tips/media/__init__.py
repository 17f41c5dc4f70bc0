"""Pictures and clips the public sent: found again among all that was ever seen, whatever was done to them."""
