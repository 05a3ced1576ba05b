"""Vector fields, Jacobians and update maps as they should be, written by hand.

With the losses of player 1, x^2/2 + x y^2 (theta = x), and of player 2, y^3/3 - x^2 y (psi = y),

    v = (x + y^2, y^2 - x^2),    J = ((1, 2 y), (-2 x, 2 y)).
"""

import math


def field(theta, psi):
    return theta + psi**2, psi**2 - theta**2


def field_of_sequence(z):
    x, y = z
    return [x + y * y, (y - x) * (y + x)]


def jacobian(theta, psi):
    return [[1, 2 * psi], [-2 * theta, 2 * psi]]


def dirac_field(theta, psi):
    """Dirac-GAN with the Jensen-Shannon loss f(t) = -log(1 + exp(-t)), t = theta psi."""
    slope = 1 / (1 + math.exp(theta * psi))
    return slope * psi, -slope * theta


def simultaneous(theta, psi, eta):
    a, b = field(theta, psi)
    return theta - eta * a, psi - eta * b


def alternating(theta, psi, eta):
    theta = theta - eta * (theta + psi**2)
    return theta, psi - eta * (psi**2 - theta**2)


class Optimistic:
    def __init__(self, theta, psi, eta):
        self.x, self.eta, self.last = [theta, psi], eta, None

    def step(self):
        now = field(*self.x)
        last = self.last or now
        self.x = [x - self.eta * (2 * g - h) for x, g, h in zip(self.x, now, last, strict=True)]
        self.last = now
        return tuple(self.x)


def heavy_ball(theta, psi, eta, beta):
    velocity = (0, 0)
    while True:
        g = field(theta, psi)
        velocity = tuple(beta * w - eta * d for w, d in zip(velocity, g, strict=True))
        theta, psi = theta + velocity[0], psi + velocity[1]
        yield theta, psi


def extragradient(theta, psi, eta):
    a, b = field(theta, psi)
    c, d = field(theta - eta * a, psi - eta * b)
    return theta - eta * c, psi - eta * d
