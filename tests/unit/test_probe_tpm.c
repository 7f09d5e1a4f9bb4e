/* SPDX-License-Identifier: MIT */
/* The TPM's own answers, from blobs to rules. */
#include <string.h>

#include "support/build.h"
#include "support/cmocka.h"
#include "support/scene.h"
#include "vbscheck/count.h"
#include "vbscheck/libs.h"

static void put_be32(struct build *b, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        put_u8(b, v >> (24 - 8 * i) & 0xff);
}

static struct span end(struct build *b)
{
    for (unsigned i = 0; i < 4; i++)
        b->bytes[2 + i] = (uint8_t)(b->len >> (24 - 8 * i));
    return build_span(b);
}

static void begin(struct build *b, uint32_t rc)
{
    b->len = 0;
    put_bytes(b, "\200\1\0\0\0\0", 6);
    put_be32(b, rc);
}

/* Properties: pairs of number and value. */
static struct span properties(struct build *b, const uint32_t *pairs, uint32_t n)
{
    begin(b, 0);
    put_u8(b, 0);
    put_be32(b, 6);
    put_be32(b, n);
    for (uint32_t i = 0; i < 2 * n; i++)
        put_be32(b, pairs[i]);
    return end(b);
}

/* A TPM 2.0 of this maker. */
static void add_fixed(struct scene *s, struct build *b, uint32_t maker)
{
    const uint32_t pairs[] = {0x100, 0x322e3000, 0x102,      164,   0x105,
                              maker, 0x10b,      0x00020003, 0x10c, 0x40000};
    scene_bytes(s, "tpm/fixed", properties(b, pairs, 5));
}

static void begin_scene(struct scene *s)
{
    scene_begin(s);
    scene_complete_acpi(s);
}

static void the_tpm_speaks_first(void **state)
{
    (void)state;
    static struct build b, c;
    struct scene s;
    begin_scene(&s);
    scene_text(&s, "sys/tpm", "tpm0 version-major 1\ntpm0 banks sha256\n");
    add_fixed(&s, &b, 0x49465800);
    begin(&c, 0);
    put_bytes(&c, "\0\0\0\0\5\0\0\0\2\0\4\1\1\0\13\1\0", 17);
    scene_bytes(&s, "tpm/pcrs", end(&c));
    scene_judge(&s);
    assert_verdict(&s, "tpm.version", V_PASS);
    assert_verdict(&s, "tpm.sha256-bank", V_FAIL); /* listed, not allocated */
    assert_string_equal(scene_fact(&s, "tpm.decided-by")->v.text, "tpm/fixed");
    assert_string_equal(scene_fact(&s, "tpm.banks")->v.text, "sha1");
    assert_string_equal(scene_fact(&s, "tpm.manufacturer")->v.text, "IFX");
    assert_string_equal(scene_fact(&s, "tpm.firmware")->v.text, "2.3.4.0");
    scene_end(&s);
}

static void a_state_that_hinders_is_noted(void **state)
{
    (void)state;
    static const struct {
        uint32_t rc;
        const char *word, *note;
    } rows[] = {
        {0x100, "not-started", "not started"},      {0x101, "failed-self-test", "self-test failed"},
        {0x12d, "field-upgrade", "field upgrade"},  {0x153, "testing", "not tested itself"},
        {0x90a, "testing", "not tested itself"},    {0x921, "locked-out", "in lockout"},
        {0x184, "error", "answers with the error"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b;
        struct scene s;
        begin_scene(&s);
        begin(&b, rows[i].rc);
        scene_bytes(&s, "tpm/fixed", end(&b));
        scene_judge(&s);
        assert_verdict(&s, "tpm.version", V_PASS);
        assert_string_equal(scene_fact(&s, "tpm.state")->v.text, rows[i].word);
        assert_true(scene_notes(&s, rows[i].note));
        assert_int_equal(scene_fact(&s, "tpm.manufacturer")->st, ST_IO_ERROR);
        scene_end(&s);
    }
}

static void what_hinders_the_system_is_a_state(void **state)
{
    (void)state;
    enum { ENABLED = 0xf, NO_STORAGE = 0xd, IN_LOCKOUT = 0x200, CALM = 0x400 };
    static const struct {
        uint32_t permanent, startup;
        const char *word, *note; /* NULL: none */
    } rows[] = {
        {CALM, ENABLED, "ready", NULL},
        {IN_LOCKOUT, ENABLED, "locked-out", "failed authorizations: 5"},
        {CALM, NO_STORAGE, "disabled", "switched off"},
        {IN_LOCKOUT, NO_STORAGE, "disabled", "in lockout"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b, c;
        const uint32_t pairs[] = {0x200, rows[i].permanent, 0x201, rows[i].startup, 0x20e, 5};
        struct scene s;
        begin_scene(&s);
        add_fixed(&s, &b, 0x49465800);
        scene_bytes(&s, "tpm/variable", properties(&c, pairs, 3));
        scene_judge(&s);
        assert_string_equal(scene_fact(&s, "tpm.state")->v.text, rows[i].word);
        if (rows[i].note != NULL)
            assert_true(scene_notes(&s, rows[i].note));
        else
            assert_false(scene_notes(&s, "the TPM is"));
        scene_end(&s);
    }
}

static void a_tpm_in_failure_mode_is_of_family_2_by_its_refusals(void **state)
{
    (void)state;
    static const uint32_t maker[] = {0x105, 0x49465800};
    static struct build b, c;
    struct scene s;
    begin_scene(&s);
    scene_bytes(&s, "tpm/fixed", properties(&b, maker, 1));
    begin(&c, 0x101);
    scene_bytes(&s, "tpm/pcrs", end(&c));
    scene_judge(&s);
    assert_verdict(&s, "tpm.version", V_PASS);
    assert_string_equal(scene_fact(&s, "tpm.manufacturer")->v.text, "IFX");
    assert_string_equal(scene_fact(&s, "tpm.state")->v.text, "failed-self-test");
    assert_false(scene_notes(&s, "does not report"));
    scene_end(&s);

    begin_scene(&s);
    scene_bytes(&s, "tpm/fixed", properties(&b, maker, 1));
    scene_judge(&s);
    assert_reason(&s, "tpm.version", ST_UNSUPPORTED);
    assert_true(scene_notes(&s, "does not report"));
    scene_end(&s);
}

/* TPM_PT_FAMILY_INDICATOR is "2.0" of every TPM 2.0; another family is not one. */
static void another_family_than_2_0_is_not_2_0(void **state)
{
    (void)state;
    static const uint32_t pairs[] = {0x100, 0x312e3200, 0x105, 0x49465800}; /* "1.2" */
    static struct build b;
    struct scene s;
    begin_scene(&s);
    scene_bytes(&s, "tpm/fixed", properties(&b, pairs, 2));
    scene_judge(&s);
    assert_reason(&s, "tpm.version", ST_UNSUPPORTED);
    assert_true(scene_notes(&s, "does not report"));
    scene_end(&s);
}

/* The PCR banks, where the properties were asked for. */
static void an_answer_to_another_question_is_malformed(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    begin_scene(&s);
    begin(&b, 0);
    put_bytes(&b, "\0\0\0\0\5\0\0\0\2\0\4\1\1\0\13\1\0", 17);
    scene_bytes(&s, "tpm/fixed", end(&b));
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "tpm.manufacturer")->st, ST_MALFORMED);
    scene_end(&s);
}

static void a_lockout_that_is_not_counted_is_noted_too(void **state)
{
    (void)state;
    static struct build b;
    static const uint32_t pairs[] = {0x200, 0x200};
    struct scene s;
    begin_scene(&s);
    scene_bytes(&s, "tpm/variable", properties(&b, pairs, 1));
    scene_missing(&s, "tpm/fixed", ST_IO_ERROR);
    scene_judge(&s);
    assert_string_equal(scene_fact(&s, "tpm.state")->v.text, "locked-out");
    assert_true(scene_notes(&s, "in lockout"));
    scene_end(&s);
}

static void says_why_a_tpm_was_asked_in_vain(void **state)
{
    (void)state;
    static const struct {
        const char *text, *note; /* NULL: none */
    } rows[] = {
        {"tpm/fixed silent\n", "did not answer: it needed too much time"},
        {"tpm/fixed cut-off\n", "did not answer: the communication ended early"},
        {"tpm/pcrs no-answer\n", "did not answer: there was no answer"},
        {"tpm/fixed busy\n", "did not answer: another process has the device open"},
        {"tpm/fixed no-device\n", "is not a device"},
        {"tpm/fixed no-library\n", "(tpm2-tss) is not installed"},
        {"tpm/fixed from-the-future\n", NULL},
        {"tpm/fixed\n", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin_scene(&s);
        scene_missing(&s, "tpm/fixed", ST_IO_ERROR);
        scene_text(&s, "tpm/trouble", rows[i].text);
        scene_judge(&s);
        assert_int_equal(scene_notes(&s, rows[i].note != NULL ? rows[i].note : "did not answer"),
                         rows[i].note != NULL);
        scene_end(&s);
    }
}

static void an_answer_that_is_of_no_use_proves_no_absence(void **state)
{
    (void)state;
    static const enum status whys[] = {ST_IO_ERROR, ST_NO_PERMISSION, ST_TRUNCATED};
    for (size_t i = 0; i < COUNT(whys); i++) {
        struct scene s;
        begin_scene(&s);
        scene_missing(&s, "tpm/fixed", whys[i]);
        scene_judge(&s);
        assert_reason(&s, "tpm.version", whys[i]);
        scene_end(&s);
        begin_scene(&s);
        scene_missing(&s, "tpm/fixed", whys[i]);
        scene_text(&s, "sys/tpm", "tpm0 version-major 2\ntpm0 banks sha256\n");
        scene_judge(&s);
        assert_verdict(&s, "tpm.version", V_PASS);
        assert_verdict(&s, "tpm.sha256-bank", V_PASS);
        scene_end(&s);
    }
    struct scene s;
    begin_scene(&s);
    scene_text(&s, "tpm/fixed", "no response");
    scene_judge(&s);
    assert_reason(&s, "tpm.version", ST_MALFORMED);
    assert_true(scene_notes(&s, "cannot be judged"));
    scene_end(&s);
}

/* What is left of a log may lack the line that names a TPM. */
static void a_log_that_lost_its_beginning_proves_no_absence(void **state)
{
    (void)state;
    static const enum status whys[] = {ST_NO_PERMISSION, ST_TRUNCATED};
    for (size_t i = 0; i < COUNT(whys); i++) {
        struct scene s;
        begin_scene(&s);
        scene_missing(&s, "efi/kernel-log", whys[i]);
        scene_judge(&s);
        assert_reason(&s, "tpm.version", whys[i]);
        scene_end(&s);
    }
}

static void the_kind_is_told_where_it_can_be(void **state)
{
    (void)state;
    static const struct {
        uint32_t maker, method;
        const char *kind; /* NULL: not told */
    } rows[] = {
        {0x494e5443, 7, "firmware"}, {0x414d4400, 2, "firmware"}, {0x49465800, 6, "discrete"},
        {0x4d534654, 13, "pluton"},  {0x51434f4d, 9, "firmware"}, {0x49465800, 7, NULL},
        {0x414d4400, 13, "pluton"}, /* a maker with two kinds */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b, table;
        struct scene s;
        begin_scene(&s);
        add_fixed(&s, &b, rows[i].maker);
        acpi_begin(&table, "TPM2", 4);
        put_zeros(&table, 12);
        put_le32(&table, rows[i].method);
        scene_bytes(&s, "acpi/TPM2", acpi_end(&table));
        scene_judge(&s);
        const struct fact *f = scene_fact(&s, "tpm.kind");
        assert_int_equal(f->st == ST_OK, rows[i].kind != NULL);
        if (rows[i].kind != NULL)
            assert_string_equal(f->v.text, rows[i].kind);
        scene_end(&s);
    }
}

static void a_vendor_string_is_put_together(void **state)
{
    (void)state;
    static const struct {
        uint32_t words[4], n;
        const char *text; /* NULL: not told */
    } rows[] = {
        {{0x534c4239, 0x36373000}, 2, "SLB9670"},
        {{0x53572020, 0x2054504d, 0, 0}, 4, "SW   TPM"},
        {{0x41424344, 0x45464748, 0x494a4b4c, 0x4d4e4f50}, 4, "ABCDEFGHIJKLMNOP"},
        {{0x1b5b326d}, 1, "\033[2m"}, /* what prints it makes it safe */
        {{0}, 1, ""},
        {{0}, 0, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b;
        uint32_t pairs[10] = {0x100, 0x322e3000};
        struct scene s;
        begin_scene(&s);
        for (uint32_t w = 0; w < rows[i].n; w++) {
            pairs[2 + 2 * w] = 0x106 + w;
            pairs[3 + 2 * w] = rows[i].words[w];
        }
        scene_bytes(&s, "tpm/fixed", properties(&b, pairs, 1 + rows[i].n));
        scene_judge(&s);
        const struct fact *f = scene_fact(&s, "tpm.vendor-string");
        assert_int_equal(f->st, rows[i].text != NULL ? ST_OK : ST_UNSUPPORTED);
        if (rows[i].text != NULL)
            assert_string_equal(f->v.text, rows[i].text);
        scene_end(&s);
    }
}

static void a_tpm_that_may_not_be_there_is_of_no_kind(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log", "[    0.0] Hypervisor detected: KVM\n");
    scene_judge(&s);
    assert_true(scene_fact(&s, "host.vm")->v.b);
    assert_int_not_equal(scene_fact(&s, "tpm.kind")->st, ST_OK);
    scene_end(&s);

    scene_begin(&s);
    scene_text(&s, "efi/kernel-log", "[    0.0] Hypervisor detected: KVM\n");
    scene_text(&s, "sys/tpm", "tpm0 version-major 2\n");
    scene_judge(&s);
    assert_string_equal(scene_fact(&s, "tpm.kind")->v.text, "virtual");
    scene_end(&s);
}

static void an_endorsement_certificate_is_told_by_its_index(void **state)
{
    (void)state;
    static const uint32_t indices[] = {0x01c00002, 0x01c0000a, 0x01c101c0};
    for (size_t i = 0; i < COUNT(indices); i++) {
        static struct build b, c;
        struct scene s;
        begin_scene(&s);
        add_fixed(&s, &b, 0x49465800);
        begin(&c, 0);
        put_bytes(&c, "\0\0\0\0\1\0\0\0\1", 9);
        put_be32(&c, indices[i]);
        scene_bytes(&s, "tpm/nv", end(&c));
        scene_judge(&s);
        assert_int_equal(scene_fact(&s, "tpm.ek-certificate")->v.b, i < 2);
        scene_end(&s);
    }
}

/* tpm2-tss need not be there: what the driver says is judged, and a note tells the rest. */
static void without_tss2_mu_the_driver_decides(void **state)
{
    (void)state;
    static const struct libs none = {0};
    static struct build b;
    struct scene s;
    begin_scene(&s);
    add_fixed(&s, &b, 0x49465800);
    scene_text(&s, "sys/tpm", "tpm0 version-major 2\ntpm0 banks sha256\n");
    s.libs = &none;
    scene_judge(&s);
    assert_string_equal(scene_fact(&s, "tpm.version")->v.text, "2.0");
    assert_string_equal(scene_fact(&s, "tpm.decided-by")->v.text, "sys/tpm");
    assert_verdict(&s, "tpm.sha256-bank", V_PASS);
    assert_true(scene_notes(&s, "tss2-mu (tpm2-tss) is missing"));
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tpm_speaks_first),
        cmocka_unit_test(a_state_that_hinders_is_noted),
        cmocka_unit_test(what_hinders_the_system_is_a_state),
        cmocka_unit_test(a_tpm_in_failure_mode_is_of_family_2_by_its_refusals),
        cmocka_unit_test(another_family_than_2_0_is_not_2_0),
        cmocka_unit_test(an_answer_to_another_question_is_malformed),
        cmocka_unit_test(a_lockout_that_is_not_counted_is_noted_too),
        cmocka_unit_test(says_why_a_tpm_was_asked_in_vain),
        cmocka_unit_test(an_answer_that_is_of_no_use_proves_no_absence),
        cmocka_unit_test(a_log_that_lost_its_beginning_proves_no_absence),
        cmocka_unit_test(the_kind_is_told_where_it_can_be),
        cmocka_unit_test(a_vendor_string_is_put_together),
        cmocka_unit_test(a_tpm_that_may_not_be_there_is_of_no_kind),
        cmocka_unit_test(an_endorsement_certificate_is_told_by_its_index),
        cmocka_unit_test(without_tss2_mu_the_driver_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
