"""Writes of the outbox; none of them commits."""

from portal.outbox.operations.jobs import (
    KEEP_DEAD,
    KEEP_DONE,
    WAKE_CHANNEL,
    cancel,
    enqueue,
    purge_jobs,
    start_timed,
    supersede,
    wake,
)
from portal.outbox.operations.leases import (
    LEASE,
    LeaseLost,
    advance,
    bury,
    drop,
    finish,
    give_back,
    lease,
    renew,
    retry,
    settle,
)
from portal.outbox.operations.telling import forget_messages_to, keep_message, post, purge_messages, tell
from portal.outbox.operations.together import finish_fresh, take_fresh

__all__ = [
    "KEEP_DEAD",
    "KEEP_DONE",
    "LEASE",
    "WAKE_CHANNEL",
    "LeaseLost",
    "advance",
    "bury",
    "cancel",
    "drop",
    "enqueue",
    "finish",
    "finish_fresh",
    "forget_messages_to",
    "give_back",
    "keep_message",
    "lease",
    "post",
    "purge_jobs",
    "purge_messages",
    "renew",
    "retry",
    "settle",
    "start_timed",
    "supersede",
    "take_fresh",
    "tell",
    "wake",
]
