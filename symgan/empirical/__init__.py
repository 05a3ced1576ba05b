"""Training real networks: what the theorems and the toy games say, held against statistics.

Everything here needs PyTorch (the extra ``torch``); nothing else in symgan does.
"""
