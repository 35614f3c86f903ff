"""Every table of the portal in one metadata, for the migrations and the tests."""

import portal.approvals.tables
import portal.catalogue.tables
import portal.ledger.tables
import portal.members.tables
import portal.notifications.tables
import portal.outbox.tables
import portal.perks.tables
import portal.push.tables
import portal.receipts.tables
import portal.referrals.tables
import portal.segments.tables
import portal.staff.tables
import portal.tiers.tables
import portal.wishes.tables  # noqa: F401 - imported so that their tables are known
from portal.db import Base

metadata = Base.metadata
