r"""Expectations that stay expectations: means under a standard law, exact where they can be.

A mean of a polynomial is a combination of moments; a mean of an exponential of a Gaussian has
a closed form. Everything else stays an unevaluated `Expectation`, whose derivatives are
expectations again:

.. math:: \partial_p\, E_z[g(z, p)] = E_z[\partial_p g(z, p)],

so fields and Jacobians keep them, and collapse to exact values where parameters make the
integrand a polynomial, as at an equilibrium with discriminator 0. Nothing is sampled.
"""

from __future__ import annotations

from symgan.expectation.mean import Expectation
from symgan.expectation.standard import NORMAL, UNIFORM, Standard
from symgan.expectation.sums import discretized

__all__ = ["NORMAL", "UNIFORM", "Expectation", "Standard", "discretized"]
