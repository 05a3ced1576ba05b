"""``python -m symgan``: the program ``symgan`` where its script is on no path."""

from symgan.cli import main

if __name__ == "__main__":
    main()
