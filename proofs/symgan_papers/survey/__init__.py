r"""The dynamics of GANs: the survey of Wang and Liu.

The survey's conventions beside symgan's:

=====================  ===========================  =========================================
survey                 symgan                       remark
=====================  ===========================  =========================================
theta_g, theta_d       theta, psi                   generator and discriminator
V(theta_g, theta_d)    payoff                       minimized by theta_g, maximized by theta_d
v of section 5.2       `Game.v`                     the same field, descended
v'                     `Game.J`                     the same matrix
gamma (5.2)            eta                          the step
lambda (5.1.1)         eta                          the step of the unrolled discriminator
a^k, b^k               eta_k, tau eta_k             decaying steps of the two players
lambda(theta) (5.2.2)  damping                      of local symplectic surgery
lambda (5.1.2, 5.3)    gamma                        weight of a regularizer
U, V, w (5.3)          U, V, w                      columns of the mean-field model; n its
                                                    dimension
=====================  ===========================  =========================================

What the survey restates from a source is judged as it is printed in the survey.
"""

TITLE = "The dynamics of GANs"

ORDER = (
    *("section2", "section3", "section4", "section5_1", "section5_2", "section5_3", "section6"),
    "settled",
)
"""The beginnings of module names, in the order of the survey."""
