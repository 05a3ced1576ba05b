/* Vectors of doubles at the host's width: AVX-512 by intrinsics, anything else by the
   compiler's vector extensions. Each operation is one instruction on AVX-512. */
#ifndef VECTOR_H
#define VECTOR_H

#include <math.h>
#include <stdint.h>

#define ALWAYS static inline __attribute__((always_inline))

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>
#define WIDTH 8
typedef __m512d vec;
typedef __mmask8 mask;
ALWAYS vec set(double x) { return _mm512_set1_pd(x); }
ALWAYS vec load(const double *p) { return _mm512_loadu_pd(p); }
ALWAYS void store(double *p, vec x) { _mm512_storeu_pd(p, x); }
ALWAYS vec fma_(vec a, vec b, vec c) { return _mm512_fmadd_pd(a, b, c); }
ALWAYS vec fnma(vec a, vec b, vec c) { return _mm512_fnmadd_pd(a, b, c); }
ALWAYS vec maximum(vec a, vec b) { return _mm512_max_pd(a, b); }
ALWAYS vec minimum(vec a, vec b) { return _mm512_min_pd(a, b); }
ALWAYS mask not_below(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_NLT_UQ); }
/* m and a != b, unordered counting as different */
ALWAYS mask and_differs(mask m, vec a, vec b) {
    return _mm512_mask_cmp_pd_mask(m, a, b, _CMP_NEQ_UQ);
}
/* a*b + c or c - a*b where m, else c; the complement likewise */
ALWAYS vec fnma_where(mask m, vec a, vec b, vec c) {
    return _mm512_mask3_fnmadd_pd(a, b, c, m);
}
ALWAYS vec fma_unless(mask m, vec a, vec b, vec c) {
    return _mm512_mask_mov_pd(_mm512_fmadd_pd(a, b, c), m, c);
}
/* x * 2^floor(n), rounded once, subnormal results included */
ALWAYS vec scale(vec x, vec n) { return _mm512_scalef_pd(x, n); }
#define HAS_PERMUTE
/* the entry of a table of 16 whose number the lowest four bits of n hold */
ALWAYS vec entry(const double *table, vec n) {
    return _mm512_permutex2var_pd(load(table), _mm512_castpd_si512(n), load(table + 8));
}

#else
#if defined(__AVX__)
#define WIDTH 4
#else
#define WIDTH 2
#endif
typedef double vec __attribute__((vector_size(8 * WIDTH)));
typedef int64_t mask __attribute__((vector_size(8 * WIDTH)));
typedef double unaligned __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));
ALWAYS vec set(double x) { return x - (vec){0}; }
ALWAYS vec load(const double *p) { return *(const unaligned *)p; }
ALWAYS void store(double *p, vec x) { *(unaligned *)p = x; }
ALWAYS vec fma_(vec a, vec b, vec c) {
    vec r;
    for (int i = 0; i < WIDTH; i++) r[i] = __builtin_fma(a[i], b[i], c[i]);
    return r;
}
ALWAYS vec fnma(vec a, vec b, vec c) { return fma_(-a, b, c); }
ALWAYS vec choose(mask m, vec a, vec b) { return (vec)(((mask)a & m) | ((mask)b & ~m)); }
ALWAYS vec maximum(vec a, vec b) { return choose(a > b, a, b); }
ALWAYS vec minimum(vec a, vec b) { return choose(a < b, a, b); }
ALWAYS mask not_below(vec a, vec b) { return ~(a < b); }
ALWAYS mask and_differs(mask m, vec a, vec b) { return m & (a != b); }
ALWAYS vec fnma_where(mask m, vec a, vec b, vec c) { return choose(m, fnma(a, b, c), c); }
ALWAYS vec fma_unless(mask m, vec a, vec b, vec c) { return choose(m, c, fma_(a, b, c)); }
ALWAYS vec power_of_two(vec n) { /* whole n in [-1022, 1023] */
    return (vec)(((mask)(n + set(0x1.8p52)) + 1023) << 52);
}
ALWAYS vec scale(vec x, vec n) { /* whole n, in two halves: the ends must not overflow early */
    const vec shift = set(0x1.8p52), half = fma_(n, set(0.5), shift) - shift;
    return x * power_of_two(half) * power_of_two(n - half);
}
#endif

#define EACH(u, count) _Pragma("GCC unroll 32") for (int u = 0; u < count; u++)
#define MOST 16 /* vectors in flight */

/* e^x for all x, of `count` vectors, each operation for all of them before the next: what is in
   flight is then independent, and the processor need not look far ahead.

   n = x/log 2 to the nearest multiple of 1 (plain) or 1/16 (EXP_TABLE), r = x - n log 2 in two
   parts, a polynomial in r, then the power of two; fractions of it come from a table that fills
   two AVX-512 registers. At most 0.83 ulp (plain) and 1.15 ulp (table); coefficients.py derives
   both polynomials. */
#include "exp_coefficients.h"

#define HORNER(c) EACH(u, count) p[u] = fma_(p[u], x[u], set(c))

#if defined(EXP_TABLE) && !defined(HAS_PERMUTE)
#error "the table variant needs AVX-512"
#endif
#ifdef EXP_TABLE
#define SHIFT 0x1.8p48
#else
#define SHIFT 0x1.8p52
#endif

ALWAYS void exps(vec *x, const int count) {
    vec n[MOST], p[MOST];
    const vec shift = set(SHIFT);
    EACH(u, count) x[u] = minimum(set(710.0), x[u]); /* in this order NaN passes */
    EACH(u, count) x[u] = maximum(set(-746.0), x[u]);
    EACH(u, count) n[u] = fma_(x[u], set(0x1.71547652b82fep+0), shift);
#ifdef EXP_TABLE
    vec part[MOST];
    EACH(u, count) part[u] = entry(EXP_PARTS, n[u]);
#endif
    EACH(u, count) n[u] = n[u] - shift;
    EACH(u, count) x[u] = fnma(n[u], set(0x1.62e42fefa39efp-1), x[u]);
    EACH(u, count) x[u] = fnma(n[u], set(0x1.abc9e3b39803fp-56), x[u]);
#ifdef EXP_TABLE
    EACH(u, count) p[u] = set(SMALL6);
    HORNER(SMALL5);
    HORNER(SMALL4);
    HORNER(SMALL3);
    HORNER(SMALL2);
    HORNER(1.0);
    EACH(u, count) p[u] = p[u] * x[u];
    EACH(u, count) p[u] = fma_(p[u], part[u], part[u]);
#else
    EACH(u, count) p[u] = set(EXP11);
    HORNER(EXP10);
    HORNER(EXP9);
    HORNER(EXP8);
    HORNER(EXP7);
    HORNER(EXP6);
    HORNER(EXP5);
    HORNER(EXP4);
    HORNER(EXP3);
    HORNER(EXP2);
    HORNER(1.0);
    HORNER(1.0);
#endif
    EACH(u, count) x[u] = scale(p[u], n[u]);
}

#endif
