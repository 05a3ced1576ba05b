"""Training steps of PyTorch, a slot at a time: what may stand there, and what must not."""

from __future__ import annotations

from tests.audit.variant_families import Family

STEP_HEAD = """import torch


def variant(players, losses, eta):
{body}
"""
_GRADS = (
    "found = [torch.autograd.grad(f(), x) for f, x in zip(losses, players)]",
    "found = []\nfor f, x in zip(losses, players):\n    for t in x:\n        t.grad = None\n"
    "    f().backward(inputs=x)\n    found.append([t.grad.clone() for t in x])",
    "found = [list(torch.autograd.grad(f(players), list(x))) for f, x in zip(losses, players)]",
)
_MOVES = (
    "with torch.no_grad():\n    for x, g in zip(players, found):\n        for t, d in zip(x, g):\n"
    "            t -= eta * d",
    "for x, g in zip(players, found):\n    for t, d in zip(x, g):\n"
    "        t.data = t.data - eta * d",
    "return [[t - eta * d for t, d in zip(x, g)] for x, g in zip(players, found)]",
    "with torch.no_grad():\n    for x, g in zip(players, found):\n"
    "        torch._foreach_add_(x, list(g), alpha=-eta)",
)
_MOVE_FAULTS = (
    ("move", "with torch.no_grad():\n    for x, g in zip(players, found):\n"
             "        for t, d in zip(x, g):\n            t += eta * d"),
    ("move", "with torch.no_grad():\n    for i, (x, g) in enumerate(zip(players, found)):\n"
             "        for t, d in zip(x, g):\n            t -= (1 - 2 * i) * eta * d"),
    ("move", "with torch.no_grad():\n    for x, g in zip(players, found):\n"
             "        x[0] -= eta * g[0].reshape(-1)[0]"),
)  # fmt: skip
_TURN = (
    "for f, x in zip(losses, players):\n    g = torch.autograd.grad(f(), x)\n"
    "    with torch.no_grad():\n        for t, d in zip(x, g):\n            t.sub_(d, alpha=eta)",
    "for i in range(len(players)):\n    g = torch.autograd.grad(losses[i](), players[i])\n"
    "    for t, d in zip(players[i], g):\n        t.data -= eta * d",
)
_HESSIAN = (
    "v = [g for f, x in zip(losses, players)\n"
    "     for g in torch.autograd.grad(f(), x, create_graph=True)]",
    "v = []\nfor f, x in zip(losses, players):\n"
    "    v += list(torch.autograd.grad(f(), x, create_graph=True))",
)
_PRODUCTS = (
    "size = sum((g * g).sum() for g in v) / 2\nc = torch.autograd.grad(size, xs)",
    "c = torch.autograd.grad(v, xs, grad_outputs=[g.detach() for g in v])",
    "flat = torch.cat([g.reshape(-1) for g in v])\nc = torch.autograd.grad(flat @ flat / 2, xs)",
    "flat = torch.cat([g.reshape(-1) for g in v])\n"
    "rows = [torch.autograd.grad(g, xs, g.detach(), retain_graph=True) for g in flat]\n"
    "c = [sum(d) for d in zip(*rows)]",
)
_CORRECTED = (
    "with torch.no_grad():\n    for t, g, d in zip(xs, v, c):\n        t -= eta * (g + 0.25 * d)",
    "for t, g, d in zip(xs, v, c):\n    t.data = t.data - eta * g.detach() - eta * 0.25 * d",
)
STEPS: dict[str, Family] = {
    "simultaneous": Family(
        "simultaneous", {"grads": _GRADS, "move": _MOVES},
        (*_MOVE_FAULTS, ("grads", _TURN[0] + "\nfound = [[0 * t for t in x] for x in players]")),
        head=STEP_HEAD, of="step", name="variant",
    ),
    "alternating": Family(
        "alternating", {"turn": _TURN},
        (("turn", _GRADS[0] + "\n" + _MOVES[0]),
         ("turn", _TURN[0].replace("zip(losses, players)", "list(zip(losses, players))[::-1]")),
         ("turn", _TURN[1].replace("-=", "+="))),
        head=STEP_HEAD, of="step", name="variant",
    ),
    "extragradient": Family(
        "extragradient",
        {"here": ("here = [[t.detach().clone() for t in x] for x in players]",
                  "here = [[t.data + 0 for t in x] for x in players]"),
         "first": tuple(f"{g}\n{m}" for g in _GRADS for m in _MOVES[:2]),
         "grads": _GRADS,
         "back": ("with torch.no_grad():\n    for x, o, g in zip(players, here, found):\n"
                  "        for t, b, d in zip(x, o, g):\n            t.copy_(b - eta * d)",
                  "return [[b - eta * d for b, d in zip(o, g)] for o, g in zip(here, found)]")},
        (("here", "here = [list(x) for x in players]"),
         ("first", _TURN[0]), ("back", _MOVES[0]), ("first", "pass"),
         ("first", _GRADS[0] + "\n" + _MOVES[0].replace("eta *", "eta / 2 *")),
         ("first", _GRADS[0] + "\n" + _MOVES[0].replace("-=", "+="))),
        head=STEP_HEAD, of="step", name="variant",
    ),
    "consensus": Family(
        "consensus",
        {"xs": ("xs = [t for x in players for t in x]", "xs = sum((list(x) for x in players), [])"),
         "hessian": _HESSIAN, "products": _PRODUCTS, "move": _CORRECTED},
        (("products", "size = sum((g * g).sum() for g in v)\nc = torch.autograd.grad(size, xs)"),
         ("products", "c = torch.autograd.grad(sum(g.reshape(-1)[0] ** 2 for g in v) / 2, xs)"),
         ("products", "c = torch.autograd.grad((v[0] ** 2).sum() / 2, xs, allow_unused=True)\n"
                      "c = [0 * t if d is None else d for t, d in zip(xs, c)]"),
         ("products", "c = torch.autograd.grad(v, xs, [torch.ones_like(g) for g in v])"),
         ("move", _CORRECTED[0].replace("+ 0.25", "- 0.25")),
         ("move", _CORRECTED[0].replace("g + 0.25 * d", "0.25 * d"))),
        {"gamma": (0.25,)}, head=STEP_HEAD, of="step", name="variant",
    ),
}  # fmt: skip
