"""Fused native loops from expressions: LLVM vector code, compiled by llvmlite, cached on disk."""
