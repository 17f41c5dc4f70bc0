"""What a family sees. Nothing personal in an address, nothing kept by a cache."""
