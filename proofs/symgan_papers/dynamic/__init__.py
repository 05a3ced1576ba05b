r"""Dynamic machine ordering: "Stabilizing GANs under limited resources", DeOliveira 2023.

The paper's conventions beside symgan's:

====================  =========================  ========================================
paper                 symgan                     remark
====================  =========================  ========================================
min_theta max_psi L   generator descends L,      the same game; on the Dirac-GAN the paper
                      discriminator descends -L  has L = -psi theta, symgan's `dirac` has
                                                 +psi theta: psi changes its sign
V_1, V_2, V_3         one player moves, or both  x + eta V is a step of the players named
v of eq. (8)          -v                         symgan's v is descended, the paper's added
H of eq. (12)         V                          a Lyapunov function; a matrix in the paper
F = I + eta V         a `Map`                    I is the identity map
sigma                 1/(1 + exp(-y))            the logistic function
n_d, n_g              n_d, n_g                   updates of a player in one round
beta                  beta = 1/eta^2             of the phase map, ours
====================  =========================  ========================================

Claims stand one module a part; `settled_*` holds what is true of the oracle on the
Dirac-GAN: statements of ours that repair and complete theorem 3.1.
"""

TITLE = "Stabilizing GANs Under Limited Resources via Dynamic Machine Ordering"

ORDER = (
    *("section1", "section2", "algorithm1", "section3", "section4", "algorithm2", "section5"),
    *("section6", "section7", "appendix_a", "appendix_b", "appendix_c", "appendix_d"),
    *("appendix_e", "appendixf", "settled"),
)
"""The beginnings of module names, in the order of the paper."""
