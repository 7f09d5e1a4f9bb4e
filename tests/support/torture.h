/* SPDX-License-Identifier: MIT */
/* What every parser must stand. Input is always in a heap block of exactly its size. */
#ifndef SUPPORT_TORTURE_H
#define SUPPORT_TORTURE_H

#include "support/build.h"

/* Parses, and asserts what must hold whatever the input is (torture_parse() below does most). */
typedef enum status torture_fn(struct span input);

/*
 * Defines a torture_fn `name` that calls PARSE(input, &out, &fault) and asserts that a failure
 * is malformed, tells what is wrong and where, and leaves `out` untouched.
 */
#define TORTURE_PARSE(name, type, call)                                                            \
    static enum status name(struct span input)                                                     \
    {                                                                                              \
        type out;                                                                                  \
        type before;                                                                               \
        struct fault fault = {.offset = SIZE_MAX};                                                 \
        memset(&out, 0xa5, sizeof out);                                                            \
        memcpy(&before, &out, sizeof out);                                                         \
        enum status st = call(input, &out, &fault);                                                \
        if (st == ST_OK)                                                                           \
            return st;                                                                             \
        assert_int_equal(st, ST_MALFORMED);                                                        \
        assert_memory_equal(&out, &before, sizeof out);                                            \
        assert_non_null(fault.what);                                                               \
        assert_true(fault.offset <= input.len);                                                    \
        return st;                                                                                 \
    }

/*
 * The same for a parser that keeps lists: calls PARSE(input, &arena, &out, &fault). What it kept
 * is gone afterwards, also for callers of `name`_in_arena(input, &out, &fault).
 */
#define TORTURE_PARSE_IN_ARENA(name, type, call)                                                   \
    static enum status name##_in_arena(struct span input, type *out, struct fault *fault)          \
    {                                                                                              \
        struct arena a;                                                                            \
        test_arena(&a);                                                                            \
        enum status st = call(input, &a, out, fault);                                              \
        arena_reset(&a);                                                                           \
        return st;                                                                                 \
    }                                                                                              \
    TORTURE_PARSE(name, type, name##_in_arena)

/* Every proper prefix of a sound table is refused; with length and checksum repaired, survived. */
void torture_truncate_table(torture_fn *parse, struct span good);

/* Every single flipped bit is refused (the sum tells); repaired, it is survived. */
void torture_flip_table(torture_fn *parse, struct span good);

/* 20,000 mutations, the same ones every time; tables are repaired two times of three. */
void torture_mutate_table(torture_fn *parse, struct span good);

/* For what has an end of its own: every proper prefix is refused, and mutations survived. */
void torture_whole(torture_fn *parse, struct span good);

/* The same for text: every prefix and mutation must be survived. */
void torture_text(torture_fn *parse, struct span good);

#endif
