"""Optimizers of PyTorch, a slot at a time: what may stand there, and what must not."""

from __future__ import annotations

from tests.audit.variant_families import Family

MEAN = (
    "m.mul_(b1).add_(g, alpha=1 - b1)", "m.lerp_(g, 1 - b1)", "m.copy_(b1 * m + (1 - b1) * g)",
    "m.add_((1 - b1) * (g - m))", "m = state['m'] = g + b1 * (m - g)", "m *= b1; m += (1 - b1) * g",
    "m.sub_((m - g) * (1 - b1))", "m = state['m'] = torch.lerp(m, g, 1 - b1)",
)  # fmt: skip
SQUARE = (
    "s.mul_(b2).addcmul_(g, g, value=1 - b2)", "s.lerp_(g * g, 1 - b2)",
    "s = state['s'] = b2 * s + (1 - b2) * g**2", "s.add_((g.square() - s) * (1 - b2))",
    "s.copy_(s - (1 - b2) * (s - g.pow(2)))", "s *= b2; s += (1 - b2) * torch.square(g)",
)  # fmt: skip
START = (
    "if not state:\n    state['m'], state['s'], state['t'] = g * 0, g * 0, 0",
    "if 'm' not in state:\n    state.update(m=torch.zeros_like(p), s=torch.zeros_like(p), t=0)",
    "if len(state) == 0:\n    state['m'] = p.new_zeros(p.shape)\n"
    "    state['s'] = p.new_zeros(p.shape)\n    state['t'] = 0",
)
COUNT = (
    "state['t'] += 1\nt = state['t']", "t = state['t'] = state['t'] + 1",
    "t = 1 + state['t']\nstate['t'] = t",
)  # fmt: skip
CORRECTION = (
    "c1, c2 = 1 - b1**t, 1 - b2**t",
    "c1, c2 = -math.expm1(t * math.log(b1)), -math.expm1(t * math.log(b2))",
    "c1 = (1 - b1) * sum(b1**i for i in range(t))\nc2 = (1 - b2) * sum(b2**i for i in range(t))",
    "c1 = 1 - math.pow(b1, t)\nc2 = 1 - math.pow(b2, t)",
)
DIRECTION = (
    "u = (m / c1) / ((s / c2).sqrt() + eps)", "u = m.div(c1).div(s.div(c2).sqrt().add(eps))",
    "u = m / (s.sqrt() / math.sqrt(c2) + eps) / c1",
    "u = (math.sqrt(c2) / c1) * m / (s.sqrt() + eps * math.sqrt(c2))",
    "u = torch.div(m, c1 * (torch.sqrt(s / c2) + eps))",
    "u = m * (1 / c1) / ((s / c2) ** 0.5 + eps)",
)  # fmt: skip
MOVE = (
    "p.sub_(lr * u)", "p.add_(u, alpha=-lr)", "p.copy_(p - lr * u)", "p.data = p.data - lr * u",
    "p -= u * lr", "p.data.add_(-lr * u)",
)  # fmt: skip
GRADIENT = (
    "g = p.grad", "g = p.grad.clone()", "g = p.grad.detach()", "g = p.grad.data * 1.0",
    "g = p.grad + 0",
)  # fmt: skip
COUPLED = (
    "g = p.grad + w * p", "g = p.grad.add(p, alpha=w)", "g = w * p\ng += p.grad",
    "g = torch.add(p.grad, p.detach(), alpha=w)",
)  # fmt: skip
ADAM_FAULTS = (
    ("mean", "m.mul_(b1).add_(g)"), ("mean", "m.copy_(b2 * m + (1 - b2) * g)"),
    ("square", "s.mul_(b2).add_(g.abs(), alpha=1 - b2)"),
    ("square", "s.mul_(b2).addcmul_(m, m, value=1 - b2)"),
    ("correction", "c1, c2 = 1, 1"), ("correction", "c1, c2 = 1 - b1**t, 1"),
    ("correction", "c1, c2 = 1 - b1 ** (t + 1), 1 - b2 ** (t + 1)"),
    ("direction", "u = (m / c1) / ((s / c2) + eps).sqrt()"),
    ("direction", "u = (m / c1) / (s / c2 + eps)"), ("direction", "u = (m / c1) / (s / c2).sqrt()"),
    ("direction", "u = (m / c1) / ((s.sqrt() + eps) / math.sqrt(c2))"),
    ("direction", "u = (m / c1) / ((s / c2).sqrt().norm() + eps)"),
    ("move", "p.sub_(lr * lr * u)"), ("move", "p.add_(lr * u)"),
    ("start", "if not state:\n    state['m'], state['s'], state['t'] = p.grad, p.grad * 0, 0"),
    ("start", "state = self.state['all']\nif not state:\n"
              "    state.update(m=torch.zeros_like(p), s=torch.zeros_like(p), t=0)"),
)  # fmt: skip
BETAS = ((0.9, 0.999), (0.5, 0.9), (0.5, 0.999), (0.8, 0.99))
EPS = (1e-8, 1e-6, 1e-3, 0.1)
VELOCITY = (
    "v = state['v'] = mu * state['v'] + g if 'v' in state else g.clone()",
    "v = state.setdefault('v', torch.zeros_like(p))\nv.mul_(mu).add_(g)",
    "v = state['v'] = mu * state.get('v', 0 * g) + g",
    "state.setdefault('v', p.new_zeros(p.shape))\nstate['v'] *= mu\nstate['v'] += g\n"
    "v = state['v']",
)
VELOCITY_FAULTS = (
    ("velocity", "v = state['v'] = mu * state.get('v', 0 * g) + (1 - mu) * g"),
    ("velocity", "v = state.get('v')\nif v is None:\n    v = state['v'] = p.grad\n"
                 "else:\n    v.mul_(mu).add_(g)"),
    ("velocity", "v = state['v'] = g - mu * state.get('v', 0 * g)"),
    ("velocity", "v = state.get('v', 0 * g)\nstate['v'] = mu * v + g"),
    ("velocity", "v = self.v = mu * getattr(self, 'v', 0) + g if p.ndim else g"),
    ("velocity", "v = mu * g + g"),
)  # fmt: skip

OPTIMIZERS: dict[str, Family] = {
    "adam": Family(
        "adam",
        {"gradient": COUPLED, "start": START, "count": COUNT, "mean": MEAN, "square": SQUARE,
         "correction": CORRECTION, "direction": DIRECTION, "move": MOVE},
        (*ADAM_FAULTS, ("gradient", "g = p.grad\np.mul_(1 - lr * w)"), ("gradient", "g = p.grad"),
         ("gradient", "g = p.grad.add_(p, alpha=w)"), ("gradient", "g = p.grad - w * p")),
        {"betas": BETAS, "eps": EPS, "weight_decay": (0.01, 0.1, 0.25)},
    ),
    "adamw": Family(
        "adamw",
        {"gradient": GRADIENT, "start": START, "count": COUNT, "mean": MEAN, "square": SQUARE,
         "correction": CORRECTION, "direction": DIRECTION,
         "move": ("p.mul_(1 - lr * w)\np.sub_(lr * u)", "p.sub_(lr * (u + w * p))",
                  "p.add_(p, alpha=-lr * w).add_(u, alpha=-lr)",
                  "p.copy_((1 - lr * w) * p - lr * u)", "p.sub_(lr * w * p + lr * u)")},
        (*(f for f in ADAM_FAULTS if f[0] != "move"), ("move", "p.mul_(1 - w)\np.sub_(lr * u)"),
         ("move", "p.sub_(lr * u)\np.mul_(1 - lr * w)"), ("gradient", "g = p.grad + w * p"),
         ("move", "p.sub_(lr * u)")),
        {"betas": BETAS, "eps": EPS, "weight_decay": (0.01, 0.1)},
    ),
    "optimistic-adam": Family(
        "optimistic-adam",
        {"gradient": GRADIENT, "start": START, "count": COUNT, "mean": MEAN, "square": SQUARE,
         "correction": CORRECTION, "direction": DIRECTION,
         "move": ("p.sub_(lr * (2 * u - state.get('u', 0 * u)))\nstate['u'] = u",
                  "old = state.get('u')\np.sub_(2 * lr * u)\nif old is not None:\n"
                  "    p.add_(lr * old)\nstate['u'] = u.clone()",
                  "p -= lr * (u + (u - state.get('u', torch.zeros_like(u))))\nstate['u'] = u")},
        (*(f for f in ADAM_FAULTS if f[0] != "move"), ("move", "p.sub_(lr * u)"),
         ("move", "p.sub_(lr * (2 * u + state.get('u', 0 * u)))\nstate['u'] = u"),
         ("move", "p.sub_(lr * (2 * u - state.get('u', u)))\nstate['u'] = u")),
        {"betas": BETAS, "eps": EPS},
    ),
    "rmsprop": Family(
        "rmsprop",
        {"gradient": GRADIENT,
         "start": ("s = state.setdefault('s', torch.zeros_like(p))",
                   "if 's' not in state:\n    state['s'] = 0 * p.grad\ns = state['s']"),
         "square": tuple(f.replace("b2", "a") for f in SQUARE),
         "direction": ("u = g / (s.sqrt() + eps)", "u = g.div(torch.sqrt(s).add(eps))",
                       "u = (s.sqrt() + eps).reciprocal() * g", "u = g / (s**0.5 + eps)"),
         "move": MOVE},
        (("direction", "u = g / (s + eps).sqrt()"), ("direction", "u = g / (s + eps)"),
         ("direction", "u = g / s.sqrt()"), ("square", "s.mul_(a).add_(g.abs(), alpha=1 - a)"),
         ("square", "s.mul_(1 - a).addcmul_(g, g, value=a)"), ("move", "p.add_(u, alpha=lr)"),
         ("square", "s.mul_(a).add_((g * g).mean(), alpha=1 - a)"),
         ("start", "s = self.state.setdefault('s', torch.zeros_like(p))")),
        {"alpha": (0.99, 0.9, 0.75), "eps": EPS},
    ),
    "momentum": Family(
        "momentum",
        {"gradient": COUPLED, "velocity": VELOCITY,
         "move": tuple(f.replace("u", "v") if "sub" not in f else "p.sub_(lr * v)" for f in MOVE)},
        (*VELOCITY_FAULTS, ("gradient", "g = p.grad"), ("move", "p.sub_(lr * (g + mu * v))"),
         ("move", "p.sub_(lr * lr * v)"), ("gradient", "g = p.grad.add_(p, alpha=w)"),
         ("gradient", "g = p.grad\np.mul_(1 - lr * w)")),
        {"momentum": (0.9, 0.5, 0.25), "weight_decay": (0.01, 0.1)},
    ),
    "heavy-ball": Family(
        "heavy-ball",
        {"gradient": GRADIENT,
         "velocity": ("now = p.clone()\np.add_(mu * (p - state.get('x', p)) - lr * g)\n"
                      "state['x'] = now",
                      "v = state['v'] = mu * state.get('v', 0) - lr * g\np += v",
                      "v = state.setdefault('v', torch.zeros_like(p))\n"
                      "v.mul_(mu).sub_(g, alpha=lr)\np.add_(v)",
                      "v = state['v'] = mu * state.get('v', 0 * g) + g\np -= lr * v",
                      "old = state.get('x', p.clone())\nstate['x'] = p.clone()\n"
                      "p.copy_((1 + mu) * p - mu * old - lr * g)")},
        (("velocity", "now = p\np.add_(mu * (p - state.get('x', p)) - lr * g)\nstate['x'] = now"),
         ("velocity", "v = state['v'] = mu * state.get('v', 0) + lr * g\np += v"),
         ("velocity", "v = state['v'] = mu * state.get('v', 0) - (1 - mu) * lr * g\np += v"),
         ("velocity", "now = p.clone()\np.add_(mu * (state.get('x', p) - p) - lr * g)\n"
                      "state['x'] = now"),
         ("velocity", "old = state.setdefault('x', p.clone())\n"
                      "p.copy_((1 + mu) * p - mu * old - lr * g)")),
        {"momentum": (0.9, 0.5, -0.25)},
    ),
    "optimistic": Family(
        "optimistic",
        {"gradient": GRADIENT,
         "move": ("p.sub_(lr * (2 * g - state.get('g', g)))\nstate['g'] = p.grad.clone()",
                  "old = state.get('g', g)\np -= lr * g + lr * (g - old)\nstate['g'] = g.clone()",
                  "p.add_(g, alpha=-2 * lr).add_(state.get('g', g), alpha=lr)\n"
                  "state['g'] = 1 * p.grad",
                  "now = lr * g\np.sub_(2 * now - state.get('e', now))\nstate['e'] = now")},
        (("move", "p.sub_(lr * (2 * g - state.get('g', g)))\nstate['g'] = p.grad"),
         ("move", "p.sub_(lr * (2 * g - state.get('g', 0 * g)))\nstate['g'] = p.grad.clone()"),
         ("move", "p.sub_(lr * (2 * g + state.get('g', g)))\nstate['g'] = p.grad.clone()"),
         ("move", "state['g'] = g.clone()\np.sub_(lr * (2 * g - state['g']))"),
         ("move", "p.sub_(lr * (2 * g - getattr(self, 'g', g)))\nself.g = g.clone()"),
         ("move", "p.sub_(lr * (g - state.get('g', g) / 2))\nstate['g'] = p.grad.clone()")),
    ),
}  # fmt: skip
