/* SPDX-License-Identifier: MIT */
/*
 * Counts steps: the compiler calls the first function in each block of vbs_core's code
 * (-fsanitize-coverage=trace-pc), and the others, in place of the C library's, count bytes. The
 * same input always takes the same number of them, on any machine and however busy it is.
 */
#include "steps.h"

#include <stdint.h>

static size_t steps;

size_t steps_so_far(void)
{
    return steps;
}

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    steps++;
}

void *memchr(const void *s, int c, size_t n)
{
    const unsigned char *p = s;
    for (size_t i = 0; i < n; i++, steps++) {
        if (p[i] == (unsigned char)c)
            return (void *)(uintptr_t)&p[i];
    }
    return NULL;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *l = a, *r = b;
    for (size_t i = 0; i < n; i++, steps++) {
        if (l[i] != r[i])
            return l[i] - r[i];
    }
    return 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    for (size_t i = 0; i < n; i++)
        t[i] = f[i];
    steps += n / 16;
    return to;
}

size_t strlen(const char *s)
{
    size_t n = 0;
    while (s[n] != '\0')
        n++;
    steps += n;
    return n;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++, steps++) {
        unsigned char l = (unsigned char)a[i], r = (unsigned char)b[i];
        if (l != r || l == '\0')
            return l - r;
    }
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}
