/* SPDX-License-Identifier: MIT */
/*
 * Driver files come from whoever made the driver pack. There is nothing to repair: no sum covers
 * what is read.
 */
#include "fuzz/target.h"
#include "parse/pe/pe.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct pe_image pe;
    struct pe_imports imports;
    struct pe_relocs relocs;
    struct pe_version version;
    struct pe_certificates certificates;
    struct fault fault;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    if (pe_parse(h.span, &a, &pe, &fault) == ST_OK) {
        (void)pe_imports(&pe, &imports, &fault);
        (void)pe_relocs(&pe, &relocs, &fault);
        (void)pe_version(&pe, &a, &version, &fault);
        (void)pe_certificates(&pe, &certificates, &fault);
        (void)pe_digest_parts(&pe);
        (void)pe_first_page(&pe);
    }
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
