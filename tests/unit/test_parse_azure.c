/* SPDX-License-Identifier: MIT */
/* Names of Azure's sizes and their series, and answers of the metadata service. */
#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/azure/azure_size.h"
#include "parse/azure/imds.h"
#include "vbscheck/count.h"

static void abort_oom(struct arena *a)
{
    (void)a;
    abort();
}

enum nesting { NOT_LISTED, LISTED, LISTED_WITHOUT };

static const struct {
    const char *size, *series;
    enum nesting nesting;
} sizes[] = {
    {"Standard_D4s_v5", "Dsv5", LISTED},
    {"standard_d4S_V5", "Dsv5", LISTED},
    {"Standard D4s v5", "Dsv5", LISTED},
    {"D4s_v5", "Dsv5", LISTED},
    {"Standard_E8-4ds_v5", "Edsv5", LISTED},  /* constrained vCPUs */
    {"Standard_E104ids_v5", "Edsv5", LISTED}, /* isolated */
    {"Standard_E20_v3", "Ev3", LISTED},
    {"Standard_E4bds_v5", "Ebdsv5", LISTED},
    {"Standard_D96ads_v5", "Dadsv5", LISTED},
    {"Standard_DS2_v2", "Dsv2", LISTED}, /* the feature in front */
    {"Standard_DS2_v2_Promo", "Dsv2", LISTED},
    {"Standard_D11_v2", "Dv2", LISTED},
    {"Standard_A4m_v2", "Av2", LISTED},
    {"Standard_F8s_v2", "Fsv2", LISTED},
    {"Standard_FX4mds", "Fx", LISTED},
    {"Standard_L8s_v2", "Lsv2", LISTED},
    {"Standard_B2ms", "B", LISTED_WITHOUT},
    {"Standard_B1ls", "B", LISTED_WITHOUT},
    {"Standard_B2s_v2", "Bsv2", NOT_LISTED},
    {"Standard_D4s_v6", "Dsv6", NOT_LISTED},
    {"Standard_D4ps_v5", "Dpsv5", NOT_LISTED}, /* Arm */
    {"Standard_D2ls_v5", "Dlsv5", NOT_LISTED},
    {"Standard_DS3", "DS", NOT_LISTED}, /* the first of them is no Dsv2 */
    {"Standard_D1", "D", NOT_LISTED},
    {"Standard_DC4s_v3", "DCsv3", NOT_LISTED}, /* confidential is not D */
    {"Standard_EC8as_cc_v5", "ECas_CC_v5", NOT_LISTED},
    {"Standard_NC24ads_A100_v4", "NCads_A100_v4", NOT_LISTED},
    {"Standard_M128-64ms", "Mms", NOT_LISTED},
    {"Standard_L8as_v3", "Lasv3", NOT_LISTED},
    {"Standard_FX4mds_v2", "FXmdsv2", NOT_LISTED},
    {"Basic_A1", "Basic_A", NOT_LISTED},
    {"Standard_DS15i_v2", "Dsv2", LISTED},                    /* isolated, of the old names */
    {"Standard_NV4ads_V710_v5", "NVads_V710_v5", NOT_LISTED}, /* accelerators like versions */
    {"standard_ng8ads_v620_v1", "NGads_V620_v1", NOT_LISTED},
    {"Standard_ND128isr_NDR_GB200_v6", "NDisr_NDR_GB200_v6", NOT_LISTED},
};

static void every_size_has_its_series(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct arena a;
        struct azure_size z;
        arena_init(&a, 1 << 20, abort_oom);
        assert_int_equal(azure_size_parse(span_of(sizes[i].size), &z), ST_OK);
        const struct azure_series *series = azure_series_of(&z);
        enum nesting n = series == NULL ? NOT_LISTED : series->nested ? LISTED : LISTED_WITHOUT;
        if (n != sizes[i].nesting || strcmp(azure_series_name(&z, &a), sizes[i].series) != 0)
            fail_msg("%s: %s, %d", sizes[i].size, azure_series_name(&z, &a), n);
        arena_reset(&a);
    }
}

static void what_is_no_size_is_refused(void **state)
{
    (void)state;
    static const char *const words[] = {
        "",           "Standard",
        "Standard_",  "D",
        "4",          "D4s_v",
        "D4s_v0",     "D4s_v5x",
        "D4s_v0x5",   "D4s_v555",
        "D4s__v5",    "<b>D4</b>",
        "D4s_v5\n",   "../D4s_v5",
        "D4s_v5;ls",  "D4-s_v5",
        "D99999s_v5", "Standard_D4s_x_y",
        "ABCDE4s_v5", "D4abcdefghi_v5",
        "D4\x1b[1m",  "Standard_\xc3\xa4",
        "Dsv5",       "Standard_Ev5",
        "NVv4",       "D4s_v5_v6",
    };
    struct azure_size z = {.version = 77};
    char long_one[4096];
    memset(long_one, 'D', sizeof long_one);
    long_one[sizeof long_one - 1] = '\0';
    for (size_t i = 0; i < COUNT(words); i++) {
        bool trimmed = strcmp(words[i], "D4s_v5\n") == 0;
        if ((azure_size_parse(span_of(words[i]), &z) == ST_OK) != trimmed)
            fail_msg("%s", words[i]);
    }
    z.version = 77;
    assert_int_equal(azure_size_parse(span_of(long_one), &z), ST_MALFORMED);
    assert_int_equal(z.version, 77); /* untouched on failure */
}

static void the_table_is_microsofts(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "Av2",    "B",     "Dsv2",   "Dv2",   "Dv3",    "Ev3",  "Dsv3", "Ddsv3", "Dsv4",
        "Ddsv4",  "Esv3",  "Edsv3",  "Esv4",  "Edsv4",  "Ev4",  "Edv4", "Dv4",   "Ddv4",
        "Dv5",    "Ddv5",  "Dsv5",   "Ddsv5", "Ev5",    "Edv5", "Esv5", "Edsv5", "Dasv5",
        "Dadsv5", "Easv5", "Eadsv5", "Ebsv5", "Ebdsv5", "Fsv2", "Fx",   "Lsv2",
    };
    for (size_t i = 0; i < COUNT(pages); i++) {
        /* The name of a series with a number of vCPUs behind its family is a size of it. */
        char size[32];
        size_t family = strcmp(pages[i], "Fx") == 0 ? 2 : 1;
        const char *v = strrchr(pages[i], 'v');
        size_t features = v != NULL ? (size_t)(v - pages[i]) - family : strlen(pages[i]) - family;
        (void)snprintf(size, sizeof size, "%.*s4%.*s%s%s", (int)family, pages[i], (int)features,
                       pages[i] + family, v != NULL ? "_" : "", v != NULL ? v : "");
        struct azure_size z;
        assert_int_equal(azure_size_parse(span_of(size), &z), ST_OK);
        assert_non_null(azure_series_of(&z));
        assert_string_equal(azure_series_of(&z)->name, pages[i]);
        assert_int_equal(azure_series_of(&z)->nested, strcmp(pages[i], "B") != 0);
    }
}

#define BODY "{\"location\":\"westeurope\",\"vmSize\":\"Standard_D4s_v5\",\"zone\":\"\"}"
#define OK   "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"

static const struct {
    const char *what, *answer;
    enum status st;
} answers[] = {
    {"with its length", OK "Content-Length: 62\r\n\r\n" BODY, ST_OK},
    {"to the end", OK "\r\n" BODY, ST_OK},
    {"in pieces",
     OK "Transfer-Encoding: Chunked\r\n\r\n10\r\n{\"vmSize\":\"Stand\r\n"
        "10;x=y\r\nard_D4s_v5\",\"a\":\r\n3\r\n\"\"}\r\n0\r\n\r\n",
     ST_OK},
    {"more than its length", OK "content-length: 62\r\n\r\n" BODY "junk", ST_OK},
    {"lines without \\r", "HTTP/1.1 200 OK\n\n" BODY, ST_OK},
    {"a gigabyte, announced", OK "Content-Length: 1073741824\r\n\r\n" BODY, ST_TRUNCATED},
    {"a piece that is cut", OK "Transfer-Encoding: chunked\r\n\r\nfff\r\n" BODY, ST_TRUNCATED},
    {"pieces without an end", OK "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", ST_TRUNCATED},
    {"a piece longer than memory", OK "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" BODY,
     ST_TRUNCATED},
    {"a piece without a length", OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" BODY, ST_MALFORMED},
    {"a piece that goes on", OK "Transfer-Encoding: chunked\r\n\r\n1\r\n" BODY, ST_MALFORMED},
    {"a header that is cut", OK, ST_TRUNCATED},
    {"two lengths", OK "Content-Length: 1\r\nContent-Length: 62\r\n\r\n" BODY, ST_MALFORMED},
    {"a length that is none", OK "Content-Length: -1\r\n\r\n" BODY, ST_MALFORMED},
    {"a redirect", "HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\n\r\n", ST_IO_ERROR},
    {"too many questions", "HTTP/1.1 429 Too Many Requests\r\n\r\n" BODY, ST_IO_ERROR},
    {"not found", "HTTP/1.1 404 Not Found\r\n\r\n" BODY, ST_IO_ERROR},
    {"HTML", OK "\r\n<html><body>Log in</body></html>", ST_MALFORMED},
    {"no body", OK "Content-Length: 0\r\n\r\n", ST_MALFORMED},
    {"a number for a text", OK "\r\n{\"vmSize\": 4}", ST_MALFORMED},
    {"a list for a text", OK "\r\n{\"vmSize\": [\"Standard_D4s_v5\"]}", ST_MALFORMED},
    {"an empty text", OK "\r\n{\"vmSize\": \"\"}", ST_MALFORMED},
    {"no such member", OK "\r\n{\"name\": \"vm\"}", ST_MALFORMED},
    {"a list", OK "\r\n[1, 2]", ST_MALFORMED},
    {"the member twice", OK "\r\n{\"vmSize\": \"a\", \"vmSize\": \"b\"}", ST_MALFORMED},
    {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", ST_MALFORMED},
    {"a status that is none", "HTTP/1.1 2000 OK\r\n\r\n" BODY, ST_MALFORMED},
    {"nothing", "", ST_MALFORMED},
};

static enum status read_answer(struct span text, const char *size)
{
    struct arena a;
    struct imds out = {0};
    const char *problem = NULL;
    arena_init(&a, 8 << 20, abort_oom);
    enum status st = imds_parse(text, &a, &out, &problem);
    if (st != ST_OK)
        assert_non_null(problem);
    assert_true(st == ST_OK ? size == NULL || span_is(out.size, size) : out.size.ptr == NULL);
    arena_reset(&a);
    return st;
}

static void every_answer_is_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        if (read_answer(span_of(answers[i].answer), "Standard_D4s_v5") != answers[i].st)
            fail_msg("%s", answers[i].what);
    }
}

/* Each prefix in a block of just its size. */
static void no_prefix_of_an_answer_is_read_beyond(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        for (size_t n = 0; n <= strlen(answers[i].answer); n++) {
            uint8_t *copy = malloc(n > 0 ? n : 1);
            memcpy(copy, answers[i].answer, n);
            (void)read_answer((struct span){copy, n}, NULL);
            free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_has_its_series),
        cmocka_unit_test(what_is_no_size_is_refused),
        cmocka_unit_test(the_table_is_microsofts),
        cmocka_unit_test(every_answer_is_read_or_refused),
        cmocka_unit_test(no_prefix_of_an_answer_is_read_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
