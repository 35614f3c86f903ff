"""The member portal of a shop's loyalty programme."""
