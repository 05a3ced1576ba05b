"""``python -m symgan.cli``."""

from symgan.cli import main

main()
