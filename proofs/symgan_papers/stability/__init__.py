r"""Gradient descent GAN optimization is locally stable: the poster of Nagarajan and Kolter.

The poster's conventions beside symgan's:

====================  ===========================  ==========================================
poster                symgan                       remark
====================  ===========================  ==========================================
theta_D, theta_G      psi, theta                   discriminator and generator
theta_D' = +grad V    discriminator descends -V    the same flow
theta_G' = -grad V    generator descends V         the same flow
V = E f(D) + E f(-D)  payoff, maximized by psi     f concave with f'(0) != 0
eta                   gamma                        weight of the gradient-norm regularizer
h(theta)              the right-hand side          theta' = h(theta); symgan's v is -h
Jacobian dh/dtheta    `Flow.jacobian`              of the flow; symgan's `Game.J` is minus it
f(t) = log(1/(1+      `losses.jensen_shannon`      the traditional GAN; f(t) = t is
exp(-t)))                                          `losses.wasserstein`
====================  ===========================  ==========================================

The poster's small system has the discriminator D(x) = w x^2 and the generator G(z) = a z; its
state is written (w, a), as on the poster's axes. Claims that are judged on it, or for given sizes
of the blocks, say so; what is argued in words beyond that stands in `says`.

The source is a scanned poster: what the scan garbled is read with the mathematics in mind, and
the entries concerned say how it was read.
"""

TITLE = "Gradient descent GAN optimization is locally stable (poster)"
