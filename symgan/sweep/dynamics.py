r"""The dynamics of a failure map by name: any explicit rule of the catalog on the mixture GAN.

``first-order`` is simultaneous descent; ``unrolled:steps=5``, ``alternating:n_d=5`` and
``lookahead:k=5,alpha=1/2`` are straight-line programs; ``optimal`` moves the means alone, against
the best discriminator, and ``optimal:noise=1e-6`` adds normal noise of that size to every step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData, GameError, UnknownName
from symgan.sweep.design import stream
from symgan.sweep.intervals import Intervals

if TYPE_CHECKING:
    from symgan.games.mixture import MixtureGan
    from symgan.program import Program
    from symgan.sweep.mixture import MixtureMap
    from symgan.system import Map

Floats = NDArray[np.float64]
Follow = Callable[[slice, Floats, Callable[[], None]], tuple[Floats, Floats]]
"""(cells, starts (cells, draws, 6), checkpoint) -> final states and their movement, alike."""

REPAIRS = ("literal", "clamped", "frozen")
BACKENDS = ("numpy", "jit")
FIRST_ORDER, OPTIMAL = "first-order", "optimal"
SEGMENT = 250
"""Steps between two checkpoints."""


@dataclass(frozen=True)
class Dynamics:
    """A rule by its name, with options.

    Attributes:
        rule: ``first-order``, ``optimal``, or a rule of the catalog.
        options: pairs (option, text of its value).

    >>> str(Dynamics.parse("unrolled:steps=5"))
    'unrolled:steps=5'
    """

    rule: str
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Dynamics:
        """From ``rule`` or ``rule:option=value,...``.

        Raises:
            UnknownName: no rule of that name.
            BadData: an option that is not written ``option=value``.
        """
        name, _, rest = text.partition(":")
        pairs = [pair.partition("=")[::2] for pair in rest.split(",") if pair]
        for option, value in pairs:
            if not option or not value:
                raise BadData(f"cannot read {text!r}; write it like unrolled:steps=5")
        if name not in (FIRST_ORDER, OPTIMAL):
            from symgan import rules

            if name not in rules.catalog():
                known = ", ".join([FIRST_ORDER, OPTIMAL, *sorted(rules.catalog())])
                raise UnknownName(f"no dynamics are called {name!r}; choose one of: {known}")
        return cls(name, tuple((option.strip(), value.strip()) for option, value in pairs))

    def __str__(self) -> str:
        listed = ",".join(f"{option}={value}" for option, value in self.options)
        return f"{self.rule}:{listed}" if listed else self.rule

    @property
    def values(self) -> dict[str, Any]:
        """The options with their values: whole numbers, fractions, switches or names."""
        return {option: _value(text) for option, text in self.options}

    @property
    def repeats(self) -> bool:
        """Whether all runs from one pair of means are one: no discriminator, and no noise."""
        return self.rule == OPTIMAL and self.noise == 0

    @property
    def noise(self) -> float:
        """The standard deviation of the noise of ``optimal``.

        Raises:
            BadData: another option, or noise that is no number of at least 0.
        """
        if self.rule != OPTIMAL:
            return 0.0
        unknown = [option for option, _ in self.options if option != "noise"]
        size = self.values.get("noise", 0)
        if unknown or isinstance(size, str | bool) or not size >= 0:
            raise BadData(f"cannot read {str(self)!r}; write optimal or optimal:noise=1e-6")
        return float(size)


def _value(text: str) -> Any:
    import sympy as sp

    if text in ("true", "false"):
        return text == "true"
    try:
        exact = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text
    return int(exact) if exact.denominator == 1 else sp.Rational(exact)


def system(m: MixtureMap) -> Map | Program:
    """The map or program of one step, its repair applied.

    Raises:
        GameError: the rule has no formula on this game, or does not take these options.
    """
    import sympy as sp

    from symgan.games.mixture import Mixture, mixture_gan
    from symgan.implicit import ImplicitMap
    from symgan.program import Program
    from symgan.rules.ordering import ordered
    from symgan.system import Map

    gan = mixture_gan(truth=Mixture(tuple(sp.Rational(mean) for mean in m.truth)))
    dynamics = Dynamics.parse(m.dynamics)
    try:
        update: Any = _update(dynamics.rule, gan, sp.Rational(m.eta), dynamics.values)
    except TypeError as error:
        raise GameError(f"cannot build the dynamics {m.dynamics!r}: {error}") from error
    if isinstance(update, ImplicitMap):
        raise GameError(f"the rule {dynamics.rule!r} has no formula on this game")
    if m.repair != REPAIRS[0] and isinstance(update, Map) and not update.memory:
        update = Program.of(update)  # names what the repair uses several times
    for chain in chains(m, gan):
        update = ordered(update, chain, repair=m.repair)
    return update


def chains(m: MixtureMap, gan: MixtureGan) -> tuple[tuple[Any, ...], ...]:
    r"""The orders that a repair keeps: :math:`\ell_1 \le r_1 \le \ell_2 \le r_2`.

    Intervals that may overlap from the start keep :math:`\ell_i \le r_i` alone.
    """
    pairs = tuple(zip(gan.left, gan.right, strict=True))
    if Intervals.parse(m.intervals).overlapping:
        return pairs
    return (tuple(end for pair in pairs for end in pair),)


def _update(rule: str, gan: MixtureGan, eta: Any, options: Mapping[str, Any]) -> Any:
    from symgan import rules

    if rule == "unrolled":
        from symgan.rules.unrolled import unrolled_program

        return unrolled_program(gan.game, eta, **options)
    if rule == "alternating":
        from symgan.rules.alternating import alternating_program

        return alternating_program(gan.game, eta, **options)
    if rule == "lookahead":
        return _lookahead(gan, eta, **options)
    name = "simultaneous" if rule == FIRST_ORDER else rule
    return rules.named(name)(gan.game, eta, **options)


def _lookahead(gan: MixtureGan, eta: Any, k: int = 5, alpha: Any = Fraction(1, 2)) -> Program:
    """The program of k simultaneous steps and a slow one; the rule writes the formula out."""
    import sympy as sp

    from symgan.program import Program
    from symgan.rules.simultaneous import simultaneous

    fast = Program.of(simultaneous(gan.game, eta))
    ahead = fast
    for _ in range(k - 1):
        ahead = ahead.then(fast)
    pairs = zip(fast.state, ahead.rhs, strict=True)
    return replace(ahead, rhs=tuple(x + sp.sympify(alpha) * (f - x) for x, f in pairs))


def follower(m: MixtureMap) -> Follow:
    """Compile the dynamics of a map.

    Raises:
        GameError, KernelError: as `system`.
    """
    return _optimal(m) if Dynamics.parse(m.dynamics).rule == OPTIMAL else _compiled(m)


def _compiled(m: MixtureMap) -> Follow:
    from symgan.kernels import compile

    update = system(m)
    kernel, lift = compile(update, backend=m.backend), _lift(update)
    last = m.settings()["window"]

    def follow(
        cells: slice, starts: Floats, checkpoint: Callable[[], None]
    ) -> tuple[Floats, Floats]:
        del cells
        x = lift(starts)
        for steps in _segments(m.iterations - int(last)):
            checkpoint()
            x = kernel.iterate(x, steps)
        checkpoint()
        path = kernel.trajectory(x, int(last))[..., : starts.shape[-1]]
        return path[-1], path.max(axis=0) - path.min(axis=0)

    return follow


def _lift(update: Map | Program) -> Callable[[Floats], Floats]:
    """States with the memory of the rule appended, as it starts."""
    from symgan.kernels import compile
    from symgan.system import Map

    if not isinstance(update, Map) or not update.memory:
        return lambda x: x
    if update.index is not None:
        raise GameError("a rule that counts its steps cannot be followed in segments")
    start = compile(
        tuple(update.lift({s: s for s in update.visible}).values()),
        arguments=update.visible,
        backend="numpy",
    )

    def lift(x: Floats) -> Floats:
        return start({s: x[..., i] for i, s in enumerate(update.visible)})

    return lift


def _segments(steps: int) -> list[int]:
    whole, rest = divmod(steps, SEGMENT)
    return [SEGMENT] * whole + [rest] * (rest > 0)


def _optimal(m: MixtureMap) -> Follow:
    """Steps of the means against the best discriminator, whose last ends are kept."""
    from symgan.kernels.mixture_steps import optimal_ends, optimal_iterate

    truth, noise = [float(mean) for mean in m.truth], Dynamics.parse(m.dynamics).noise
    last = int(m.settings()["window"])

    def follow(
        cells: slice, starts: Floats, checkpoint: Callable[[], None]
    ) -> tuple[Floats, Floats]:
        numbers = trajectories(m, cells)

        def advance(x: Floats, done: int, steps: int) -> Floats:
            return optimal_iterate(
                truth,
                x,
                float(m.eta),
                steps,
                noise=noise,
                seed=m.seed,
                streams=numbers,
                first_step=done,
            )

        x, done = starts[..., :2], 0
        for steps in _segments(m.iterations - last):
            checkpoint()
            x, done = advance(x, done, steps), done + steps
        low = high = x
        for k in range(done, m.iterations):
            x = advance(x, k, 1)
            low, high = np.minimum(low, x), np.maximum(high, x)
        ends = optimal_ends(truth, x)
        unknown = np.full((*x.shape[:-1], 4), np.nan)
        final = np.concatenate([x, ends.left, ends.right], axis=-1)
        return final, np.concatenate([high - low, unknown], axis=-1)

    return follow


def trajectories(m: MixtureMap, cells: slice) -> NDArray[np.int64]:
    """Numbers of the trajectories, array (cells, draws); their noise belongs to the cell."""
    first = [int(stream(m.seed, "noise", mu).integers(2**62)) for mu in m.means[cells]]
    return np.array(first, dtype=np.int64)[:, None] + np.arange(m.draws)
