"""The fields, Jacobians and maps of `reference.py` with one mistake each."""

import math


def field(theta, psi):
    return theta + psi**2, psi**2 - theta**2


def product_rule(theta, psi):
    return theta + psi**2, psi**2 - theta


def missing_term(theta, psi):
    return psi**2, psi**2 - theta**2


def doubled_term(theta, psi):
    return theta + 2 * psi**2, psi**2 - theta**2


def one_sign(theta, psi):
    return theta + psi**2, theta**2 - psi**2


def one_term_sign(theta, psi):
    return theta + psi**2, psi**2 + theta**2


def both_signs(theta, psi):
    return -theta - psi**2, theta**2 - psi**2


def exchanged(theta, psi):
    return psi**2 - theta**2, theta + psi**2


def players_exchanged(theta, psi):
    return psi + theta**2, theta**2 - psi**2


def own_loss_forgotten(theta, psi):
    """Both players descend the first loss."""
    return theta + psi**2, 2 * theta * psi


def hidden_far_away(theta, psi):
    """Right to first order at the equilibrium 0."""
    return theta + psi**2 - theta**2 * psi, psi**2 - theta**2


def floored(theta, psi):
    return theta + psi**2 // 1, psi**2 - theta**2


def changes_input(z):
    z[0] = z[0] + z[1] ** 2
    return [z[0], z[1] ** 2 - (z[0] - z[1] ** 2) ** 2]


def transposed(theta, psi):
    return [[1, -2 * theta], [2 * psi, 2 * psi]]


def jacobian_sign(theta, psi):
    return [[1, 2 * psi], [2 * theta, 2 * psi]]


def no_cross_terms(theta, psi):
    return [[1, 0], [0, 2 * psi]]


def jacobian_factor(theta, psi):
    return [[1, psi], [-2 * theta, 2 * psi]]


def dirac_saturates(theta, psi):
    """The other branch of the logistic function."""
    slope = 1 / (1 + math.exp(-theta * psi))
    return slope * psi, -slope * theta


def in_truth_alternating(theta, psi, eta):
    theta = theta - eta * (theta + psi**2)
    return theta, psi - eta * (psi**2 - theta**2)


def in_truth_simultaneous(theta, psi, eta):
    a, b = field(theta, psi)
    return theta - eta * a, psi - eta * b


def other_order(theta, psi, eta):
    psi = psi - eta * (psi**2 - theta**2)
    return theta - eta * (theta + psi**2), psi


def step_twice(theta, psi, eta):
    a, b = field(theta, psi)
    return theta - eta**2 * a, psi - eta**2 * b


class OptimisticFromZero:
    def __init__(self, theta, psi, eta):
        self.x, self.eta, self.last = [theta, psi], eta, (0, 0)

    def step(self):
        now = field(*self.x)
        pairs = zip(self.x, now, self.last, strict=True)
        self.x = [x - self.eta * (2 * g - h) for x, g, h in pairs]
        self.last = now
        return tuple(self.x)


class OptimisticAlias:
    """Keeps the list of gradients, which the next evaluation overwrites."""

    def __init__(self, theta, psi, eta):
        self.x, self.eta, self.g, self.last = [theta, psi], eta, [0, 0], None

    def step(self):
        self.g[:] = field(*self.x)
        last = self.last or self.g
        self.x = [x - self.eta * (2 * g - h) for x, g, h in zip(self.x, self.g, last, strict=True)]
        self.last = self.g
        return tuple(self.x)


def momentum_sign(theta, psi, eta, beta):
    velocity = (0, 0)
    while True:
        g = field(theta, psi)
        velocity = tuple(-beta * w - eta * d for w, d in zip(velocity, g, strict=True))
        theta, psi = theta + velocity[0], psi + velocity[1]
        yield theta, psi


def extragradient_from_there(theta, psi, eta):
    a, b = field(theta, psi)
    theta, psi = theta - eta * a, psi - eta * b
    a, b = field(theta, psi)
    return theta - eta * a, psi - eta * b


MEMORY = []


def shared_memory(theta, psi, eta):
    """Optimistic, the last gradient in a module variable."""
    now = field(theta, psi)
    last = MEMORY[-1] if MEMORY else now
    MEMORY.append(now)
    return theta - eta * (2 * now[0] - last[0]), psi - eta * (2 * now[1] - last[1])
