"""Fields, Jacobians and maps written by hand from the mathematics, rightly and wrongly.

Nothing here uses symgan. The games are

- bilinear: the payoff -theta psi, so v = (-psi, theta);
- matrix: -theta^T B psi with B = [[2, 1], [0, 3]], so v = (-B psi, B^T theta);
- cubic: theta^2 psi, so v = (2 theta psi, -theta^2) and J = [[2 psi, 2 theta], [-2 theta, 0]];
- Jensen-Shannon: -log(1 + exp(-psi theta)), so v = (psi s, -theta s) with
  s = 1/(1 + exp(psi theta)).
"""

from __future__ import annotations

import math

import numpy as np

B = np.array([[2, 1], [0, 3]])


def sigmoid(y):
    return 1 / (1 + math.exp(-y))


# fields -----------------------------------------------------------------------------------------


def bilinear_field(theta, psi):
    return -psi, theta


def bilinear_flow(theta, psi):
    return psi, -theta


def bilinear_one_sign(theta, psi):
    return -psi, -theta


def bilinear_sequence(x):
    return [-x[1], x[0]]


def bilinear_reversed_names(psi, theta):
    return {"theta": -psi, "psi": theta}


def matrix_players(theta, psi):
    return -B @ psi, B.T @ theta


def matrix_scalars(a, b, c, d):
    return -(2 * c + d), -3 * d, 2 * a, a + 3 * b


def matrix_untransposed(theta, psi):
    return -B @ psi, B @ theta


def cubic_field(theta, psi):
    return 2 * theta * psi, -theta * theta


def cubic_half(theta, psi):
    return theta * psi, -theta * theta  # the 2 of d(theta^2) is lost


def cubic_special(theta, psi):
    if theta == 0:  # a shortcut that is wrong
        return psi, 0
    return 2 * theta * psi, -theta * theta


def cubic_branching(theta, psi):
    size = theta if theta > 0 else -theta  # no symbol passes this, rationals do
    return 2 * theta * psi, -size * size


def js_field(theta, psi):
    return psi * sigmoid(-psi * theta), -theta * sigmoid(-psi * theta)


def js_complement(theta, psi):
    s = 1 - sigmoid(psi * theta)  # equal, and worse in floats
    return psi * s, -theta * s


def js_inner_sign(theta, psi):
    return psi * sigmoid(psi * theta), -theta * sigmoid(-psi * theta)


def js_numpy(x):
    return np.array([x[1], -x[0]]) / (1 + np.exp(x[0] * x[1]))


# Jacobians --------------------------------------------------------------------------------------


def cubic_jacobian(theta, psi):
    return [[2 * psi, 2 * theta], [-2 * theta, 0]]


def cubic_transposed(theta, psi):
    return [[2 * psi, -2 * theta], [2 * theta, 0]]


def cubic_symmetrized(theta, psi):
    return [[2 * psi, 0], [0, 0]]


def cubic_mirrored(theta, psi):
    return [[2 * psi, 2 * theta], [2 * theta, 0]]


def matrix_jacobian(x):
    zero = np.zeros((2, 2), dtype=int)
    return np.block([[zero, -B], [B.T, zero]])


def matrix_row_a_tensor(theta, psi):
    rows_of_theta, rows_of_psi = -B.sum(axis=0), B.T.sum(axis=0)  # grad of v.sum()
    return [[0, 0, *rows_of_theta], [*rows_of_psi, 0, 0]]


# maps -------------------------------------------------------------------------------------------


def simultaneous(theta, psi, eta):
    return theta + eta * psi, psi - eta * theta


def in_turn(theta, psi, lr=0.1):
    theta = theta + lr * psi
    psi = psi - lr * theta
    return theta, psi


def other_order(theta, psi, eta):
    psi = psi - eta * theta
    return theta + eta * psi, psi


def double_step(theta, psi, eta):
    return theta + 2 * eta * psi, psi - 2 * eta * theta


def in_place(x, eta):
    x[0], x[1] = x[0] + eta * x[1], x[1] - eta * x[0]


def spoils_its_input(x, eta):
    old = x[0]
    x[0] = old + eta * x[1]
    return np.array([x[0], x[1] - eta * old])


def consensus(theta, psi, eta, gamma):
    """J^T v of the cubic game is (4 theta psi^2 + 2 theta^3, 4 theta^2 psi)."""
    first = 2 * theta * psi + gamma * (4 * theta * psi**2 + 2 * theta**3)
    second = -(theta**2) + gamma * 4 * theta**2 * psi
    return theta - eta * first, psi - eta * second


def consensus_slip(theta, psi, eta, gamma):
    first = 2 * theta * psi + gamma * (4 * theta * psi**2 + theta**3)  # a 2 of the product rule
    second = -(theta**2) + gamma * 4 * theta**2 * psi
    return theta - eta * first, psi - eta * second


def consensus_inside(theta, psi, eta):
    """The weight is 1/2, and inside."""
    return consensus(theta, psi, eta, 0.5)


def extragradient(theta, psi, eta):
    a, b = theta + eta * psi, psi - eta * theta
    return theta + eta * b, psi - eta * a


def dirac_oracle(theta, psi, eta):
    if theta * psi < 0:
        return theta + eta * psi, psi
    if theta * psi > 0:
        return theta, psi - eta * theta
    return (theta + eta * psi, psi) if psi != 0 else (theta, psi - eta * theta)


def dirac_oracle_tie(theta, psi, eta):
    if theta * psi <= 0:
        return theta + eta * psi, psi
    return theta, psi - eta * theta


class Optimistic:
    """x+ = x - 2 eta v(x) + eta v(before)."""

    def __init__(self, eta):
        self.eta, self.before = eta, None

    def step(self, x):
        now = np.array([-x[1], x[0]])
        before = now if self.before is None else self.before
        self.before = now
        return x - 2 * self.eta * now + self.eta * before


class OptimisticUncopied:
    """The gradient before is kept without copying: it is the present one."""

    def __init__(self, eta):
        self.eta, self.gradient, self.before = eta, np.zeros(2), None

    def step(self, x):
        self.gradient[0], self.gradient[1] = -x[1], x[0]
        before = self.gradient if self.before is None else self.before
        moved = x - 2 * self.eta * self.gradient + self.eta * before
        self.before = self.gradient
        return moved


class OptimisticAliased:
    """Keeps the caller's x instead of a copy, and takes its gradient at the next step."""

    def __init__(self, eta):
        self.eta, self.x = eta, None

    def step(self, x):
        past = x if self.x is None else self.x
        self.x = x
        v, before = np.array([-x[1], x[0]]), np.array([-past[1], past[0]])
        return x - 2 * self.eta * v + self.eta * before


class Overwriting:
    """Simultaneous descent that hands out its own buffer."""

    def __init__(self, x, eta):
        self.x, self.eta = np.array(x), eta

    def step(self):
        self.x[0], self.x[1] = self.x[0] + self.eta * self.x[1], self.x[1] - self.eta * self.x[0]
        return self.x


def optimistic_by_hand(theta, psi, theta_prev, psi_prev, eta):
    a = theta + 2 * eta * psi - eta * psi_prev
    b = psi - 2 * eta * theta + eta * theta_prev
    return a, b, theta, psi


def optimistic_forgets(theta, psi, theta_prev, psi_prev, eta):
    a, b, _, _ = optimistic_by_hand(theta, psi, theta_prev, psi_prev, eta)
    return a, b, a, b  # remembers the state of after


class HeavyBall:
    def __init__(self, x, eta):
        self.x, self.eta = np.array(x), eta
        self.ball = 0 * self.x

    def step(self):
        self.ball = 0.9 * self.ball - self.eta * np.array([-self.x[1], self.x[0]])
        self.x = self.x + self.ball
        return self.x


def states(x, eta):
    a, b = x
    while True:
        yield a, b
        a, b = a + eta * b, b - eta * a


def make_step(eta):
    def step(theta, psi):
        return theta + eta * psi, psi - eta * theta

    return step


_KEPT: dict[str, tuple] = {}


def remembers_between_runs(theta, psi, eta):
    now = (-psi, theta)
    before = _KEPT.get("v", now)
    _KEPT["v"] = now
    pairs = zip((theta, psi), now, before, strict=True)
    return tuple(x - 2 * eta * g + eta * p for x, g, p in pairs)
