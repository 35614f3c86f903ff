"""The fixed steps of an evaluation, one module each, in the order of domain.md §3.4."""
