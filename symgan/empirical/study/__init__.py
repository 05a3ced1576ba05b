"""The study of update orders: the design of the dynamic paper's tables, run, stored and tested.

`design` says what is run, `training` runs one task, `run` all of them in processes or on a Dask
cluster, `results` reads a store, `analysis` draws the statistics, `tables` and `plain` show them.
"""
