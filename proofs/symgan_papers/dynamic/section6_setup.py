r"""Section 6: datasets, networks, figures: what is checkable of the experimental setup."""

from __future__ import annotations

import mpmath
import sympy as sp
from sympy import Rational

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic import recount
from symgan_papers.dynamic.appendixf_setup import consistent, setting

RUNS = "the paper's runs, code and samples are not published with it"


@claim(
    "dynamic.sec6-1.learning-rate",
    source="sections 6.1, 6.2 and appendix F",
    says="the learning rate is 2e-4 wherever it is stated, for 2D and image datasets",
    expect=Verdict.PROVED,
)
def learning_rate() -> Examination:
    return consistent("learning rate", "0.0002")


@claim(
    "dynamic.sec6-1.iterations",
    source="sections 6.1, 6.2 and appendix F",
    says="training takes 30,000 iterations wherever their number is stated",
    expect=Verdict.PROVED,
)
def iterations() -> Examination:
    return consistent("iterations", "30000")


@claim(
    "dynamic.sec6-1.iterations.same-work",
    source="section 6; a finding of ours",
    formal=r"n_{Sim} = 30000,\quad n_{Alt5} = 5000",
    says="equal numbers of iterations are not equal work: by algorithm 1 and (5) an iteration is "
    "one update, so of 30,000 iterations Sim-GDA spends 30,000 on the generator and Alt-GDA with "
    "n_d = 5 only 5,000; the text does not say that iterations mean the same for all methods",
    expect=Verdict.PROVED,
)
def same_work() -> Examination:
    sim, alt = sp.symbols("updates_Sim updates_Alt5", real=True)
    total = setting("iterations", "2D", "section 6.1")
    n_d = 5

    def counted(moves: bool) -> int:
        """Generator updates by going through the iterations, equation (5) or (4)."""
        rounds = range(int(recount.setting("iterations", "2D", "section 6.1")))
        return sum(not moves or i % (n_d + 1) == n_d for i in rounds)

    return Examination(
        sp.And(eq(sim, 30000), eq(alt, 5000), evaluate=False),
        {sim: total, alt: total / (n_d + 1)},
        by_numbers(
            {sim: lambda place: counted(False), alt: lambda place: counted(True)},
            kind="counted",
        ),
    )


@claim(
    "dynamic.sec6-1.ring",
    source="section 6.1; a finding of ours",
    says="the ring's eight Gaussians, 0.5 from the origin, with the printed variance of 0.05: "
    "their standard deviation, 0.224, exceeds half the distance between neighbors, 0.191, so that "
    "they merge into one ring; presumably 0.05 is meant as the standard deviation "
    "(dynamic.sec6-1.ring.deviation)",
    formal=r"\sqrt{0.05} > 0.5 \sin(\pi/8)",
    expect=Verdict.PROVED,
)
def ring() -> Examination:
    deviation, half = sp.symbols("deviation half_distance", real=True)
    radius = setting("ring radius", "2D", "section 6.1")
    centers = setting("ring centers", "2D", "section 6.1")
    exact = {
        deviation: sp.sqrt(setting("ring variance", "2D", "section 6.1")),
        half: radius * sp.sin(sp.pi / centers),
    }

    def spread(place: object) -> object:
        """The deviation by integrating the density that the variance gives."""
        variance = recount.setting("ring variance", "2D", "section 6.1")
        density = lambda x: mpmath.exp(-(x**2) / (2 * variance))  # noqa: E731
        ends = [-8, -2, 0, 2, 8]
        mass, second = (mpmath.quad(lambda x, p=p: x**p * density(x), ends) for p in (0, 2))
        return mpmath.sqrt(second / mass)

    def apart(place: object) -> object:
        """Half the distance between two neighboring centers, from their coordinates."""
        r = recount.setting("ring radius", "2D", "section 6.1")
        n = recount.setting("ring centers", "2D", "section 6.1")
        return abs(r - r * mpmath.expj(2 * mpmath.pi / n)) / 2

    return Examination(
        deviation > half,
        exact,
        by_numbers({deviation: spread, half: apart}, kind="quadrature:mpmath"),
        steps=[Step("half the distance between neighbors", eq(half, exact[half]))],
    )


@claim(
    "dynamic.sec6-1.ring.deviation",
    source="section 6.1, with 0.05 read as the standard deviation",
    says="with a standard deviation of 0.05 the eight Gaussians are apart",
    expect=Verdict.PROVED,
)
def ring_deviation() -> Examination:
    deviation, half = sp.symbols("deviation half_distance", real=True)
    radius = setting("ring radius", "2D", "section 6.1")

    def apart(place: object) -> object:
        r = recount.setting("ring radius", "2D", "section 6.1")
        return abs(r - r * mpmath.expj(mpmath.pi / 4)) / 2

    return Examination(
        deviation < half,
        {deviation: Rational("0.05"), half: radius * sp.sin(sp.pi / 8)},
        by_numbers(
            {
                deviation: lambda place: recount.setting("ring variance", "2D", "section 6.1"),
                half: apart,
            }
        ),
    )


@claim(
    "dynamic.sec6-1.datasets",
    source="section 6.1",
    says="a ring of eight Gaussians, a circle of radius 0.5, a spiral, a segment from "
    "(-0.5, -0.5) to (0.5, 0.5)",
    expect=Verdict.INFORMAL,
    reason="definitions; the ring's variance has an entry of its own",
)
def datasets() -> None: ...


@claim(
    "dynamic.sec6.networks",
    source="sections 6.1 and 6.2",
    says="networks of 5 hidden layers of 16 (2D) or 1024 (MNIST) neurons; DCGAN-like ones for "
    "CIFAR-10 and celebA; instance noise N(0, 0.02 I); K = 0.83; other penalties 3; FID by "
    "InceptionV3 or a pretrained CNN",
    expect=Verdict.INFORMAL,
    reason=f"settings of the experiments; {RUNS}",
)
def networks() -> None: ...


@claim(
    "dynamic.sec6.only-order-varied",
    source="section 6",
    says="initialization, latent samples and mini-batches are the same for all methods",
    expect=Verdict.INFORMAL,
    reason=f"{RUNS}; what an iteration counts has an entry of its own",
)
def only_order() -> None: ...


@claim(
    "dynamic.fig1",
    source="figure 1",
    says="a sketch of update orders",
    expect=Verdict.INFORMAL,
    reason="a drawing without numbers",
)
def figure_1() -> None: ...


@claim(
    "dynamic.fig3",
    source="figure 3",
    says="samples of GANs on Spiral and Circle during training",
    expect=Verdict.INFORMAL,
    reason=f"pictures of samples; {RUNS}",
)
def figure_3() -> None: ...


@claim(
    "dynamic.fig4",
    source="figure 4 and section 6.2",
    says="on MNIST Dynamic-GDA learns all digits early and, unlike Alt-GDA with n_d = 5, without "
    "mode collapse",
    expect=Verdict.INFORMAL,
    reason=f"pictures of samples, without a measure of diversity; {RUNS}",
)
def figure_4() -> None: ...


@claim(
    "dynamic.fig5",
    source="figure 5",
    says="samples of GANs on CIFAR-10 and celebA after training",
    expect=Verdict.INFORMAL,
    reason=f"pictures of samples; {RUNS}",
)
def figure_5() -> None: ...


@claim(
    "dynamic.fig7-17",
    source="figures 7 to 17",
    says="further samples during and after training",
    expect=Verdict.INFORMAL,
    reason=f"pictures of samples; {RUNS}",
)
def figures_7_to_17() -> None: ...
