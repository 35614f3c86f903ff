"""What tills ask members on their own phones: may these points be spent? (security.md §4)."""
