"""The command line: `main` is the program ``symgan``."""

from symgan.cli.app import main

__all__ = ["main"]
