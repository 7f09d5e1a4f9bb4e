/* SPDX-License-Identifier: MIT */
#include "vbscheck/suggest.h"

#include <string.h>

enum { WORD_MAX = 48, FAR = WORD_MAX, NEAR = 2 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/*
 * Optimal string alignment: the least number of letters to change, take away, add or swap with
 * their neighbour. Three rows of its table are kept: this one and the two before.
 */
static size_t distance(const char *from, const char *to)
{
    size_t n = strlen(from), m = strlen(to), rows[3][WORD_MAX + 1];
    if (n > WORD_MAX || m > WORD_MAX)
        return FAR;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *over = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = least(above[j] + 1, row[j - 1] + 1,
                           above[j - 1] + (lower(from[i - 1]) != to[j - 1]));
            if (i > 1 && j > 1 && lower(from[i - 1]) == to[j - 2] &&
                lower(from[i - 2]) == to[j - 1])
                row[j] = least(row[j], over[j - 2] + 1, FAR);
        }
    }
    return rows[n % 3][m];
}

const char *suggest(const char *word, suggest_names *names)
{
    size_t third = strlen(word) / 3, most = third < NEAR ? third : NEAR;
    const char *nearest = NULL, *name;
    for (size_t i = 0, best = most + 1; (name = names(i)) != NULL; i++) {
        size_t d = distance(word, name);
        if (d < best) {
            best = d;
            nearest = name;
        }
    }
    return nearest;
}

const char *suggest_in(struct arena *a, const char *problem, const char *else_say, const char *word,
                       suggest_names *names)
{
    const char *meant = suggest(word, names);
    return meant != NULL ? arena_printf(a, "%s; did you mean '%s'?", problem, meant)
                         : arena_printf(a, "%s; %s", problem, else_say);
}
