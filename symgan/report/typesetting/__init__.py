r"""How mathematics is written: the rules that every rendering keeps, each in one module.

*Order of terms* (`order`). Leading powers of the variables first, pure powers before mixed ones,
terms with functions after polynomial ones, constants last. No sum begins with a minus that
another order avoids: ``1 - \eta``, not ``-\eta + 1``; a polynomial in one symbol is then
written upwards as a whole, or, where both ends are negative, kept in order.

*Order of factors* (`order`). Numbers and their roots, parameters (the step first), sums of
parameters, variables (:math:`\theta` before :math:`\psi`), sums, exponentials, functions.

*Fractions and powers* (`printer`). Fractions for negative powers, roots for halves, a slash in
exponents, ``e^{...}`` for short exponents and ``\exp(...)`` for tall ones. ``\sin(x)``, ``|x|``,
``\operatorname{sign}(x)``; parentheses grow only around what is tall (`tight`); ``\alpha_r``,
and words below the line upright: ``x_{\text{next}}``.

*Results* (`symgan.report.formulas.writer`). Common factors are pulled out where that is shorter,
and fractions inside fractions are joined; statements as they are printed in a claim are left.

*Conditions* (`conditions`). Chains, ``0 < \eta < 2``; *and*, *or* and *not* in words; cases with
*if* and *otherwise*; sets as intervals and unions, ``(0, 1) \cup (2, \infty)``.

*Algebraic numbers* (`roots`) get a name and a clause: ``r_1 = 1.1673..., the root of
r^{5} - r - 1 in (1, 2)``; an interval in which there is no other root.

*Enclosures* (`numbers`) are decimals with all digits certified: ``0.05769 \pm 2 \cdot 10^{-6}``.

*Lines* (`lines`). What is wider than a line breaks before a term or a condition of the top level,
or inside the one long factor.

No rule changes what is written; tests read the LaTeX back.
"""
