"""The rulebooks an import judges by: looked up in memory, not once for each receipt."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.programme.rulebooks import rulebook_by_digest
from portal.receipts.queries import published_versions
from portal.rulebook.document import Rulebook


class PublishedRulebooks:
    """The published rulebooks of one chunk."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._versions = published_versions(session)

    def at(self, moment: datetime) -> Rulebook:
        """Return the rulebook in force at an instant. Raises `NoRulebook`."""
        found = next((each for each in self._versions if each.effective_from <= moment), None)
        return rulebook_by_digest(self._session, found.digest if found else None)
