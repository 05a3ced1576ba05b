"""What is wrong with the survey, in short; each sentence with the claims that found it."""

FINDINGS = (
    (
        "Consensus optimization is printed with the wrong sign: as printed |v|^2 grows.",
        ("survey.consensus.sign",),
    ),
    (
        "Local symplectic surgery does not just find local Nash equilibria: on the bilinear game "
        "every orbit circles for ever, and for some lambda that the survey admits it is drawn to "
        "points where v is not 0.",
        ("survey.lss.finds", "survey.lss.attractors", "survey.lss.defined"),
    ),
    (
        "A local Nash equilibrium need not have a positive definite v', and v = 0 is no saddle "
        "inequality.",
        ("survey.local-nash.positive-definite", "survey.equilibrium.saddle"),
    ),
    (
        "The look-ahead step has the wrong sign, and the limit of a^k/b^k is taken in t.",
        ("survey.lss.intuition.sign", "survey.lss.two-timescale.ratio"),
    ),
    (
        "Two time scales need a^k = o(b^k), are no heavy ball, and go to attractors that are not "
        "Nash equilibria.",
        ("survey.ttur.two-scales", "survey.ttur.heavy-ball", "survey.ttur.local-nash"),
    ),
    (
        "The mean-field limit does not converge to its initial state: it is taken at k = tn, not "
        "at k < infinity.",
        ("survey.whl.limit.plugged-in", "survey.whl.limit.initial-state"),
    ),
    (
        "With one feature the two effects of noise are exchanged: weak noise oscillates, strong "
        "noise misses the feature.",
        ("survey.whl.small-noise", "survey.whl.big-noise"),
    ),
)
