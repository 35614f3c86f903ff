"""What people ask for and the shop has not: "do you have…?" at a till, wishes of members, and the shop's answers."""
