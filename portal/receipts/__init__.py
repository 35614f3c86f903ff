"""Receipts as tills told them and as the rulebook judged them, with everything that must happen once for each."""
