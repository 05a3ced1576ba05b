"""What is wrong with the poster, in short; each sentence with the claims that found it."""

FINDINGS = (
    (
        "Its theorem needs f''(0) < 0, which f(t) = t lacks.",
        ("stability.thm-gan.any-f", "stability.concave-concave.any-loss"),
    ),
    (
        "Its extension to zero eigenvalues needs 0 to be semisimple, and then orbits come to some "
        "equilibrium nearby, not to the one they left.",
        ("stability.extension", "stability.extension.this-equilibrium"),
    ),
    (
        "LaSalle's principle gives asymptotic stability, not exponential, and the distance to the "
        "equilibrium is no energy for it: on the poster's own two-parameter system it grows.",
        ("stability.lasalle", "stability.lasalle.distance"),
    ),
    (
        "Without strong curvature an equilibrium need not be stable at all.",
        ("stability.open.still-stable",),
    ),
)
