"""Training steps of min-max games, written with autograd."""

import torch


def gradients(players, losses, **options):
    return [
        torch.autograd.grad(loss(), player, **options)
        for player, loss in zip(players, losses, strict=True)
    ]


def simultaneous(players, losses, eta):
    found = gradients(players, losses)
    with torch.no_grad():
        for player, grads in zip(players, found, strict=True):
            for x, g in zip(player, grads, strict=True):
                x -= eta * g


def alternating(players, losses, eta):
    for player, loss in zip(players, losses, strict=True):
        grads = torch.autograd.grad(loss(), player)
        with torch.no_grad():
            for x, g in zip(player, grads, strict=True):
                x -= eta * g


def optimistic(players, losses, eta, memory):
    found = gradients(players, losses)
    last = memory.get("last", found)
    memory["last"] = found
    with torch.no_grad():
        for player, grads, olds in zip(players, found, last, strict=True):
            for x, g, old in zip(player, grads, olds, strict=True):
                x -= 2 * eta * g - eta * old


def consensus(players, losses, eta, gamma=0.5):
    found = gradients(players, losses, create_graph=True)
    size = sum((g**2).sum() for grads in found for g in grads) / 2
    tensors = [x for player in players for x in player]
    corrections = torch.autograd.grad(size, tensors)
    grads = [g for player in found for g in player]
    with torch.no_grad():
        for x, g, c in zip(tensors, grads, corrections, strict=True):
            x -= eta * (g + gamma * c)


def extragradient(players, losses, eta):
    here = [[x.detach().clone() for x in player] for player in players]
    simultaneous(players, losses, eta)
    found = gradients(players, losses)
    with torch.no_grad():
        for player, old, grads in zip(players, here, found, strict=True):
            for x, x0, g in zip(player, old, grads, strict=True):
                x.copy_(x0 - eta * g)


def lookahead(players, losses, eta):
    slow = [[x.detach().clone() for x in player] for player in players]
    for _ in range(2):
        simultaneous(players, losses, eta)
    with torch.no_grad():
        for player, old in zip(players, slow, strict=True):
            for x, x0 in zip(player, old, strict=True):
                x.copy_(x0 + 0.5 * (x - x0))
