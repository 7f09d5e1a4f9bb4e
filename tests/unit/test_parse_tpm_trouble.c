/* SPDX-License-Identifier: MIT */
#include "parse/tpm_trouble.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static void knows_every_word(void **state)
{
    (void)state;
    static const char *const texts[TPM_TROUBLE_KINDS] = {
        [TPM_TROUBLE_SILENT] = "tpm/fixed silent\n",
        [TPM_TROUBLE_CUT_OFF] = "tpm/fixed cut-off\n",
        [TPM_TROUBLE_NO_ANSWER] = "tpm/fixed no-answer",
        [TPM_TROUBLE_BUSY] = "tpm/fixed busy\n",
        [TPM_TROUBLE_NO_DEVICE] = "tpm/fixed no-device\n",
        [TPM_TROUBLE_NO_LIBRARY] = "tpm/fixed no-library\n",
    };
    for (unsigned i = 0; i < TPM_TROUBLE_KINDS; i++) {
        struct tpm_trouble t;
        assert_true(tpm_trouble_parse(span_of(texts[i]), &t));
        assert_int_equal(t.kind, i);
        assert_true(span_is(t.blob, "tpm/fixed"));
    }
}

static void other_texts_are_no_trouble(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "\n", "tpm/fixed", "tpm/fixed \n", "busy", "tpm/fixed tired\n", "tpm/fixed busyness\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct tpm_trouble t = {.kind = TPM_TROUBLE_BUSY};
        assert_false(tpm_trouble_parse(span_of(texts[i]), &t));
        assert_int_equal(t.kind, TPM_TROUBLE_BUSY); /* untouched */
    }
}

static enum status parse(struct span input)
{
    struct tpm_trouble t;
    if (tpm_trouble_parse(input, &t))
        assert_true(t.kind < TPM_TROUBLE_KINDS && t.blob.len > 0);
    return ST_OK;
}

static void any_text_is_survived(void **state)
{
    (void)state;
    torture_text(parse, span_of("tpm/fixed no-library\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_every_word),
        cmocka_unit_test(other_texts_are_no_trouble),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
