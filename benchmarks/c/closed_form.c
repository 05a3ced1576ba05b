/* The annealed tiny-GAN in closed form (Wasserstein, switch off) and its derivatives with respect
   to the initial values and T, at many times. Plain loops for the compiler to vectorize with its
   own vector mathematics (-ffast-math, libmvec); constants are worked out once. Sines and cosines stand
   in loops of their own, as GCC makes one scalar call of a pair. */
#include <math.h>

#include "threads.h"

/* values: T, alpha_0, alpha_r, alpha_i, psi_i, theta_i */
#define BLOCK 512

struct functions { double e[BLOCK], s[BLOCK], c[BLOCK]; };

static inline void tabulate(const double *t, double rate, long count, struct functions *f) {
    for (long i = 0; i < count; i++) f->e[i] = exp(rate * t[i]);
    for (long i = 0; i < count; i++) f->s[i] = sin(t[i]);
    for (long i = 0; i < count; i++) f->c[i] = cos(t[i]);
}

struct job { const double *t, *v; double *out; long n; };

static void states_part(void *raw, long first, long last) {
    const struct job j = *(struct job *)raw;
    const double T = j.v[0], gap = j.v[1] - j.v[2], ai = j.v[3], pi = j.v[4], ti = j.v[5];
    const double rate = -1 / T, d = 1 / (T * T + 1), center = ai - gap;
    const double a = pi - T * d * gap, b = ti - center - T * T * d * gap;
    const double e1 = T * T * d * gap, e2 = T * d * gap;
    struct functions f;
    for (long at = first; at < last; at += BLOCK) {
        const long count = last - at < BLOCK ? last - at : BLOCK;
        double *restrict x = j.out + at, *restrict y = x + j.n, *restrict z = y + j.n;
        tabulate(j.t + at, rate, count, &f);
        for (long i = 0; i < count; i++) {
            x[i] = center + e1 * f.e[i] - a * f.s[i] + b * f.c[i];
            y[i] = e2 * f.e[i] + a * f.c[i] + b * f.s[i];
            z[i] = center + gap * f.e[i];
        }
    }
}

/* rows theta, psi, alpha by columns theta_i, psi_i, alpha_i, T */
static void jacobian_part(void *raw, long first, long last) {
    const struct job j = *(struct job *)raw;
    const double T = j.v[0], gap = j.v[1] - j.v[2], d = 1 / (T * T + 1), rate = -1 / T;
    const double d1 = 2 * T * d * d * gap;            /* of T^2 d gap */
    const double d2 = (1 - T * T) * d * d * gap;      /* of T d gap */
    const double f1 = d * gap, f2 = d * gap / T, f3 = gap / (T * T);
    const long n = j.n;
    struct functions f;
    for (long at = first; at < last; at += BLOCK) {
        const long count = last - at < BLOCK ? last - at : BLOCK;
        double *restrict o = j.out + at;
        tabulate(j.t + at, rate, count, &f);
        for (long i = 0; i < count; i++) {
            const double t = j.t[at + i], e = f.e[i], s = f.s[i], c = f.c[i];
            o[i] = c, o[n + i] = -s, o[2 * n + i] = 1 - c;
            o[3 * n + i] = d1 * (e - c) + f1 * t * e + d2 * s;
            o[4 * n + i] = s, o[5 * n + i] = c, o[6 * n + i] = -s;
            o[7 * n + i] = d2 * (e - c) + f2 * t * e - d1 * s;
            o[8 * n + i] = 0, o[9 * n + i] = 0, o[10 * n + i] = 1;
            o[11 * n + i] = f3 * t * e;
        }
    }
}

void closed_form(const double *t, const double *values, double *out, long n, int threads) {
    struct job j = {t, values, out, n};
    in_threads(states_part, &j, n, 64, threads);
}

void closed_form_jacobian(const double *t, const double *values, double *out, long n,
                          int threads) {
    struct job j = {t, values, out, n};
    in_threads(jacobian_part, &j, n, 64, threads);
}
