r"""Block Jacobians, their Lyapunov matrices, and networks."""

from __future__ import annotations

from typing import Any

from symgan.analysis.block_identities import BlockIdentity
from symgan.analysis.block_jacobian import KeyLemma
from symgan.analysis.block_numeric import NumericLemma
from symgan.analysis.flat_directions import FlatDirections
from symgan.analysis.lipschitz import Lipschitz, ReluNetwork
from symgan.analysis.lyapunov_matrix import Quadratic
from symgan.games.gan import Blocks
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words
from symgan.report.typesetting.numbers import floating


@formula.register
def _(blocks: Blocks, write: Writer) -> list[str]:
    sign = "=" if blocks.agree else r"\neq"
    return [
        f"K_{{DD}} &= {write(blocks.K_DD)}",
        f"K_{{DG}} &= {write(blocks.K_DG)}",
        f"J &{sign} {write(blocks.predicted)}",
    ]


@formula.register
def _(identity: BlockIdentity, write: Writer) -> list[str]:
    sign = "=" if identity.holds else r"\neq"
    name = words(f"{identity.name}:")
    return [rf"{name} &\quad {write(identity.left)}", f"&{sign} {write(identity.right)}"]


@formula.register
def _(lemma: KeyLemma, write: Writer) -> list[str]:
    rows = [
        rf"M &= {write(lemma.matrix)}",
        rf"Q + 2 \gamma P P^\top &= {write(lemma.damping)}",
        *write.says("Hurwitz", words("yes" if lemma.hurwitz else "no")),
    ]
    if lemma.imaginary:
        zeros = f"; {lemma.zeros} of them zero" if lemma.zeros else ""
        rows += write.says("on the imaginary axis", words(f"{lemma.imaginary}, semisimple{zeros}"))
        rows += write.says("eigenspaces", ", ".join(write(vector) for vector in lemma.axis))
    if lemma.certificate is not None:
        rows += formula(lemma.certificate, write)
    return rows if lemma.epsilon is None else [*rows, *write.equal(r"\varepsilon", lemma.epsilon)]


@formula.register
def _(found: Quadratic, write: Writer) -> list[str]:
    return [
        f"S &= {write(found.S)} > 0",
        rf"-(S M + M^\top S) &= {write(found.R)} > 0",
    ]


@formula.register
def _(lemma: NumericLemma, write: Writer) -> list[str]:
    rows = [rf"(n, m) &= ({lemma.size[0]}, {lemma.size[1]})"]
    if lemma.abscissa == lemma.abscissa:
        rows.append(rf"\max \operatorname{{Re}} \lambda &\approx {floating(lemma.abscissa)}")
    verdict = "Hurwitz, by two Cholesky factorizations" if lemma.certified else "not certified"
    return [*rows, rf"&{words(verdict)}"]


@formula.register
def _(found: FlatDirections, write: Writer) -> list[str]:
    rows = [
        *write.equal(r"h_D", found.h_D),
        *write.equal(r"h_G", found.h_G),
        f"K_{{DD}} &= {write(found.K_DD)}",
        f"K_{{DG}} &= {write(found.K_DG)}",
        rf"\nabla^2 h_D = 2 K_{{DD}} &= {write(found.hessian_D)}",
        rf"\nabla^2 h_G = 2 K_{{DG}}^\top K_{{DG}} &= {write(found.hessian_G)}",
    ]
    if found.directions:
        rows += write.says("flat", ", ".join(write.tuple(d) for d in found.directions))
    word = {True: "equilibria", False: "no equilibria", None: "open whether equilibria"}
    return [*rows, *write.says("along them", words(word[found.equilibria]))]


@formula.register
def _(network: ReluNetwork, write: Writer) -> list[str]:
    rows: list[str] = []
    signal = "x"
    for number, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), 1):
        shift = "" if b.is_zero_matrix else f" + {write(b)}"
        rows.append(f"y_{number} &= {write(W)} {signal}{shift}")
        signal = rf"\sigma(y_{number})"
    slope = "" if network.slope == 0 else f"{write(network.slope)}\\, y"
    return [*rows, rf"\sigma(y) &= \max({slope or '0'}, y)"]


@formula.register
def _(found: Lipschitz, write: Writer) -> list[str]:
    pattern: Any = found.at
    return [
        *write.equal(r"\operatorname{Lip}", found.constant),
        *write.equal(r"\prod_i \|W_i\|_2", found.product),
        rf"J &= {write(found.jacobian)} \quad\text{{at }} {write.tuple(pattern)}",
        *write.says("regions", str(found.regions)),
    ]
