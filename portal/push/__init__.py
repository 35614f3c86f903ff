"""Web push: the browsers members let us reach, and the short notes that are sent to them (pwa.md §1.7)."""
