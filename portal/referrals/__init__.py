"""Who brought whom: codes, invite links, the gate, funnels (domain.md §5)."""
