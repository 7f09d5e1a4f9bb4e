/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/pe/pe.h"
#include "support/cmocka.h"
#include "support/mutant.h"
#include "support/pe.h"
#include "support/torture.h"

/* Everything that is in an image; the worst of the statuses. */
static enum status read_all(struct span file, struct arena *a, struct pe_image *pe,
                            struct fault *fault)
{
    struct pe_imports imports;
    struct pe_relocs relocs;
    struct pe_version version;
    struct pe_certificates certificates;
    (void)pe_subsystem(file);
    enum status st = pe_parse(file, a, pe, fault);
    if (st != ST_OK)
        return st;
    struct pe_digest_parts d = pe_digest_parts(pe);
    struct pe_first_page f = pe_first_page(pe);
    for (size_t i = 0; i < PE_DIGEST_PARTS; i++) {
        assert_true(d.part[i].len <= file.len);
        assert_true(f.part[i].len <= file.len);
    }
    if (pe_imports(pe, &imports, fault) != ST_OK || pe_relocs(pe, &relocs, fault) != ST_OK ||
        pe_version(pe, a, &version, fault) != ST_OK ||
        pe_certificates(pe, &certificates, fault) != ST_OK)
        return ST_MALFORMED;
    return ST_OK;
}

/* In an arena that is gone afterwards. */
static enum status survive(struct span file)
{
    struct arena a;
    struct pe_image pe;
    struct fault fault = {0};
    test_arena(&a);
    enum status st = read_all(file, &a, &pe, &fault);
    assert_true(st == ST_OK || (st == ST_MALFORMED && fault.what != NULL));
    arena_reset(&a);
    return st;
}

static void reads_a_clean_driver(void **state)
{
    struct arena *a = *state;
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    assert_int_equal(read_all(pe_build(&b, &spec), a, &pe, NULL), ST_OK);
    assert_int_equal(pe.machine, PE_AMD64);
    assert_int_equal(pe.subsystem, PE_SUBSYSTEM_NATIVE);
    assert_int_equal(pe.section_alignment, 0x1000);
    assert_int_equal(pe.n_sections, 5);
    assert_string_equal(pe.sections[1].name, ".rdata");
    assert_int_equal(pe.sections[1].flags, PE_RDATA);
    assert_int_equal(pe.checksum_at, PE_CHECKSUM_AT);
}

static void counts_imports_by_name_and_by_ordinal(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    struct pe_imports i;
    assert_int_equal(pe_parse(pe_build(&b, &spec), *state, &pe, NULL), ST_OK);
    assert_int_equal(pe_imports(&pe, &i, NULL), ST_OK);
    assert_int_equal(i.dlls, 1);
    assert_int_equal(i.functions, 1);
    assert_int_equal(i.ordinals, 1);
    assert_int_equal(i.legacy_pool, 1);
    assert_int_equal(i.executable_thunk, 0);
}

static void reads_the_version_resource(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    struct pe_version v;
    assert_int_equal(pe_parse(pe_build(&b, &spec), *state, &pe, NULL), ST_OK);
    assert_int_equal(pe_version(&pe, *state, &v, NULL), ST_OK);
    assert_true(v.present);
    assert_int_equal(v.file_version[0], 1);
    assert_int_equal(v.file_version[3], 4);
    assert_string_equal(v.company, "Maker");
    assert_string_equal(v.original_name, "made.sys");
    assert_string_equal(v.internal_name, "made");
    assert_string_equal(v.product, "Made things");
    assert_null(v.description);
}

static void counts_relocations_across_pages(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    struct pe_relocs r;
    (void)pe_build(&b, &spec);
    size_t reloc = PE_HEADERS + 0x200 * 3 + 0x400;
    pe_poke16(&b, reloc + 8, 0xaff9);
    pe_poke16(&b, reloc + 10, 0x3ffd);
    assert_int_equal(pe_parse(build_span(&b), *state, &pe, NULL), ST_OK);
    assert_int_equal(pe_relocs(&pe, &r, NULL), ST_OK);
    assert_int_equal(r.n, 2);
    assert_int_equal(r.straddling, 2);
    pe_poke16(&b, reloc + 8, 0xaff8);
    pe_poke16(&b, reloc + 10, 0x3ffc);
    assert_int_equal(pe_relocs(&pe, &r, NULL), ST_OK);
    assert_int_equal(r.straddling, 0);
}

static void refuses_what_is_no_image(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    assert_false(pe_is_image(span_of("MZ")));
    assert_false(
        pe_is_image(span_of("not a PE image, and longer than a DOS header has to be, is it?")));
    assert_true(pe_is_image(pe_build(&b, &spec)));
    pe_poke32(&b, 0x3c, 0xfffffff0);
    assert_false(pe_is_image(build_span(&b)));
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
    (void)state;
}

static void refuses_headers_past_the_end_and_too_many_sections(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    (void)state;
    (void)pe_build(&b, &spec);
    pe_poke32(&b, PE_CHECKSUM_AT - 4, 0x7fffffff); /* SizeOfHeaders */
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
    (void)pe_build(&b, &spec);
    pe_poke16(&b, 0x46, 65535);
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
    pe_poke16(&b, 0x46, 97);
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
}

/* Bug: directories that the section table overlaps were taken for none, a PE32 header for a whole
 * one of a 64-bit processor, and headers that end before their section table for sound. */
static void refuses_headers_that_contradict_each_other(void **state)
{
    enum { OPTIONAL_SIZE_AT = 0x40 + 20, MAGIC_AT = 0x40 + 24 };
    struct build b;
    struct pe_spec spec = pe_clean();
    (void)state;
    (void)pe_build(&b, &spec);
    memmove(b.bytes + PE_SECTIONS_AT - 128, b.bytes + PE_SECTIONS_AT, 200);
    pe_poke16(&b, OPTIONAL_SIZE_AT, 112);
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
    (void)pe_build(&b, &spec);
    pe_poke16(&b, MAGIC_AT, PE32);
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
    (void)pe_build(&b, &spec);
    pe_poke32(&b, PE_CHECKSUM_AT - 4, PE_SECTIONS_AT + 200 - 1); /* SizeOfHeaders */
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
    pe_poke32(&b, PE_CHECKSUM_AT - 4, PE_SECTIONS_AT + 200);
    assert_int_equal(survive(build_span(&b)), ST_OK);
}

static void refuses_addresses_that_wrap(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    (void)state;
    spec.sections[1].rva = 0xfffff000;
    spec.dirs[1].at = 0xffffffff;
    assert_int_equal(survive(pe_build(&b, &spec)), ST_MALFORMED);
    spec = pe_clean();
    spec.dirs[5].size = 0xffffffff;
    assert_int_equal(survive(pe_build(&b, &spec)), ST_MALFORMED);
    spec = pe_clean();
    spec.dirs[4].at = 0xffffffff;
    spec.dirs[4].size = 0xffffffff;
    assert_int_equal(survive(pe_build(&b, &spec)), ST_MALFORMED);
}

static void ends_in_loops_of_resources_and_imports(void **state)
{
    enum { RSRC = PE_HEADERS + 0x200 * 3, RDATA = PE_HEADERS + 0x200 };
    struct build b;
    struct pe_spec spec = pe_clean();
    (void)state;
    (void)pe_build(&b, &spec);
    pe_poke32(&b, RSRC + 20, 0x80000000); /* the type's entry leads back to the root */
    (void)survive(build_span(&b));
    (void)pe_build(&b, &spec);
    pe_poke32(&b, RSRC + 0x18 + 20, 0x80000018); /* the name's to itself */
    (void)survive(build_span(&b));
    (void)pe_build(&b, &spec);
    for (size_t at = RDATA; at + 4 <= RDATA + 0x200; at += 4)
        pe_poke32(&b, at, 0x2000); /* descriptors without an end, each at its own thunks */
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
}

static void reads_certificates_and_what_is_unusual(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    struct pe_certificates c;
    (void)pe_build(&b, &spec);
    size_t at = b.len;
    struct span file = pe_sign(&b, span_of("twelve bytes"));
    assert_int_equal(pe_parse(file, *state, &pe, NULL), ST_OK);
    assert_int_equal(pe_certificates(&pe, &c, NULL), ST_OK);
    assert_int_equal(c.n, 1);
    assert_null(c.unusual);
    assert_true(span_is(c.pkcs7[0], "twelve bytes"));
    pe_poke16(&b, at + 4, 0x0100);
    assert_int_equal(pe_certificates(&pe, &c, NULL), ST_OK);
    assert_non_null(c.unusual);
    pe_poke32(&b, at, 7);
    assert_int_equal(pe_certificates(&pe, &c, NULL), ST_MALFORMED);
    pe_poke32(&b, at, 0x1000);
    assert_int_equal(pe_certificates(&pe, &c, NULL), ST_MALFORMED);
}

static void more_certificates_than_are_looked_at_are_told(void **state)
{
    enum { ENTRY = 8 + 16, DIRECTORY_AT = 0x40 + 24 + 112 + 4 * 8 };
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    struct pe_certificates c;
    (void)pe_build(&b, &spec);
    uint32_t at = (uint32_t)b.len;
    for (unsigned n = 1; n <= PE_CERTIFICATES_MAX + 1; n++) {
        (void)pe_sign(&b, span_of("sixteen bytes...."));
        b.len = at + n * ENTRY;
        pe_poke32(&b, b.len - ENTRY, ENTRY);
        pe_poke32(&b, DIRECTORY_AT, at);
        pe_poke32(&b, DIRECTORY_AT + 4, n * ENTRY);
        assert_int_equal(pe_parse(build_span(&b), *state, &pe, NULL), ST_OK);
        assert_int_equal(pe_certificates(&pe, &c, NULL), ST_OK);
        assert_int_equal(c.n, n <= PE_CERTIFICATES_MAX ? n : PE_CERTIFICATES_MAX);
        assert_int_equal(c.cut, n > PE_CERTIFICATES_MAX);
    }
}

/* Bug: what the last section holds could be changed, and the digest still fitted. */
static void a_certificate_table_over_a_section_is_unusual(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    struct pe_certificates c;
    (void)pe_build(&b, &spec);
    struct span file = pe_sign(&b, span_of("twelve bytes"));
    assert_int_equal(pe_parse(file, *state, &pe, NULL), ST_OK);
    size_t last = PE_SECTIONS_AT + (pe.n_sections - 1) * 40;
    pe_poke32(&b, last + 16, pe.sections[pe.n_sections - 1].raw_size + 8);
    assert_int_equal(pe_parse(file, *state, &pe, NULL), ST_OK);
    assert_int_equal(pe_certificates(&pe, &c, NULL), ST_OK);
    assert_int_equal(c.n, 1);
    assert_non_null(c.unusual);
}

static void digests_cover_all_but_checksum_directory_and_certificates(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    struct pe_image pe;
    size_t unsigned_size = pe_build(&b, &spec).len;
    assert_int_equal(pe_parse(pe_sign(&b, span_of("x")), *state, &pe, NULL), ST_OK);
    struct pe_digest_parts p = pe_digest_parts(&pe);
    size_t n = 0;
    for (size_t i = 0; i < PE_DIGEST_PARTS; i++)
        n += p.part[i].len;
    assert_int_equal(n, unsigned_size - 12);
    assert_int_equal(p.part[0].len, PE_CHECKSUM_AT);
    struct pe_first_page f = pe_first_page(&pe);
    assert_int_equal(f.part[0].len + f.part[1].len + f.part[2].len, PE_HEADERS - 12);
    assert_int_equal(f.zeros, 4096 - PE_HEADERS);
}

static void survives_every_prefix_and_20000_mutations(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    uint64_t seed = 0x9e3779b97f4a7c15;
    (void)state;
    (void)pe_build(&b, &spec);
    struct span good = pe_sign(&b, span_of("0123456789"));
    assert_int_equal(survive(good), ST_OK);
    for (size_t n = 0; n < good.len; n++) {
        struct heap h = heap_copy((struct span){good.ptr, n});
        assert_int_equal(survive(h.span), ST_MALFORMED);
        heap_free(&h);
    }
    for (unsigned i = 0; i < 20000; i++) {
        struct heap h = mutant_of(good, &seed);
        (void)survive(h.span);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_clean_driver),
        cmocka_unit_test(counts_imports_by_name_and_by_ordinal),
        cmocka_unit_test(reads_the_version_resource),
        cmocka_unit_test(counts_relocations_across_pages),
        cmocka_unit_test(refuses_what_is_no_image),
        cmocka_unit_test(refuses_headers_past_the_end_and_too_many_sections),
        cmocka_unit_test(refuses_headers_that_contradict_each_other),
        cmocka_unit_test(refuses_addresses_that_wrap),
        cmocka_unit_test(ends_in_loops_of_resources_and_imports),
        cmocka_unit_test(reads_certificates_and_what_is_unusual),
        cmocka_unit_test(more_certificates_than_are_looked_at_are_told),
        cmocka_unit_test(a_certificate_table_over_a_section_is_unusual),
        cmocka_unit_test(digests_cover_all_but_checksum_directory_and_certificates),
        cmocka_unit_test(survives_every_prefix_and_20000_mutations),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
