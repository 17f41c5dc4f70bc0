"""Names of the Maghreb, Egypt and Gabon: alike in any script or spelling, and spelt in the other. No Django."""
