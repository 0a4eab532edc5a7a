"""The way through, one verb a module: observe → find → assess → open a case; and what looks back.

    the world ──observe──▶ Observation ──find──▶ Finding ──assess──▶ Assessment ──▶ Case

`screen` goes that way for many subjects, in batches that are committed whole. `analyse` is its
pure part. `replay` makes the pure part again from the store and compares the bytes. `verify`
holds what `cases` decided and `enforce` published against fresh observations.
"""

from ringfence.pipeline.analyse import Analysed, Bench, analyse
from ringfence.pipeline.replay import Replayed, replay
from ringfence.pipeline.screen import FEW, look, screen
from ringfence.pipeline.target import Captured, Plan, Screened, Target
from ringfence.pipeline.verify import Verified, looks, verify

__all__ = [
    "FEW",
    "Analysed",
    "Bench",
    "Captured",
    "Plan",
    "Replayed",
    "Screened",
    "Target",
    "Verified",
    "analyse",
    "look",
    "looks",
    "replay",
    "screen",
    "verify",
]
