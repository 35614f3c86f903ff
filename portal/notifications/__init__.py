"""Messages to members: what may be sent and when, the inbox, and what each member wants to hear about and where."""
