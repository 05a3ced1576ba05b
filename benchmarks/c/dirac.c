/* The Dirac oracle, time-stepped: the state stays in registers for all steps, several vectors
   at once so that latencies overlap. Ties as the default of symgan's dirac_oracle: at psi*theta
   = 0 the generator moves if psi != 0, else the discriminator. */
#include <string.h>

#include "threads.h"
#include "vector.h"

/* vectors at once: what was fastest with 32 registers, and half of it with 16 */
#ifndef FLIGHT
#define FLIGHT (WIDTH == 8 ? 12 : 5)
#endif
#ifndef FLIGHT_BCE
#define FLIGHT_BCE (WIDTH == 8 ? 10 : 4)
#endif
struct job { double *theta, *psi; long steps; double eta; };

/* Where the generator moves: psi*theta > 0, or a tie with psi != 0. */
ALWAYS mask generator(vec product, vec psi) {
    return and_differs(not_below(product, set(0.0)), psi, set(0.0));
}

ALWAYS void wasserstein_step(vec *theta, vec *psi, vec eta, const int count) {
    EACH(u, count) {
        const vec t = theta[u], p = psi[u];
        const mask m = generator(p * t, p);
        theta[u] = fnma_where(m, eta, p, t);
        psi[u] = fma_unless(m, eta, t, p);
    }
}

/* f'(y) = 1/(1 + e^y), the slope of f(y) = -log(1 + e^-y) */
ALWAYS void bce_step(vec *theta, vec *psi, vec eta, const int count) {
    vec slope[MOST];
    mask m[MOST];
    EACH(u, count) slope[u] = psi[u] * theta[u];
    EACH(u, count) m[u] = generator(slope[u], psi[u]);
    exps(slope, count);
    EACH(u, count) slope[u] = set(1.0) + slope[u];
    EACH(u, count) slope[u] = eta / slope[u];
    EACH(u, count) {
        const vec t = theta[u], p = psi[u];
        theta[u] = fnma_where(m[u], slope[u], p, t);
        psi[u] = fma_unless(m[u], slope[u], t, p);
    }
}

#define STEPPER(name, step, count)                                                          \
    ALWAYS void name##_block(double *theta, double *psi, long steps, vec eta) {              \
        vec t[count], p[count];                                                              \
        EACH(u, count) t[u] = load(theta + u * WIDTH), p[u] = load(psi + u * WIDTH);         \
        for (long k = 0; k < steps; k++) step(t, p, eta, count);                             \
        EACH(u, count) store(theta + u * WIDTH, t[u]), store(psi + u * WIDTH, p[u]);         \
    }                                                                                        \
    static void name##_part(void *raw, long first, long last) {                              \
        const struct job j = *(struct job *)raw;                                             \
        const vec eta = set(j.eta);                                                          \
        long i = first;                                                                      \
        for (; i + count * WIDTH <= last; i += count * WIDTH)                                \
            name##_block(j.theta + i, j.psi + i, j.steps, eta);                              \
        if (i < last) {                                                                      \
            double rest[2][count * WIDTH] = {{0}};                                           \
            memcpy(rest[0], j.theta + i, (last - i) * sizeof(double));                       \
            memcpy(rest[1], j.psi + i, (last - i) * sizeof(double));                         \
            name##_block(rest[0], rest[1], j.steps, eta);                                    \
            memcpy(j.theta + i, rest[0], (last - i) * sizeof(double));                       \
            memcpy(j.psi + i, rest[1], (last - i) * sizeof(double));                         \
        }                                                                                    \
    }                                                                                        \
    void dirac_##name(double *theta, double *psi, long n, long steps, double eta,            \
                      int threads) {                                                         \
        struct job j = {theta, psi, steps, eta};                                             \
        in_threads(name##_part, &j, n, count * WIDTH, threads);                              \
    }

STEPPER(wasserstein, wasserstein_step, FLIGHT)
STEPPER(bce, bce_step, FLIGHT_BCE)
