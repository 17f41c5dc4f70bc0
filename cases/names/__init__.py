"""Names of the Maghreb, Egypt and Gabon: alike in any script or spelling, spelt in the other. No Django."""
