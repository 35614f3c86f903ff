"""Addresses of every page that a member can see, for tests that hold all of them to something."""

STRANGERS = (
    *("/", "/join", "/sign-in", "/install", "/terms", "/privacy", "/offline", "/card/offline", "/nowhere"),
    "/i/nobody",
)
MEMBERS = (
    *("/home", "/card", "/history", "/history/2", "/inbox", "/offers", "/rewards", "/profile"),
    "/calculator?lines=1&line1-amount=1999",
    *("/profile/messages", "/profile/devices", "/profile/holiday", "/push"),
    *("/invite", "/clients", "/calculator?lines=1&line1-amount=x"),
    "/wishes",
    "/tier",
    "/route",
)
ON_THE_WAY_IN = ("/code", "/welcome")
NO_PAGES = ("/approve/open", "/push/subscription", "/session")
