r"""Long flows in multiprecision: heyoka's Taylor method on MPFR numbers.

Like the mpmath reference it is run at two precisions, orders and tolerances that must agree,
and is an order of magnitude faster on long runs. It is held to the mpmath reference by tests and
never replaces it: agreement of two runs is evidence, not an enclosure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
from mpmath import mpf

from symgan.errors import Undecided
from symgan.kernels import switching
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import evaluate
from symgan.kernels.heyoka_expressions import heyoka, translate
from symgan.kernels.rewrite import stable
from symgan.system import Flow

STEPS = 20_000
"""Most steps of one run, as for the mpmath reference."""
_AT_ONCE = 500
"""Steps after which a run looks whether its time still moves."""


def taylor_run(
    flow: Flow,
    x0: Sequence[Any],
    times: Sequence[Any],
    values: Mapping[Any, Any],
    bits: int,
) -> list[tuple[Any, ...]]:
    """States at increasing times from t = 0, as mpf.

    Args:
        flow: a flow with a smooth field.
        x0: mpf, one a state symbol.
        times: mpf.
        values: parameter -> mpf.
        bits: the precision; local errors are below 2**-bits of the state.

    Raises:
        MissingExtra: heyoka is not installed.
        KernelError: the field has a kink, or a function that heyoka does not know.
        Undecided: too many steps, or time that stands still.
    """
    return _Run(flow, values, bits).to(x0, times)


class _Run:
    def __init__(self, flow: Flow, values: Mapping[Any, Any], bits: int) -> None:
        if switching.relations([switching.branched(f) for f in flow.rhs]):
            raise KernelError(
                "the heyoka reference takes smooth fields, and this one has kinks; use "
                "method='mpmath'"
            )
        hy = heyoka()
        if not hasattr(hy, "real"):
            raise KernelError("this heyoka was built without MPFR; use method='mpmath'")
        self.hy, self.flow, self.bits = hy, flow, bits
        variables = [hy.expression(f"x{i}") for i in range(len(flow.state))]
        symbols: dict[Any, Any] = dict(zip(flow.state, variables, strict=True))
        symbols |= {parameter: hy.par[i] for i, parameter in enumerate(flow.parameters)}
        symbols |= {} if flow.time is None else {flow.time: hy.time}
        field = translate([stable(f) for f in flow.rhs], symbols, self._constant)
        self.taylor = hy.taylor_adaptive(
            list(zip(variables, field, strict=True)),
            [self._real(mpf(1))] * len(variables),
            time=self._real(mpf(0)),
            pars=[self._real(values[p]) for p in flow.parameters],
            fp_type=hy.real,
            prec=bits,
            compact_mode=True,
            opt_level=0,  # the time goes into MPFR; optimizing takes longer than it saves
        )

    def to(self, x0: Sequence[Any], times: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Integrate from the start through all times."""
        self.taylor.state[:] = [self._real(v) for v in x0]
        left, states = STEPS, []
        for time in times:
            target = self._real(time)
            while self.taylor.time < target:
                left -= self._advance(target, left)
            states.append(tuple(self._mpf(v) for v in self.taylor.state))
        return states

    def _advance(self, target: Any, left: int) -> int:
        """Some steps towards a time; how many."""
        result = self.taylor.propagate_until(target, max_steps=min(left, _AT_ONCE))
        outcomes = self.hy.taylor_outcome
        step, now = self._mpf(self.taylor.last_h), self._mpf(self.taylor.time)
        still = abs(step) <= mpmath.ldexp(abs(now), -self.bits + 4)
        ended = result[0] == outcomes.time_limit
        if result[0] == outcomes.err_nf_state or (still and not ended) or result[3] >= left:
            raise Undecided(
                f"the reference cannot pass t = {mpmath.nstr(now, 8)} within {STEPS} steps; the "
                "flow is stiff or its solution explodes there"
            )
        return int(result[3])

    def _constant(self, node: Any) -> Any:
        with mpmath.workprec(self.bits + 16):
            return self._real(evaluate(node, {}))

    def _real(self, value: Any) -> Any:
        """The nearest number of this precision."""
        with mpmath.workprec(self.bits):
            value = +value
        sign, mantissa, exponent, _ = value._mpf_
        scaled = self.hy.real(-int(mantissa) if sign else int(mantissa), self.bits)
        return scaled * self.hy.real(2, self.bits) ** self.hy.real(exponent, self.bits)

    def _mpf(self, value: Any) -> Any:
        with mpmath.workprec(self.bits + 16):
            return mpf(str(value))
