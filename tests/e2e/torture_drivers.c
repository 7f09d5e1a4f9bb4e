/* SPDX-License-Identifier: MIT */
/*
 * torture_drivers FILE...: every prefix of each driver, and 2,000 damaged copies of it, half of
 * them damaged in their headers. Run by test_drivers.py with real drivers, which are no part of the
 * project; one process, since a real driver has some ten thousand prefixes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/drivers/image.h"
#include "support/cmocka.h"
#include "support/libs.h"
#include "support/load.h"
#include "support/mutant.h"

enum { MUTANTS = 2000, HEADERS = 1024 };

static unsigned results[DRIVER_RESULTS + 1]; /* the last: no kernel image */

static void look(struct span file, bool digests)
{
    struct arena a;
    struct driver d = {.path = "x.sys", .group = DRIVER_GIVEN};
    struct image_options options = {.digest = digests ? test_digest : NULL, .digests = digests};
    test_arena(&a);
    bool is_image = image_look(file, true, &options, &a, &d);
    results[is_image ? d.result : DRIVER_RESULTS]++;
    arena_reset(&a);
}

static void look_at_prefixes(struct span good)
{
    for (size_t n = 0; n < good.len; n++) {
        struct heap h = heap_copy((struct span){good.ptr, n});
        look(h.span, false);
        heap_free(&h);
    }
}

static void look_at_mutants(struct span good, uint64_t *seed)
{
    for (unsigned i = 0; i < MUTANTS; i++) {
        size_t size = i % 2 == 0 && good.len > HEADERS ? HEADERS : good.len;
        struct heap bad = mutant_of((struct span){good.ptr, size}, seed);
        struct heap whole = heap_copy(good);
        if (size == HEADERS && bad.span.len > 0)
            memcpy(whole.bytes, bad.bytes, bad.span.len);
        look(size == HEADERS ? whole.span : bad.span, i % 8 == 0);
        heap_free(&whole);
        heap_free(&bad);
    }
}

int main(int argc, char **argv)
{
    uint64_t seed = 0x9e3779b97f4a7c15;
    size_t prefixes = 0;
    for (int i = 1; i < argc; i++) {
        struct heap h = load_file(argv[i]);
        prefixes += h.span.len;
        look_at_prefixes(h.span);
        look_at_mutants(h.span, &seed);
        heap_free(&h);
    }
    (void)printf("%d drivers, %zu prefixes, %d mutants:", argc - 1, prefixes, (argc - 1) * MUTANTS);
    for (unsigned r = 0; r < DRIVER_RESULTS; r++)
        (void)printf(" %u %s,", results[r], driver_result_name((enum driver_result)r));
    (void)printf(" %u no kernel image\n", results[DRIVER_RESULTS]);
    return EXIT_SUCCESS;
}
