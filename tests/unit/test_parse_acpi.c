/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/acpi/acpi.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"

static enum status open_wsmt(struct span s, struct acpi_table *out, struct fault *fault)
{
    return acpi_open(s, "WSMT", out, fault);
}

TORTURE_PARSE(parse, struct acpi_table, open_wsmt)

static void reads_the_header_and_leaves_the_body(void **state)
{
    (void)state;
    struct build b;
    struct acpi_table t;
    struct fault fault = {0};
    assert_int_equal(acpi_open(table_wsmt(&b, 7), "WSMT", &t, &fault), ST_OK);
    assert_string_equal(t.signature, "WSMT");
    assert_string_equal(t.oem_id, "VBSCHK");
    assert_string_equal(t.oem_table_id, "SELFTEST");
    assert_int_equal(t.revision, 1);
    assert_int_equal(t.length, 40);
    assert_int_equal(rd_left(&t.body), 4);
    assert_int_equal(rd_offset(&t.body), 36);
    assert_int_equal(rd_le32(&t.body), 7);
}

static void does_not_see_bytes_after_the_declared_length(void **state)
{
    (void)state;
    struct build b;
    struct acpi_table t;
    (void)table_wsmt(&b, 7);
    put_le32(&b, 0xffffffff);
    assert_int_equal(acpi_open(build_span(&b), "WSMT", &t, NULL), ST_OK);
    assert_int_equal(rd_left(&t.body), 4);
}

static void assert_fault(struct span s, const char *what, size_t offset)
{
    struct acpi_table t;
    struct fault fault = {0};
    assert_int_equal(acpi_open(s, "WSMT", &t, &fault), ST_MALFORMED);
    assert_string_equal(fault.what, what);
    assert_int_equal(fault.offset, offset);
}

static void tells_what_is_wrong_with_a_header(void **state)
{
    (void)state;
    struct build b;
    assert_fault((struct span){0}, "shorter than a table header", 0);
    struct span s = table_wsmt(&b, 7);
    assert_fault((struct span){s.ptr, 35}, "shorter than a table header", 0);
    assert_fault((struct span){s.ptr, 39}, "declared length is longer than the table", 4);
    b.bytes[4] = 35;
    assert_fault(s, "declared length is shorter than the header", 4);
    b.bytes[4] = 40;
    b.bytes[36] = 6;
    assert_fault(s, "checksum does not add up", 9);
    b.bytes[0] = 'X';
    assert_fault(s, "has another signature", 0);
}

static void splits_records_of_each_form(void **state)
{
    (void)state;
    static const struct {
        enum acpi_rec_form form;
        uint8_t bytes[7];
        size_t header;
    } cases[] = {
        {ACPI_REC_U16_U16, {0x34, 0x12, 5, 0, 9}, 4},
        {ACPI_REC_U8_FLAGS_U16, {0x34, 0xff, 5, 0, 9}, 4},
        {ACPI_REC_U8_U16, {0x34, 5, 0, 8, 9}, 3},
        {ACPI_REC_U8_U8, {0x34, 5, 7, 8, 9}, 2},
    };
    for (size_t i = 0; i < 4; i++) {
        struct rd r = rd_open((struct span){cases[i].bytes, 5});
        struct acpi_rec rec;
        assert_true(acpi_next_rec(&r, cases[i].form, &rec));
        assert_int_equal(rec.type, cases[i].form == ACPI_REC_U16_U16 ? 0x1234 : 0x34);
        assert_int_equal(rec.offset, 0);
        assert_int_equal(rec.whole.len, 5);
        assert_int_equal(rd_left(&rec.body), 5 - cases[i].header);
        assert_int_equal(rd_offset(&rec.body), cases[i].header);
        assert_false(acpi_next_rec(&r, cases[i].form, &rec));
        assert_true(rd_ok(&r));
    }
}

static void refuses_records_that_cannot_be_stepped_over(void **state)
{
    (void)state;
    static const char *const whats[] = {
        "structure length 0 cannot be stepped over",
        "structure is shorter than its header",
        "structure is longer than the data left",
    };
    static const uint8_t lengths[] = {0, 1, 6};
    for (size_t i = 0; i < 3; i++) {
        const uint8_t bytes[] = {1, 2, 1, lengths[i], 0, 0, 0};
        struct rd r = rd_open((struct span){bytes, sizeof bytes});
        struct acpi_rec rec;
        assert_true(acpi_next_rec(&r, ACPI_REC_U8_U8, &rec));
        assert_false(acpi_next_rec(&r, ACPI_REC_U8_U8, &rec));
        assert_int_equal(rd_status(&r), ST_MALFORMED);
        assert_string_equal(r.fault.what, whats[i]);
        assert_int_equal(r.fault.offset, 2);
    }
}

/* iasl drops what is not printable. */
static void check_id(const struct truth *t, const char *key, const char *id)
{
    char text[9] = {0};
    size_t n = 0;
    for (; *id != '\0'; id++) {
        if (*id >= ' ' && *id <= '~')
            text[n++] = *id;
    }
    assert_true(span_equal(span_trim(span_of(text)), truth_text(t, key)));
}

static void check_header(const struct truth *t)
{
    struct acpi_table table;
    char kind[5] = {0};
    memcpy(kind, t->table.ptr, 4);
    enum status st = acpi_open(t->table, kind, &table, NULL);
    if (strcmp(t->facts, "-") == 0) {
        assert_int_equal(st, ST_MALFORMED);
        return;
    }
    assert_truth_text(t, "sig", kind);
    assert_truth(t, "csum_ok", st == ST_OK);
    if (st != ST_OK)
        return;
    assert_truth(t, "len", table.length);
    assert_truth(t, "rev", table.revision);
    check_id(t, "oem", table.oem_id);
    check_id(t, "oemtab", table.oem_table_id);
}

static void headers_agree_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    static const char *const kinds[] = {"DMAR", "IVRS", "IORT", "WSMT", "TPM2"};
    for (size_t i = 0; i < 5; i++)
        print_message("%u tables\n", each_truth(kinds[i], check_header));
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_wsmt(&b, 7);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_header_and_leaves_the_body),
        cmocka_unit_test(does_not_see_bytes_after_the_declared_length),
        cmocka_unit_test(tells_what_is_wrong_with_a_header),
        cmocka_unit_test(splits_records_of_each_form),
        cmocka_unit_test(refuses_records_that_cannot_be_stepped_over),
        cmocka_unit_test(headers_agree_with_iasl_on_the_corpus),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
