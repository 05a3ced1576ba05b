"""What is wrong with the paper, in short; each sentence with the claims that found it."""

FINDINGS = (
    (
        "The coupling of alpha in (7) has the wrong sign: as printed, theta runs away as t^2; with "
        "the sign flipped Figure 1(b) is right, and its states circle (2, 0, 2).",
        ("annealed.eq7.alpha", "annealed.fig1b", "annealed.fig1b.centre.as-printed"),
    ),
    (
        "(12) and A, B, C of (13) have the overall sign wrong: psi(t) = K (cos t - a sin t - "
        "exp(-at))/(1 + a^2). The amplitude (15) survives, with |K| for K.",
        (
            "annealed.eq12",
            "annealed.eq13",
            "annealed.eq13.a",
            "annealed.eq13.b",
            "annealed.eq13.c",
            "annealed.eq15",
        ),
    ),
    (
        "In (17) two further sign slips undo that of (13); the integrand must be exp(-a tau), and "
        "the last two lines hold only as t tends to infinity.",
        (
            "annealed.eq17.line2",
            "annealed.eq17.line2.from-line1",
            "annealed.eq17.integrand",
            "annealed.eq17.line3",
            "annealed.eq17.line4",
        ),
    ),
    (
        "(18) equates a limit in T with what depends on T. At a fixed time, T to infinity leaves "
        "theta at alpha_0.",
        ("annealed.eq18.fixed-time",),
    ),
    (
        "For nonlinear f 'the same oscillation' needs f''(0) = 0 and more. At alpha_r = 3 the "
        "Jensen-Shannon loss does not oscillate at all: its eigenvalues are real and negative.",
        (
            "annealed.nonlinear",
            "annealed.nonlinear.center",
            "annealed.nonlinear.jensen-shannon",
        ),
    ),
    (
        "Small steps stay bounded as the flow does only if the players alternate; simultaneous "
        "steps spiral out, however small.",
        ("annealed.continuous-limit.steady-state.simultaneous",),
    ),
    (
        "(1) with f(y) = y lacks the bound |psi| <= 1 of the Wasserstein GAN, and (1) covers only "
        "some of the f-GANs.",
        ("annealed.eq1.wasserstein.value", "annealed.eq1.f-gan"),
    ),
    (
        "That K tends to 0 does not prove that the amplitude decreases in T; its derivative does, "
        "where alpha(0) differs from alpha_r.",
        ("annealed.eq15.inference", "annealed.eq15.decreases"),
    ),
)
