"""A version of the rulebook is published: from an instant on, receipts are judged by it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.receipts import operations as receipts
from portal.receipts import queries as published
from portal.rulebook.document import Rulebook, document_json


class VersionExists(Refused):
    code = "version-exists"
    status = 409
    text = "Version %(version)s of this rulebook was published before, with other rules. Give it a new number."


class PublishedInThePast(Refused):
    code = "published-in-the-past"
    text = "A rulebook cannot come into force before now: receipts may have been judged already."


@dataclass(frozen=True, slots=True)
class PublishedRulebook:
    """What was published: `label` is "id@version". `new` is false when this very version stood already."""

    label: str
    digest: str
    effective_from: datetime
    new: bool


def publish_rulebook(
    session: Session, rulebook: Rulebook, *, effective_from: datetime, now: datetime
) -> PublishedRulebook:
    """Publish a version from an instant. The same document under the same version is published once.

    The first rulebook of a portal may come into force in the past, so that older receipts can be imported. Raises
    `VersionExists` or `PublishedInThePast`.
    """
    versions = published.published_versions(session)
    same = next((each for each in versions if (each.name, each.version) == (rulebook.id, rulebook.version)), None)
    if same is not None:
        if same.digest != rulebook.digest:
            raise VersionExists(version=rulebook.version)
        return PublishedRulebook(rulebook.label, same.digest, same.effective_from, new=False)
    if versions and effective_from < now:
        raise PublishedInThePast
    receipts.publish(
        session,
        name=rulebook.id,
        version=rulebook.version,
        digest=rulebook.digest,
        document=document_json(rulebook),
        effective_from=effective_from,
        now=now,
    )
    return PublishedRulebook(rulebook.label, rulebook.digest, effective_from, new=True)
