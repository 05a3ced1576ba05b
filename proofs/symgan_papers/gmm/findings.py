"""What is wrong with the paper, in short; each sentence with the claims that found it."""

FINDINGS = (
    (
        "A run counts as a success where the total variation distance is below 0.1; two means "
        "merged at 0 have the distance 0.058, so that generators that start mode collapsed "
        "succeed.",
        ("gmm.experiments.fit-well", "gmm.experiments.all-fail.first-order"),
    ),
    (
        "Five unrolled steps do not often fail, by the printed criterion and from intervals drawn "
        "as four sorted uniform numbers.",
        ("gmm.experiments.unrolled-often-fails", "gmm.much-lower-than-one.unrolled"),
    ),
    (
        "'A discriminator interval of length zero can never uncollapse': it opens wherever the "
        "true density is the larger one.",
        ("gmm.never-uncollapse", "gmm.never-uncollapse.orbit"),
    ),
    (
        "As printed, (10)-(11) do not keep l <= r: a collapsing interval turns inside out and goes "
        "on moving.",
        ("gmm.eq11.order", "gmm.fig2c.printed"),
    ),
    (
        "Figure 2's right interval [-1, 2.5] covers the left one and breaks (5).",
        ("gmm.fig2.right-interval",),
    ),
    (
        "Rect(0) is empty as defined, so that lemma 4.2 speaks of the optimum too, where there is "
        "no gradient.",
        ("gmm.lemma4-2.as-printed", "gmm.sets.rect-zero"),
    ),
    (
        "Theorem 3.1 needs a step that falls with delta, which eta = poly(1/delta, e^(-C^2)) does "
        "not, and a time polynomial in e^(C^2).",
        ("gmm.thm3-1.step", "gmm.thm3-1.time"),
    ),
    (
        "With a fixed step the optimal discriminator's means never come to rest.",
        ("gmm.fig1c.still-moving", "gmm.single-gaussian.fixed-step"),
    ),
)
