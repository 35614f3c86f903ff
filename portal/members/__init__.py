"""Who the members are: contacts, consents, typed codes, sessions, cards. Knows nothing of points."""
