"""The form of a correction: what is typed, and what becomes of it."""

from typing import cast

from wtforms import RadioField, SelectField, StringField

from portal.errors import Refused
from portal.ids import new_id
from portal.ledger.accruals import Reason
from portal.programme.adjust_points import Correction, adjust_points, ask_for_adjustment
from portal.programme.answers import AdjustmentAnswer
from portal.programme.look_up_receipt import ReceiptNotFound, look_up_receipt_number
from portal.staff.operations import type_pin_again
from portal.staff.roles import reaches
from portal.till.deeds import note_deed
from portal.till.device import current_device, current_shift, till_command
from portal.till.pins import pin_refused
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.instant import now
from portal.web.language import gettext, mark, said
from portal.web.transactions import session
from portal.web.typed import read_whole

TOO_MANY_POINTS = 10_000_000
LONGEST_COMMENT = 300
HOW_MANY = mark("Write how many points, in digits.")
REASONS: tuple[tuple[Reason, str], ...] = (
    ("error_fix", mark("A mistake is put right")),
    ("complaint", mark("A complaint")),
    ("goodwill", mark("Goodwill")),
    ("fraud", mark("Abuse")),
)
WAYS = (("give", mark("Give")), ("take", mark("Take")))
WORDS: dict[str, str] = {**dict(REASONS), "migration": mark("Brought over")}


class ReceiptOfAnother(Refused):
    code = "receipt-of-another"
    text = "This receipt belongs to another card."


class CorrectionForm(PortalForm):
    """Points are typed without a sign; `way` says whether they are given or taken."""

    correction = StringField()
    member = StringField()
    way = RadioField(validate_choice=False, default="give")
    points = StringField(filters=[stripped], validators=[Needed(HOW_MANY)])
    reason = SelectField(validate_choice=False)
    comment = StringField(filters=[stripped], validators=[Needed(mark("Say in your words why."))])
    receipt = StringField(filters=[stripped])
    pin = StringField()

    @property
    def signed_points(self) -> int | None:
        """Return the points with their sign; None when what was typed is no number of them."""
        points = read_whole(self.points.data or "")
        if points is None or points >= TOO_MANY_POINTS:
            return None
        return -points if self.way.data == "take" else points


def offered(form: CorrectionForm) -> CorrectionForm:
    """Put the ways and reasons to choose from on the form, in the page's language."""
    form.way.choices = [(way, gettext(words)) for way, words in WAYS]
    form.reason.choices = [(reason, gettext(words)) for reason, words in REASONS]
    return form


def untouched(member_id: str) -> CorrectionForm:
    """Return an empty form; its id is the correction's, so that sending it twice corrects once."""
    return CorrectionForm(data={"correction": new_id(now()), "member": member_id, "way": "give"})


def pin_is_stale() -> bool:
    """Tell whether the PIN has to be typed once more (security.md §4)."""
    return not current_shift().has_fresh_pin(now())


def asked_for(form: CorrectionForm) -> int:
    """Correct, or ask for it, and return 200, or the status of what was wrong, which then stands on the form."""
    if not form.validate():
        return 422
    points = form.signed_points
    if points is None:
        form.blame("points", message=HOW_MANY)
        return 422
    if status := _wrong_pin(form):
        return status
    try:
        answer = _ask(_correction(form, points))
    except (ReceiptNotFound, ReceiptOfAnother) as refusal:
        form.blame("receipt", message=said(refusal))
        return refusal.status
    except Refused as refusal:
        form.blame("points", message=said(refusal))
        return refusal.status
    note("points.adjusted", answer, by=current_shift().staff_id)
    return 200


def note(action: str, answer: AdjustmentAnswer, *, by: str) -> None:
    """Note in the audit what was done to whose balance."""
    facts = {"adjustment": answer.id, "points": answer.points, "reason": answer.reason, "state": answer.state}
    note_deed(action, subject="member", subject_id=answer.member_id, by=by, **facts)


def _wrong_pin(form: CorrectionForm) -> int:
    """Return 0 for a fresh PIN, or one typed right just now; a wrong one is counted and stands on the form."""
    if not pin_is_stale():
        return 0
    entry = type_pin_again(session(), current_shift(), (form.pin.data or "").strip(), now=now())
    form.pin.data = ""
    return pin_refused(form, entry.refusal, of=current_shift().staff_id) if entry.refusal else 0


def _correction(form: CorrectionForm, points: int) -> Correction:
    member_id, chosen = form.member.data or "", form.reason.data or ""
    return Correction(
        id=form.correction.data or "",
        member_id=member_id,
        points=points,
        reason=cast("Reason", chosen if chosen in WORDS else REASONS[0][0]),
        comment=(form.comment.data or "")[:LONGEST_COMMENT],
        receipt_id=_receipt_of(member_id, form.receipt.data or ""),
    )


def _receipt_of(member_id: str, number: str) -> str | None:
    """Return the id of a receipt of this store. Raises `ReceiptNotFound`, `ReceiptOfAnother`."""
    if not number:
        return None
    found = look_up_receipt_number(session(), store=current_device().store, number=number[:80])
    if found.member_id != member_id:
        raise ReceiptOfAnother
    return found.receipt_id


def _ask(correction: Correction) -> AdjustmentAnswer:
    """Let a senior correct by himself where one person may; what a cashier asks for waits for a second one."""
    command = till_command(correction.id)
    if reaches(current_shift().role, "senior"):
        return adjust_points(session(), correction, command=command)
    return ask_for_adjustment(session(), correction, command=command)
