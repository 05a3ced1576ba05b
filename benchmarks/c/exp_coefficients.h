/* Written by coefficients.py. */
#define EXP2 0x1.0000000000001p-1
#define EXP3 0x1.5555555555556p-3
#define EXP4 0x1.5555555553d68p-5
#define EXP5 0x1.11111111109b5p-7
#define EXP6 0x1.6c16c17889ef1p-10
#define EXP7 0x1.a01a01a7c2efep-13
#define EXP8 0x1.a019b9149a41cp-16
#define EXP9 0x1.71de0db2f6b19p-19
#define EXP10 0x1.28917c89a43a7p-22
#define EXP11 0x1.af389ecfc4b9cp-26
#define SMALL2 0x1.0000000000000p-1
#define SMALL3 0x1.55555554dd44dp-3
#define SMALL4 0x1.55555555194d2p-5
#define SMALL5 0x1.11120af701debp-7
#define SMALL6 0x1.6c17bb51f236dp-10
#ifdef EXP_TABLE
static const double EXP_PARTS[16] = {
    0x1.0000000000000p+0,
    0x1.0b5586cf9890fp+0,
    0x1.172b83c7d517bp+0,
    0x1.2387a6e756238p+0,
    0x1.306fe0a31b715p+0,
    0x1.3dea64c123422p+0,
    0x1.4bfdad5362a27p+0,
    0x1.5ab07dd485429p+0,
    0x1.6a09e667f3bcdp+0,
    0x1.7a11473eb0187p+0,
    0x1.8ace5422aa0dbp+0,
    0x1.9c49182a3f090p+0,
    0x1.ae89f995ad3adp+0,
    0x1.c199bdd85529cp+0,
    0x1.d5818dcfba487p+0,
    0x1.ea4afa2a490dap+0,
};
#endif
