"""Receipts of the past are recorded, a few hundred in one transaction (docs/import.md).

Members stay in memory between receipts and everything of a chunk is written by one statement. What does not fit that (a
receipt older than the member's last, rules whose caps count) is read and written for itself. Nothing is told to the
world outside: it happened long ago. `import_receipt` does the same one by one, slowly, and tells.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch, locks_reads
from portal.errors import Refused
from portal.ledger import operations as ledger
from portal.members.contacts import WrongContact
from portal.members.lookup import by_anything_typed, by_id
from portal.members.operations.identify import UnknownMember
from portal.members.queries import find_person
from portal.members.queries.references import ids_by_reference
from portal.programme.collector import resting_collector
from portal.programme.command import Command, digest_of
from portal.programme.import_accounts import Account, read_accounts, scene_of
from portal.programme.import_outcome import Imported, Rejected
from portal.programme.import_rows import ImportedReceipt
from portal.programme.import_rulebooks import PublishedRulebooks
from portal.programme.import_writing import CLIENT, NamedReceipt, write_receipt
from portal.programme.judging import CLOCK_SKEW, FutureReceipt, check_points, judge_receipt
from portal.programme.posting import parties
from portal.programme.scene import read_scene
from portal.programme.told import ToldReceipt
from portal.programme.told_before import ReceiptConflict
from portal.receipts import operations as receipts
from portal.receipts.queries import KeptReceipt
from portal.receipts.queries.numbers import standing_digests
from portal.rulebook.document import Rulebook
from portal.rulebook.explain import Language
from portal.rulebook.receipt import receipt_json

_KEPT_ACCOUNTS = 20_000


@dataclass(slots=True)
class ReceiptImport:
    """An import from its first chunk to its last; keeps what it learned of rulebooks and members between them."""

    language: Language
    now: datetime
    _accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    _ids: dict[str, str] = field(default_factory=dict[str, str])
    _batch: Batch = field(default_factory=Batch)
    _touched: set[str] = field(default_factory=set[str])

    @resting_collector()
    def record(self, session: Session, chunk: Sequence[ImportedReceipt]) -> Imported:
        """Record a chunk of receipts in their order; run it by `portal.db.run`, it may be run again.

        A receipt that stands already is left as it is, one with another content under its number is rejected.
        """
        if locks_reads(session):
            self._forget()
        rejected: list[Rejected] = []
        try:
            fresh, standing = self._fresh(session, list(self._named(session, chunk, rejected)), rejected)
            self._load(session, fresh)
            in_force = PublishedRulebooks(session)
            recorded = sum(self._one(session, named, in_force, rejected) for named in fresh)
            self._flush(session)
        except BaseException:
            self._forget()
            raise
        return Imported(recorded, standing, tuple(sorted(rejected, key=lambda each: each.place)))

    def _named(
        self, session: Session, chunk: Sequence[ImportedReceipt], rejected: list[Rejected]
    ) -> Iterator[NamedReceipt]:
        unknown = {each.member for each in chunk if each.member and each.member not in self._ids}
        self._ids |= ids_by_reference(session, unknown) if unknown else {}
        for place, each in enumerate(chunk):
            try:
                member_id = self._member_id(session, each.member) if each.member else None
            except (UnknownMember, WrongContact):
                rejected.append(Rejected(place, _reason(UnknownMember())))
                continue
            told = ToldReceipt(receipt=each.receipt, member=by_id(member_id) if member_id else None)
            document = receipt_json(each.receipt)
            yield NamedReceipt(place, told, document, digest_of(document), member_id)

    def _member_id(self, session: Session, member: str) -> str:
        """Return whose reference, card number, phone or address it is. Raises `UnknownMember` or `WrongContact`."""
        if member not in self._ids:
            person = find_person(session, by_anything_typed(member))
            if person is None:
                raise UnknownMember
            self._ids[member] = person.id
        return self._ids[member]

    def _fresh(
        self, session: Session, named: Sequence[NamedReceipt], rejected: list[Rejected]
    ) -> tuple[list[NamedReceipt], int]:
        """Leave out what stands already, in the database or earlier in the chunk."""
        known = standing_digests(session, [_name(each.told) for each in named]) if named else {}
        fresh: list[NamedReceipt] = []
        standing = 0
        for each in named:
            digest = known.setdefault(_name(each.told), "")
            if not digest:
                known[_name(each.told)] = each.digest
                fresh.append(each)
            elif digest == each.digest:
                standing += 1
            else:
                rejected.append(Rejected(each.place, _reason(ReceiptConflict())))
        return fresh, standing

    def _load(self, session: Session, fresh: Sequence[NamedReceipt]) -> None:
        """Read whom the chunk needs and nobody has in memory, then their referrers and agents."""
        if len(self._accounts) > _KEPT_ACCOUNTS:
            self._accounts.clear()
        buyers = [each.member_id for each in fresh if each.member_id]
        since = min((each.told.receipt.at for each in fresh), default=self.now)
        self._read(session, buyers, since=since)
        self._read(session, [side for buyer in buyers for side in self._sides(buyer)], since=since)

    def _read(self, session: Session, wanted: Iterable[str], *, since: datetime) -> None:
        missing = {each for each in wanted if each not in self._accounts}
        if missing:
            self._accounts |= dict(read_accounts(session, missing, now=since))

    def _sides(self, buyer: str) -> tuple[str, ...]:
        return self._accounts[buyer].sides

    def _one(
        self, session: Session, named: NamedReceipt, in_force: PublishedRulebooks, rejected: list[Rejected]
    ) -> int:
        """Record one receipt and return how many that were."""
        try:
            if named.told.receipt.at > self.now + CLOCK_SKEW:
                raise FutureReceipt
            rulebook = in_force.at(named.told.receipt.at)
            self._make_ready(session, named)
            if self._needs_more(named, rulebook):
                self._record_alone(session, named)
            else:
                self._record_in_memory(session, named, rulebook)
        except Refused as refusal:
            rejected.append(Rejected(named.place, _reason(refusal)))
            return 0
        return 1

    def _needs_more(self, named: NamedReceipt, rulebook: Rulebook) -> bool:
        """Tell whether a receipt must be read for itself: it comes late, or rules count beyond it."""
        if any(cap.scope != "receipt" for rule in rulebook.rules for cap in rule.caps):
            return True
        last = self._accounts[named.member_id].history.stored_last_at if named.member_id else None
        return last is not None and named.told.receipt.at < last

    def _make_ready(self, session: Session, named: NamedReceipt) -> None:
        """Read whoever is not in memory; a member whose rights moved in this chunk is written first."""
        buyer, since = named.member_id, named.told.receipt.at
        if buyer is None:
            return
        if buyer in self._accounts and self._accounts[buyer].uses_rights:
            self._flush(session)
        self._read(session, [buyer], since=since)
        self._read(session, self._sides(buyer), since=since)

    def _record_in_memory(self, session: Session, named: NamedReceipt, rulebook: Rulebook) -> None:
        at, buyer = named.told.receipt.at, named.member_id
        command = self._command(named.told)
        scene = scene_of(session, self._accounts, buyer, rulebook, at=at)
        judged = judge_receipt(session, named.told, scene, command)
        check_points(named.told, judged)
        used = write_receipt(self._batch, named, scene, judged, language=self.language, now=self.now)
        if buyer is not None:
            account, outcome = self._accounts[buyer], judged.outcome
            if scene.climb is not None:
                account.climbed(scene.climb.bought(outcome.due, at=at))
            account.kept = (*account.kept, KeptReceipt("", at, outcome.due))
            account.bought(at=at, net=outcome.total - outcome.discount, due=outcome.due)
            account.uses_rights = bool(used or outcome.unlocked or outcome.coupons or outcome.birthday_used is not None)
            self._touched.update((buyer, *self._sides(buyer)))

    def _record_alone(self, session: Session, named: NamedReceipt) -> None:
        """Record one receipt with everything read for it; the members it concerns are read anew afterwards."""
        self._flush(session)
        command = self._command(named.told)
        scene = read_scene(session, named.told, command)
        judged = judge_receipt(session, named.told, scene, command)
        check_points(named.told, judged)
        write_receipt(self._batch, named, scene, judged, language=self.language, now=self.now, counted=True)
        ledger.store(self._batch, *parties(scene))
        self._batch.flush(session)
        for book in parties(scene):
            self._accounts.pop(book.member, None)

    def _flush(self, session: Session) -> None:
        """Write everything so far; who used rights must be read again."""
        touched = [self._accounts[member_id] for member_id in sorted(self._touched)]
        ledger.store(self._batch, *(account.book for account in touched))
        for account in touched:
            if account.turned:
                _turn(self._batch, account)
            account.write_changes(self._batch, now=self.now)
        self._batch.flush(session)
        for account in touched:
            account.written()
            if account.uses_rights:
                del self._accounts[account.person.id]
        self._touched.clear()

    def _forget(self) -> None:
        self._accounts.clear()
        self._touched.clear()
        self._batch = Batch()

    def _command(self, told: ToldReceipt) -> Command:
        """Return the command of a receipt, told at its own time by who may tell old receipts and vouches for buyers."""
        key = f"{told.receipt.store}/{told.receipt.number}"
        return Command(
            client=CLIENT,
            key=key,
            now=told.receipt.at,
            language=self.language,
            operator=CLIENT,
            may_backdate=True,
            vouches=True,
        )


def _name(told: ToldReceipt) -> tuple[str, str]:
    return told.receipt.store, told.receipt.number


def _turn(batch: Batch, account: Account) -> None:
    history = account.history
    at, net = history.stored_last_at, history.stored_last_net
    last = None if at is None or net is None else (at, net)
    purchases, member_id = history.stored_purchases, account.person.id
    receipts.turn(batch, member_id, turns=history.turns, purchases=purchases, last=last, kept=history.kept)


def _reason(refusal: Refused) -> str:
    return refusal.text % refusal.facts
