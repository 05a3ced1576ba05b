r"""Many small matrix products as one function: the layers of small networks, for many members.

A call works through a list of products for each member in turn, so that what a member computes
stays in a core's cache. There are two, of rows that lie along a batch:

.. math:: C_{ob} = \sigma_m\Bigl(\beta_o + \sum_i A_{oi} H_{ib}\Bigr), \qquad
    C_{oi} = \sum_b D_{ob} H_{ib},

with :math:`\sigma_m(c) = c` where :math:`m > 0`, else :math:`s c`, and m another array or c
itself. A member's numbers depend on its own arrays alone: sums run over i in order, and over the
batch in sixteen lanes (eight in double precision), whose totals are added by halves.
"""

from __future__ import annotations

from functools import cache

from symgan.kernels.jit.engine import Loaded, assembled, loaded
from symgan.kernels.jit.product_blocks import text
from symgan.kernels.jit.store import key, user_store
from symgan.kernels.jit.target import host


@cache
def small_products(dtype: str) -> Loaded:
    """The function (table, first, last) for float32 or float64; it lets the interpreter go.

    The table holds the address of the members' numbers, how many products there are, and then
    `FIELDS` of each; first and last are places in the list of members.

    Raises:
        MissingExtra: llvmlite is not installed.
    """
    target, store = host(), user_store()
    name = key("small products", target, dtype)
    data = store.find(name)
    if data is None:
        data = assembled(text(dtype, target), target)
        store.keep(name, data)
    return loaded(data, target)
