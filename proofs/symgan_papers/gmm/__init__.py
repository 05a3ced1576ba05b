r"""Towards understanding the dynamics of GANs: the paper of Li, Madry, Peebles and Schmidt.

The paper's conventions beside symgan's:

=====================  ===========================  =========================================
paper                  symgan                       remark
=====================  ===========================  =========================================
mu-hat                 mu1, mu2                     the generator's means, the minimizer
mu*                    mustar1, mustar2             the true means, parameters
l, r                   l1, l2, r1, r2               ends of the intervals, the maximizer
L                      payoff                       eq. (6); 1 + the oriented integral of F
eta_g, eta_d           eta                          one step a player
f                      total variation              max L - 1; the paper's G(mu-hat) is 1 + f
F(mu-hat, x)           `MixtureGan.F`               true density minus the generator's
=====================  ===========================  =========================================
"""

TITLE = "Towards understanding the dynamics of generative adversarial networks"

ORDER = (
    *("section1", "section2", "figure1", "section3", "figure2", "section4", "section5"),
    *("section6", "section7", "settled"),
)
"""The beginnings of module names, in the order of the paper."""
