"""Five papers, restated, derived again and judged: a package a paper."""
