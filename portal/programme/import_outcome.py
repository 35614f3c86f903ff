"""What becomes of receipts that are imported together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a receipt of the chunk, by its place, was not recorded."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a chunk: recorded, standing already, rejected."""

    recorded: int
    standing: int
    rejected: tuple[Rejected, ...]
