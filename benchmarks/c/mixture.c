/* First-order dynamics of the mixture GAN: two modes learn two modes at +-1/2, the discriminator
   is the union of [l1, r1] and [l2, r2]; sixteen densities a step. The state of a vector of
   trajectories is six vectors; FLIGHT_GMM of them at once. */
#include <string.h>

#include "threads.h"
#include "vector.h"

#ifndef FLIGHT_GMM
#define FLIGHT_GMM (WIDTH == 8 ? 2 : 1)
#endif
#ifndef TOGETHER
#define TOGETHER 2 /* ends whose exponentials are worked out together, four each */
#endif
#define STATE 6
struct job { double *x[STATE]; long steps; double scale; };

/* e^(-d^2/2) of `count` differences */
ALWAYS void bells(vec *d, const int count) {
    EACH(u, count) d[u] = set(-0.5) * d[u] * d[u];
    exps(d, count);
}

/* c = eta/2/sqrt(2 pi); ends move by the difference of both densities, times two */
ALWAYS void step(vec *x, vec c) {
    const vec half = set(0.5);
    vec gain[2] = {set(0.0), set(0.0)};
    _Pragma("GCC unroll 4") for (int first = 0; first < 4; first += TOGETHER) { /* of the ends l1, l2, r1, r2 */
        vec d[4 * TOGETHER];
        EACH(k, TOGETHER) {
            const vec end = x[2 + first + k];
            d[4 * k] = end - x[0], d[4 * k + 1] = end - x[1];
            d[4 * k + 2] = end - half, d[4 * k + 3] = end + half;
        }
        bells(d, 4 * TOGETHER);
        EACH(k, TOGETHER) {
            const int j = first + k;
            const vec *e = d + 4 * k, moved = (e[0] + e[1]) - (e[2] + e[3]);
            EACH(i, 2) gain[i] = j < 2 ? gain[i] + e[i] : gain[i] - e[i];
            x[2 + j] = j < 2 ? fma_(c, moved, x[2 + j]) : fnma(c, moved, x[2 + j]);
        }
    }
    EACH(i, 2) x[i] = fma_(c, gain[i], x[i]);
}

ALWAYS void block(double *const *x, long i, long steps, vec c) {
    vec s[FLIGHT_GMM][STATE];
    EACH(u, FLIGHT_GMM) EACH(j, STATE) s[u][j] = load(x[j] + i + u * WIDTH);
    for (long k = 0; k < steps; k++) EACH(u, FLIGHT_GMM) step(s[u], c);
    EACH(u, FLIGHT_GMM) EACH(j, STATE) store(x[j] + i + u * WIDTH, s[u][j]);
}

static void mixture_part(void *raw, long first, long last) {
    const struct job j = *(struct job *)raw;
    const vec c = set(j.scale);
    long i = first;
    for (; i + FLIGHT_GMM * WIDTH <= last; i += FLIGHT_GMM * WIDTH) block(j.x, i, j.steps, c);
    if (i < last) {
        double rest[STATE][FLIGHT_GMM * WIDTH] = {{0}};
        double *columns[STATE];
        for (int s = 0; s < STATE; s++) {
            columns[s] = rest[s];
            memcpy(rest[s], j.x[s] + i, (last - i) * sizeof(double));
        }
        block(columns, 0, j.steps, c);
        for (int s = 0; s < STATE; s++) memcpy(j.x[s] + i, rest[s], (last - i) * sizeof(double));
    }
}

/* columns: mu1, mu2, l1, l2, r1, r2, each of length n, one after the other */
void mixture_first_order(double *columns, long n, long steps, double eta, int threads) {
    struct job j = {.steps = steps, .scale = eta / 2 * 0x1.9884533d43651p-2};
    for (int s = 0; s < STATE; s++) j.x[s] = columns + s * n;
    in_threads(mixture_part, &j, n, FLIGHT_GMM * WIDTH, threads);
}
