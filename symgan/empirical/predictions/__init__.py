"""Predictions of toy games, confronted with networks.

`toys` derives what the exact theory predicts, `players` builds networks, `jacobian` reads the
spectrum at a point, `trials` declares what is run and decided in advance, `near` and `far` run it,
`run` stores it, `judging` says what it supports, contradicts or leaves open.
"""
