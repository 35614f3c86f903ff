"""Tiers: a ladder that members climb by money really paid and by deeds, never by points (domain.md §4)."""

from portal.rulebook.tiers.judging import fall, rise, step_back
from portal.rulebook.tiers.ladder import Ladder, Metric, Tier
from portal.rulebook.tiers.measuring import Deeds, GivenBack, Kept, Measure, Span, Totals
from portal.rulebook.tiers.periods import Period, judgements
from portal.rulebook.tiers.progress import Path, Progress, near_miss, nearly, paths_of, progress_of, shown_path
from portal.rulebook.tiers.replay import Event, replay
from portal.rulebook.tiers.standing import Cause, Change, Manual, Standing, standing_after

__all__ = [
    "Cause",
    "Change",
    "Deeds",
    "Event",
    "GivenBack",
    "Kept",
    "Ladder",
    "Manual",
    "Measure",
    "Metric",
    "Path",
    "Period",
    "Progress",
    "Span",
    "Standing",
    "Tier",
    "Totals",
    "fall",
    "judgements",
    "near_miss",
    "nearly",
    "paths_of",
    "progress_of",
    "replay",
    "rise",
    "shown_path",
    "standing_after",
    "step_back",
]
