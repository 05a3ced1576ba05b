"""Notation of section 5."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()

_SEVERAL = "several relations"

NOT_READ: dict[str, str] = dict.fromkeys(
    (
        "gmm.experiments.impossible",
        "gmm.experiments.qualitative.numbers",
        "gmm.experiments.unrolled-more-often.options",
        "gmm.experiments.unrolled-often-fails.options",
        "gmm.experiments.unrolled-often-fails.options.l1",
        "gmm.more-often-than-not.options",
        "gmm.more-often-than-not.options.l1",
        "gmm.much-lower-than-one.unrolled.options.l1",
        "gmm.conclusions.collapse-prevents.crossed",
        "gmm.conclusions.collapse-prevents.crossed.l1",
        "gmm.settled.experiments.frozen",
        "gmm.settled.experiments.merged-successes",
        "gmm.settled.experiments.threshold",
    ),
    _SEVERAL,
)

AMENDMENTS_NOT_READ: dict[str, str] = {
    "gmm.experiments.all-fail.optimal": _SEVERAL,
}
