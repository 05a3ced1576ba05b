"""What is wrong with the paper, in short; each sentence with the claims that found it."""

FINDINGS = (
    (
        "The two printed saddle conditions contradict one another, and neither holds at the "
        "Dirac-GAN's equilibrium.",
        (
            "dynamic.saddle.section2",
            "dynamic.saddle.appendix-d",
            "dynamic.saddle.one-definition",
        ),
    ),
    (
        "The step bounds of lemmas D.2 and D.5 lose a square, and D.6 prints none.",
        ("dynamic.lemma-d2.square", "dynamic.lemma-d2", "dynamic.lemma-d5.v1", "dynamic.lemma-d6"),
    ),
    (
        "Theorem 3.1's tighter bound fails: with the Wasserstein loss the oracle is stable exactly "
        "for eta < 2, as alternating descent is.",
        ("dynamic.thm3-1.w-finite", "dynamic.thm3-1.tighter-than-alt"),
    ),
    (
        "Convergence is not superlinear: a phase shrinks the distance geometrically, but may take "
        "any number of steps.",
        ("dynamic.superlinear",),
    ),
    (
        "In continuous time the oracle stops on an axis and never arrives.",
        ("dynamic.thm3-1.approaches",),
    ),
    (
        "Theorem 5.1 is false in both sentences: there are games on which simultaneous and "
        "alternating descent converge and Dynamic-GDA is stuck, or runs away.",
        ("dynamic.thm5-1.lyapunov", "dynamic.thm5-1.converges"),
    ),
    (
        "Lemma 4.3 is false: projections that share a value need not come from distributions that "
        "share an atom; theorem 4.4 needs a critic that scales all distances alike.",
        ("dynamic.lemma4-3.main", "dynamic.thm4-4.main"),
    ),
    (
        "Algorithm 3, printed as simultaneous descent, alternates, and leaves the gradients out.",
        ("dynamic.alg3.sim-is-alt", "dynamic.alg3.gradient"),
    ),
    (
        "Ten of the 28 printed average ranks are wrong, and p = .0192 should be .0052.",
        (
            "dynamic.table1.average-ranks",
            "dynamic.table2.average-ranks",
            "dynamic.table.friedman",
        ),
    ),
)
