"""Consents: what was shown, what was said, and that neither ever changes, on both databases."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.members import operations, queries
from portal.members.operations import Answer, ConsentTextFixed, UnknownConsentText
from tests.members.cast import ADA, BEN, NOW, join

WORDS = "I agree that the shop keeps my phone to run the programme."


@pytest.fixture
def ada(session):
    for purpose in ("programme", "marketing"):
        for version in ("1", "2"):
            operations.add_consent_text(
                session,
                purpose=purpose,
                version=version,
                language="en",
                text=f"{WORDS} ({purpose} {version})",
                now=NOW + timedelta(days=int(version)),
            )
    return join(session, ADA)


def answer(purpose="programme", *, granted=True, version="1", channel=None):
    return Answer(purpose=purpose, granted=granted, version=version, language="en", channel=channel)


def record(session, member_id, *answers, now=NOW):
    operations.record_consents(session, member_id, answers, source="join", proof="code-1", now=now)


def decisions(session, member_id):
    return [(d.purpose, d.channel, d.decision) for d in queries.consent_history(session, member_id)]


def test_a_consent_proves_the_exact_words(session, ada):
    record(session, ada, answer())
    (decision,) = queries.consent_history(session, ada)
    shown = queries.find_text(session, purpose="programme", version="1", language="en")
    assert decision.text_sha256 == shown.sha256 == hashlib.sha256(f"{WORDS} (programme 1)".encode()).hexdigest()
    assert (decision.at, decision.source, decision.proof, decision.text_language) == (NOW, "join", "code-1", "en")


def test_each_purpose_and_channel_is_decided_apart(session, ada):
    record(
        session,
        ada,
        answer(),
        answer("marketing", channel="sms"),
        answer("marketing", channel="email", granted=False),
    )
    assert queries.has_consented(session, ada, purpose="programme")
    assert queries.has_consented(session, ada, purpose="marketing", channel="sms")
    assert not queries.has_consented(session, ada, purpose="marketing", channel="email")
    assert not queries.has_consented(session, ada, purpose="marketing")
    assert not queries.has_consented(session, join(session, BEN, name="Ben"), purpose="programme")


def test_no_after_yes_is_a_withdrawal_and_no_at_first_a_refusal(session, ada):
    record(session, ada, answer(granted=False))
    record(session, ada, answer())
    record(session, ada, answer(granted=False))
    assert [said for _, _, said in decisions(session, ada)] == ["refused", "granted", "withdrawn"]


def test_the_same_answer_again_is_not_repeated(session, ada):
    for granted in (True, True, False, False):
        record(session, ada, answer(granted=granted))
    assert [said for _, _, said in decisions(session, ada)] == ["granted", "withdrawn"]


def test_new_words_are_agreed_to_anew(session, ada):
    record(session, ada, answer())
    record(session, ada, answer(version="2"))
    assert [d.text_version for d in queries.consent_history(session, ada)] == ["1", "2"]
    assert [d.text_version for d in queries.current_consents(session, ada)] == ["2"]


def test_a_withdrawal_holds_at_once_and_happens_once(session, ada):
    record(session, ada, answer("marketing", channel="sms"), answer("marketing", channel="push"))
    for _ in range(2):
        operations.withdraw_consent(session, ada, purpose="marketing", channel="sms", source="profile", now=NOW)
    assert not queries.has_consented(session, ada, purpose="marketing", channel="sms")
    assert queries.has_consented(session, ada, purpose="marketing", channel="push")
    assert len(queries.consent_history(session, ada)) == 3


def test_leaving_withdraws_everything(session, ada):
    record(
        session, ada, answer(), answer("marketing", channel="sms"), answer("marketing", channel="push", granted=False)
    )
    operations.leave(session, ada, source="profile", now=NOW)
    said = {(purpose, channel): said for purpose, channel, said in decisions(session, ada)}
    assert said == {
        ("programme", None): "withdrawn",
        ("marketing", "sms"): "withdrawn",
        ("marketing", "push"): "refused",
    }


def test_the_newest_words_are_shown(session, ada):
    assert queries.current_text(session, purpose="programme", language="en").version == "2"
    assert queries.current_text(session, purpose="programme", language="ru") is None


def test_words_are_kept_once_and_never_changed(session, ada):
    kept = queries.find_text(session, purpose="programme", version="1", language="en")
    again = operations.add_consent_text(
        session, purpose="programme", version="1", language="en", text=kept.text, now=NOW + timedelta(days=5)
    )
    assert again == kept
    with pytest.raises(ConsentTextFixed):
        operations.add_consent_text(session, purpose="programme", version="1", language="en", text="…", now=NOW)


def test_words_nobody_was_shown_cannot_be_agreed_to(session, ada):
    with pytest.raises(UnknownConsentText):
        record(session, ada, answer(version="9"))


@pytest.mark.parametrize(
    "sin",
    [
        "update consent set decision = 'granted'",
        "delete from consent",
        "update consent_text set text = 'I agree to everything.'",
        "delete from consent_text",
    ],
)
def test_the_database_refuses_to_rewrite_a_consent(session, ada, sin):
    record(session, ada, answer(granted=False))
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(sin))
