r"""Sections 7 to 9: related work, conclusion, impact."""

from __future__ import annotations

import sympy as sp
from sympy import Rational

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import linear_part, penalized_dirac
from symgan_papers.dynamic.model import eta, update


@claim(
    "dynamic.sec7.first",
    source="section 7, first sentence",
    says="the first work that determines the update order dynamically",
    expect=Verdict.INFORMAL,
    reason="a statement about the history of the field",
)
def first() -> None: ...


@claim(
    "dynamic.sec7.regularizers",
    source="section 7, 'Regularizers for stability'",
    formal=r"\det_{Sim} = 1 - \eta + \eta^2,\quad \det_{Alt} = 1 - \eta",
    says="certain regularizers make Sim-GDA and Alt-GDA convergent near saddle-points: with the "
    "gradient penalty psi^2/2 on the Dirac-GAN with Wasserstein loss both do for every eta < 1, "
    "as their eigenvalues are a conjugate pair with these squared moduli",
    expect=Verdict.PROVED,
)
def regularizers() -> Examination:
    names = sp.symbols("det_Sim disc_Sim det_Alt disc_Alt", real=True)
    game = penalized_dirac()
    sim = update(game, "V3").jacobian()
    alt = update(game, "V2").then(update(game, "V1")).jacobian()
    values = [sp.expand(x) for m in (sim, alt) for x in (m.det(), m.trace() ** 2 - 4 * m.det())]
    measured = []
    for in_turn in (False, True):
        det, trace = linear_part(lambda x, y: -x * y - y * y / 2, in_turn=in_turn)
        measured += [det, lambda q, d=det, t=trace: t(q) ** 2 - 4 * d(q)]
    det_sim, disc_sim, det_alt, disc_alt = names
    return Examination(
        sp.And(
            eq(det_sim, 1 - eta + eta**2),
            eq(det_alt, 1 - eta),
            det_sim < 1,
            det_alt < 1,
            disc_sim < 0,
            disc_alt < 0,
        ),
        dict(zip(names, values, strict=True)),
        by_numbers(
            dict(zip(names, measured, strict=True)),
            kind="iterated:mpmath",
            points=({eta: Rational(1, 10)}, {eta: Rational(9, 10)}),
            digits=15,  # linear parts are read off states of size 1e-20
        ),
        given=eta < 1,
        steps=(Step("one simultaneous step", sim), Step("one alternating round", alt)),
    )


@claim(
    "dynamic.sec7.survey",
    source="section 7",
    says="architectures, regularizers, support alignment and update ratios of other works",
    expect=Verdict.INFORMAL,
    reason="descriptions of the literature",
)
def survey() -> None: ...


@claim(
    "dynamic.sec7.divergence-alone",
    source="section 7, last sentence",
    says="minimizing a divergence in the feature-space alone can lead to optimizations that find "
    "no equilibrium",
    expect=Verdict.INFORMAL,
    reason="cited from Fedus et al. 2017; no statement is made that could be checked",
)
def divergence_alone() -> None: ...


@claim(
    "dynamic.sec8.order",
    source="section 8, first sentence",
    says="altering the update order can have a significant impact on convergence",
    expect=Verdict.INFORMAL,
    reason="'significant' is judged by the statistics of section 6; that orders differ at all is "
    "dynamic.alg1.order and dynamic.abstract.non-convergent",
)
def conclusion_order() -> None: ...


@claim(
    "dynamic.sec8.now-stable",
    source="section 8, second sentence",
    formal=r"\det_{Sim} \ge 1",
    says="earlier strategies for stability, proven non-convergent with Alt-GDA or Sim-GDA, are now "
    "proven stable; judged on the strategy R2-GP among those of section 6, on the Dirac-GAN "
    "(penalty psi^2/2): that Sim-GDA does not converge with it for eta < 1",
    expect=Verdict.REFUTED,
    amended=r"\det_{Sim} = 1 - \eta + \eta^2",
    repair="only Wasserstein and BCE loss on the Dirac-GAN are proven stable; the gradient "
    "penalties are convergent under Sim-GDA, as section 7 says",
)
def now_stable() -> Examination:
    determinant = sp.Symbol("det_Sim", real=True)
    jacobian = update(penalized_dirac(), "V3").jacobian()
    measured = linear_part(lambda x, y: -x * y - y * y / 2, in_turn=False)[0]
    return Examination(
        determinant >= 1,
        {determinant: sp.expand(jacobian.det())},
        by_numbers(
            {determinant: measured},
            kind="iterated:mpmath",
            points=({eta: Rational(1, 10)}, {eta: Rational(9, 10)}),
            digits=15,  # the linear part is read off states of size 1e-20
        ),
        given=eta < 1,
        amendment=eq(determinant, 1 - eta + eta**2),
        steps=(
            Step("on the Dirac-GAN the gradient penalties at real and at generated atoms agree"),
            Step("one simultaneous step with the penalty", jacobian),
        ),
    )


@claim(
    "dynamic.sec8.future",
    source="section 8, last sentences; section 9",
    says="the method improves training alone and in tandem; future work; impact",
    expect=Verdict.INFORMAL,
    reason="what is measurable in it is judged with section 6",
)
def future() -> None: ...
