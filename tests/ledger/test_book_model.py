"""A book after random histories: every invariant after every step, and refunds in any order (security.md §3)."""

from hypothesis import settings

from tests.ledger.machine import BookMachine

BookMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestTheBookIsRightAfterEveryStep = BookMachine.TestCase
