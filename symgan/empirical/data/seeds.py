r"""Random streams addressed by a key: independent of each other, open at any place.

A key is a tuple such as ``(seed, "latents", 17)``. Its generator does not descend from
another one, so that iteration 29,000 of seed 3 is drawn without drawing what comes before,
in any order, in any process.

PyTorch's CPU generator is a Mersenne Twister that keeps only the low 32 bits of a seed, so
that among 1e5 streams (a study has as many) two would agree with probability 0.7. Here the
whole state, 19,937 bits, is filled from SHAKE-256 of the key: streams of different keys
agree only if the hash collides.
"""

from __future__ import annotations

import hashlib
from operator import index
from typing import SupportsIndex

import numpy as np
import torch
from numpy.typing import NDArray

Key = tuple[SupportsIndex | str, ...]
"""What names a stream: integers and words, at least one."""

_WORDS = 624  # of 32 bits: the state of the Mersenne Twister MT19937
_OFFSET, _SIZE = 24, 5056  # where PyTorch's state keeps them, each in 64 bits; its length
_RECURRENCE = 1812433253  # of its seeding: w[i] = 1812433253 (w[i-1] ^ (w[i-1] >> 30)) + i


def digest(key: Key, size: int) -> bytes:
    """SHAKE-256 of a key: the types and lengths of its entries enter, so that keys are distinct.

    Args:
        key: integers of any size, sign and library, and words.
        size: bytes.

    Raises:
        TypeError: an entry that is neither.

    >>> digest((1, "23"), 4) == digest((12, "3"), 4) or digest((1,), 4) == digest(("1",), 4)
    False
    """
    words = [("str", x) if isinstance(x, str) else ("int", str(index(x))) for x in key]
    parts = [f"{kind}:{len(word)}:{word}" for kind, word in words]
    return hashlib.shake_256(";".join(["symgan", *parts]).encode()).digest(size)


def derived_seed(*key: SupportsIndex | str) -> int:
    """A seed of 63 bits derived from a key, for generators that take a number.

    >>> derived_seed(0, "weights") == derived_seed(0, "latents")
    False
    """
    return int.from_bytes(digest(key, 8), "little") >> 1


def stream(*key: SupportsIndex | str) -> torch.Generator:
    """A CPU generator at the start of the stream of a key.

    Its raw 32-bit outputs are those of any MT19937 whose 624 words are the SHAKE-256 digest of
    the key, read as little-endian numbers.

    Raises:
        RuntimeError: this PyTorch keeps its generator's state in another layout.

    >>> import torch
    >>> a, b = (torch.rand(3, generator=stream(7, "latents", 0)) for _ in range(2))
    >>> torch.equal(a, b)
    True
    """
    generator = torch.Generator()
    generator.manual_seed(1)
    state = generator.get_state().numpy().copy()
    words = _state_words(state)
    words[:] = np.frombuffer(digest(key, 4 * _WORDS), dtype="<u4")
    generator.set_state(torch.from_numpy(state))
    return generator


def _state_words(state: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The twister's words in a state seeded with 1, as a view."""
    fits = state.shape == (_SIZE,)
    words = state[_OFFSET : _OFFSET + 8 * _WORDS].view(np.uint64) if fits else None
    if words is None or [int(word) for word in words[:2]] != [1, _RECURRENCE + 1]:
        raise RuntimeError(
            f"PyTorch {torch.__version__} keeps its CPU generator's state in a layout that "
            "symgan does not know; install the version that constraints.txt names"
        )
    return words
