"""Claims files for the tests: sound, surprising, raising, slow."""

from __future__ import annotations

HEAD = """
import sympy as sp
from symgan.claims import Examination, Verdict, by_numbers, by_z3, claim, eq

x = sp.Symbol("x", real=True)
L = sp.Symbol("L", real=True)
"""

SOUND = (
    HEAD
    + """
@claim("note.square", source="eq. (1)", printed=r"L = x^2 + 2x + 1", says="a square",
       expect=Verdict.PROVED)
def square():
    return Examination(statement=eq(L, x**2 + 2*x + 1), exact={L: (x + 1)**2},
                       second=by_z3({L: (x + 1)*(x + 1)}))

@claim("note.opinion", source="p. 1", says="an opinion", expect=Verdict.INFORMAL,
       reason="not checkable")
def opinion(): ...
"""
)

SURPRISING = SOUND.replace(
    'says="a square",\n       expect=Verdict.PROVED',
    'says="a square",\n       expect=Verdict.CONDITIONAL',
)

RAISING_CLAIM = (
    SOUND
    + """
@claim("note.broken", source="p. 2", says="raises", expect=Verdict.PROVED)
def broken():
    raise ValueError("no such lemma [bold]")
"""
)

NO_EQUILIBRIUM = (
    SOUND
    + """
@claim("note.rest", source="p. 5", says="rests at theta = 1", expect=Verdict.PROVED)
def rest():
    from symgan import spectrum
    from symgan.games import named
    flow = named("bilinear")().flow()
    spectrum(flow, at=dict.fromkeys(flow.state, 1))
"""
)

LAX = (
    HEAD
    + """
@claim("note.zero", source="p. 4", says="0 x = 0, whatever its factors", expect=Verdict.PROVED)
def zero():
    M = sp.Symbol("M", real=True)
    return Examination(statement=eq(L*x, M), exact={L: 0, M: 0},
                       second=by_numbers({L: lambda p: 0, M: lambda p: 0}))
"""
)

RAISING_FILE = HEAD + "raise RuntimeError('half a file')\n"

SLOW = (
    SOUND
    + """
@claim("note.slow", source="p. 3", says="takes long", expect=Verdict.INFORMAL, reason="waits")
def slow():
    import pathlib, time
    pathlib.Path("reached").touch()
    time.sleep(100)
"""
)
