/* Split columns of n numbers over threads, in whole blocks. */
#ifndef THREADS_H
#define THREADS_H

#include <pthread.h>

#define MOST_THREADS 256
typedef void (*part)(void *job, long first, long last);
struct share { part work; void *job; long first, last; };

static void *run_share(void *raw) {
    struct share *s = raw;
    s->work(s->job, s->first, s->last);
    return 0;
}

/* work(job, first, last) over [0, n), cut at multiples of `block`; the caller takes a share. */
static void in_threads(part work, void *job, long n, long block, int threads) {
    pthread_t id[MOST_THREADS];
    struct share shares[MOST_THREADS];
    int started[MOST_THREADS];
    const long blocks = (n + block - 1) / block;
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    for (int i = 0; i < threads; i++) {
        long first = blocks * i / threads * block, last = blocks * (i + 1) / threads * block;
        shares[i] = (struct share){work, job, first, last < n ? last : n};
    }
    for (int i = 1; i < threads; i++)
        started[i] = !pthread_create(&id[i], 0, run_share, &shares[i]);
    run_share(&shares[0]);
    for (int i = 1; i < threads; i++) {
        if (started[i]) pthread_join(id[i], 0);
        else run_share(&shares[i]);
    }
}

#endif
