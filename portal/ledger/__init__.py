"""The ledger: what the programme owes each member, told as entries that are never changed (domain.md §2)."""
