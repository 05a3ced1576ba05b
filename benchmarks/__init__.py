"""Side by side, in one run, as ratios: `python -m benchmarks.run`.

`run.py` measures the cases (`cases/`) against peers (`peers/`, with the hand-written C of `c/`),
writes a JSON file after each (`store.py`), and makes the page and the figure from it alone
(`report.py`, `plot.py`; `targets.py` holds what is to be reached). `accuracy.py`, `exact_orbits.py`
and `particles.py` are programs of their own.
"""
