r"""The nonautonomous (annealed) tiny-GAN: "Annealed GANs as nonautonomous dynamical systems".

The paper's conventions beside symgan's:

==================  ==========================  =======================================
paper               symgan                      remark
==================  ==========================  =======================================
theta' = -dL/dth    generator descends L        the same
psi' = +dL/dpsi     discriminator descends -L   the same flow
alpha' = +l dL/da   data point descends -l L    as printed in eq. (7); Figure 1(b) needs
                                                the other sign (`annealed.eq7.alpha`)
epsilon             eta                         step of gradient descent
T, a = 1/T          T, a                        time constant of the annealing
K                   K                           (alpha_r - alpha_0)/T
tan^-1(A, B)        atan2(A, B)                 first argument on the vertical axis
==================  ==========================  =======================================

Claims stand in the order of the paper, one module a part.
"""

TITLE = "Annealed GANs as nonautonomous dynamical systems"
