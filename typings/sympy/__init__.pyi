# SymPy's own annotations are partial and, for relations, substitution and
# lambdify, at odds with what the functions return. Until they settle, its names
# are Any to the type checker; symgan's own types are checked in full.
from typing import Any

def __getattr__(name: str) -> Any: ...
