/* SPDX-License-Identifier: MIT */
/* Escaping, verdicts and exit statuses, and what the writers print of a hostile machine. */
#include "support/cmocka.h"

#include <jansson.h>
#include <string.h>
#include <wchar.h>

#include "parse/windows/windows.h"
#include "report/escape.h"
#include "report/fact_text.h"
#include "report/page.h"
#include "support/build.h"
#include "support/scene.h"
#include "support/tables.h"
#include "vbscheck/count.h"

static void json_strings_are_escaped_and_made_utf_8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *json;
    } rows[] = {
        {"plain", "\"plain\""},
        {"\"\\\n\t\1\x7f", "\"\\\"\\\\\\n\\t\\u0001\\u007f\""},
        {"gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\""},
        {"\xff\xfe", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc3", "\"\xef\xbf\xbd\""},                                 /* cut short */
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                 /* overlong */
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* surrogate */
        {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
        {NULL, "null"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct out o;
        test_arena(&a);
        out_init(&o, &a);
        escape_json(&o, rows[i].text);
        out_char(&o, '\0');
        assert_string_equal(o.buf, rows[i].json);
        arena_reset(&a);
    }
}

/* They are read eight at a time. */
static void json_escapes_a_character_wherever_it_is(void **state)
{
    (void)state;
    for (int at = 0; at < 20; at++) {
        for (int c = 1; c < 0x100; c++) {
            char text[] = "aaaaaaaaaaaaaaaaaaaa", most[40] = "";
            struct arena a;
            struct out o;
            text[at] = (char)c;
            bool plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
            (void)snprintf(most, sizeof most, "\"%s\"", text);
            test_arena(&a);
            out_init(&o, &a);
            escape_json(&o, text);
            out_char(&o, '\0');
            assert_int_equal(strcmp(o.buf, most) == 0, plain);
            arena_reset(&a);
        }
    }
}

static void terminals_get_no_control_and_no_hidden_characters(void **state)
{
    (void)state;
    struct arena a;
    struct out o;
    test_arena(&a);
    out_init(&o, &a);
    escape_terminal(&o, "a\x1b[31m\r\n\xc2\x9b\xe2\x80\xae\xff\xc3\xbc");
    out_char(&o, '\0');
    assert_string_equal(o.buf, "a?[31m????\?\xc3\xbc");
    arena_reset(&a);
}

/* What each function makes of a text. */
static void escapes(void (*escape)(struct out *o, const char *text), const char *text,
                    const char *want)
{
    struct arena a;
    struct out o;
    test_arena(&a);
    out_init(&o, &a);
    escape(&o, text);
    out_char(&o, '\0');
    assert_string_equal(o.buf, want);
    arena_reset(&a);
}

static void cells_are_no_formulas(void **state)
{
    static const char *const formulas[] = {
        "=1",
        "+1",
        "-1",
        "@SUM(1)",
        "\xef\xbc\x8b"
        "1",
        "\xef\xbc\x8d"
        "1",
        "\xef\xbc\x9d"
        "1",
        "\xef\xbc\xa0"
        "1",
        " =1",
        "\xc2\xa0=1",
        "\xe3\x80\x80=1",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(formulas); i++) {
        char want[32];
        (void)snprintf(want, sizeof want, "\"'%s\"", formulas[i]);
        escapes(escape_csv, formulas[i], want);
    }
    escapes(escape_csv, "a=1", "a=1");
    escapes(escape_csv, "a,\"b\"\n", "\"a,\"\"b\"\" \"");
    escapes(escape_csv, NULL, "");
    escapes(escape_csv, "\x1b\xff", "??");
}

static void xml_has_no_tags_and_no_controls(void **state)
{
    (void)state;
    escapes(escape_xml, "]]><a b='c\"'>&\n\t\x01\xe2\x80\xae",
            "]]&gt;&lt;a b=&apos;c&quot;&apos;&gt;&amp;&#10;&#9;??");
}

static void html_is_text_that_ends_where_it_is_cut(void **state)
{
    static const struct {
        size_t most;
        const char *text, *want;
    } cuts[] = {
        {3, "abc", "abc"},
        {3, "abcd", "ab\xe2\x80\xa6"},
        {3, "<<<", "&lt;&lt;&lt;"},
        {2, "<<<", "&lt;\xe2\x80\xa6"},
        {2, "\xc3\xa4\xc3\xb6", "\xc3\xa4\xc3\xb6"},
        {2, "\xc3\xa4\xc3\xb6\xff", "\xc3\xa4\xe2\x80\xa6"},
        {2, "\xff\xfe", "??"},
        {1, "ab", "\xe2\x80\xa6"},
        {0, "a", "\xe2\x80\xa6"},
        {0, "", ""},
    };
    (void)state;
    escapes(escape_html, "]]><a b='c\"'>&`\n\t\x01\xe2\x80\xae",
            "]]&gt;&lt;a b=&#39;c&quot;&#39;&gt;&amp;&#96;  ??");
    escapes(escape_html, NULL, "");
    for (size_t i = 0; i < COUNT(cuts); i++) {
        struct arena a;
        struct out o;
        test_arena(&a);
        out_init(&o, &a);
        escape_html_cut(&o, cuts[i].most, cuts[i].text);
        out_char(&o, '\0');
        assert_string_equal(o.buf, cuts[i].want);
        arena_reset(&a);
    }
}

static void markdown_has_no_marks(void **state)
{
    (void)state;
    escapes(escape_markdown, "<b>|*_`[x](http://y)~$&@#\\\n",
            "&lt;b&gt;\\|\\*\\_\\`\\[x\\](http&#58;//y)\\~\\$&amp;&#64;&#35;\\\\ ");
    escapes(escape_markdown, "wWw.x:y\x1b", "wWw&#46;x:y?");
}

static void labels_of_metrics_end_where_they_should(void **state)
{
    (void)state;
    escapes(escape_prometheus, "a\"b\\c\nd\x07", "\"a\\\"b\\\\c\\nd?\"");
    escapes(escape_prometheus, NULL, "\"\"");
}

/* A machine that passes `required` of what this version can see, with one recommended failure. */
static void judge_with(struct scene *s, const char *const *only, enum level fail_on, bool exit_zero)
{
    scene_begin(s);
    s->options.only = only;
    s->options.fail_on = fail_on;
    s->options.exit_zero = exit_zero;
    scene_text(s, "efi/kernel-log",
               "[    0.0] efi: EFI v2.7 by X\n[    0.0] secureboot: Secure boot disabled\n");
    scene_complete_acpi(s);
    scene_judge(s);
}

/* The same with SMM protections. */
static void judge_with_wsmt(struct scene *s, const char *const *only, enum level fail_on)
{
    static struct build b;
    scene_begin(s);
    s->options.only = only;
    s->options.fail_on = fail_on;
    scene_text(s, "efi/kernel-log",
               "[    0.0] efi: EFI v2.7 by X\n[    0.0] secureboot: Secure boot disabled\n");
    scene_complete_acpi(s);
    scene_bytes(s, "acpi/WSMT", table_wsmt(&b, 7));
    scene_judge(s);
}

static void exit_statuses_follow_the_contract(void **state)
{
    (void)state;
    static const char *const boot[] = {"boot", NULL}, *const smm[] = {"smm", NULL},
                             *const tpm[] = {"tpm", NULL}, *const mor[] = {"mor", NULL},
                             *const drivers[] = {"drivers", NULL};
    static const struct {
        const char *const *only;
        enum level fail_on;
        bool exit_zero;
        int status;
        enum readiness readiness;
    } rows[] = {
        {NULL, LEVEL_REQUIRED, false, 1, NOT_READY},   /* no IOMMU, no WSMT */
        {NULL, LEVEL_REQUIRED, true, 0, NOT_READY},    /* --exit-zero wins */
        {smm, LEVEL_REQUIRED, false, 1, NOT_READY},    /* a required rule */
        {boot, LEVEL_REQUIRED, false, 1, NOT_READY},   /* nothing required: all count */
        {tpm, LEVEL_REQUIRED, false, 1, NOT_READY},    /* no TPM */
        {mor, LEVEL_REQUIRED, false, 3, UNDETERMINED}, /* variables not in the evidence */
        {drivers, LEVEL_REQUIRED, false, 3, UNDETERMINED},
        {mor, LEVEL_RECOMMENDED, false, 3, UNDETERMINED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_with(&s, rows[i].only, rows[i].fail_on, rows[i].exit_zero);
        if (s.report.exit_status != rows[i].status || s.report.readiness != rows[i].readiness)
            fail_msg("row %zu: %d, %s", i, s.report.exit_status,
                     readiness_name(s.report.readiness));
        scene_end(&s);
    }
}

static void fail_on_recommended_counts_failures_but_no_excused_unknowns(void **state)
{
    (void)state;
    static const char *const smm_and_boot[] = {"smm", "boot", "drivers", NULL};
    struct scene s;
    judge_with_wsmt(&s, smm_and_boot, LEVEL_REQUIRED);
    assert_int_equal(s.report.readiness, READY); /* smm.wsmt; drivers.hvci is excused */
    assert_int_equal(s.report.exit_status, 0);
    scene_end(&s);
    judge_with_wsmt(&s, smm_and_boot, LEVEL_RECOMMENDED);
    assert_int_equal(s.report.readiness, READY);
    assert_int_equal(s.report.exit_status, 1); /* Secure Boot; drivers, not given, do not count */
    scene_end(&s);
}

/* One that passes and one that is not known are not ready, nor is one that is not known by itself.
 */
static void what_is_open_beside_a_pass_is_not_ready(void **state)
{
    (void)state;
    static const char *const smm_and_mor[] = {"smm", "mor.control", NULL};
    struct scene s;
    judge_with_wsmt(&s, smm_and_mor, LEVEL_REQUIRED);
    assert_verdict(&s, "smm.wsmt", V_PASS);
    assert_verdict(&s, "mor.control", V_UNKNOWN);
    assert_int_equal(s.report.readiness, UNDETERMINED);
    assert_int_equal(s.report.exit_status, 3);
    scene_end(&s);
}

/* A part of a domain's name is no name. */
static void only_takes_whole_names(void **state)
{
    (void)state;
    static const char *const part[] = {"sm", NULL}, *const domain[] = {"smm", NULL};
    struct scene s;
    judge_with_wsmt(&s, part, LEVEL_REQUIRED);
    assert_int_equal(s.report.n_outcomes, 0);
    scene_end(&s);
    judge_with_wsmt(&s, domain, LEVEL_REQUIRED);
    assert_int_equal(s.report.n_outcomes, 1);
    scene_end(&s);
}

/* VT-x that a guest's firmware left open: recommended there, and nobody can prove it. */
static void fail_on_recommended_leaves_out_what_nobody_can_prove(void **state)
{
    (void)state;
    static const char *const only[] = {"cpu.64bit", "cpu.virtualization", NULL};
    enum { VMX = 1 << 5, LM = 1 << 29 };
    const uint32_t hypervisor = 1u << 31;
    struct scene s;
    scene_begin(&s);
    s.options.only = only;
    s.options.fail_on = LEVEL_RECOMMENDED;
    scene_complete_acpi(&s);
    scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", VMX | hypervisor, 0, LM, 0}, 1);
    scene_text(&s, "cpuid-hypervisor", "CPUID 40000000: 40000001-4B4D564B-564B4D56-0000004D\n");
    scene_text(&s, "msr", "0 0x3a 0x0\n");
    scene_judge(&s);
    assert_reason(&s, "cpu.virtualization", ST_UNPROVABLE);
    assert_int_equal(s.report.exit_status, 0);
    scene_end(&s);
}

/* Ruling 63: what is excused, and what does not apply, proves nothing. */
static void an_excuse_is_no_evidence(void **state)
{
    (void)state;
    static const char *const drivers[] = {"drivers", NULL}, *const vm[] = {"vm", NULL};
    static const char *const *const selections[] = {drivers, vm};
    for (size_t i = 0; i < COUNT(selections); i++) {
        struct scene s;
        judge_with(&s, selections[i], LEVEL_REQUIRED, false);
        assert_int_equal(s.report.readiness, UNDETERMINED);
        assert_int_equal(s.report.exit_status, 3);
        scene_end(&s);
    }
}

static void counts_sum_to_the_rules_listed(void **state)
{
    (void)state;
    struct scene s;
    judge_with(&s, NULL, LEVEL_REQUIRED, false);
    size_t sum = 0;
    for (unsigned v = 0; v < V_COUNT; v++)
        sum += s.report.counts[v];
    assert_int_equal(sum, s.report.n_outcomes);
    assert_int_equal(sum, s.report.policy.n_rules);
    scene_end(&s);
}

static void render(struct scene *s, const struct reporter *r, struct out *o)
{
    out_init(o, &s->arena);
    r->write(o, &s->report);
    out_char(o, '\0');
}

static void hostile_strings_reach_neither_terminal_nor_parser(void **state)
{
    (void)state;
    struct scene s;
    struct out o;
    scene_begin(&s);
    scene_text(&s, "dmi", "vendor: \x1b[31mred\nproduct: \xff\xfe\"quoted\"\\\n");
    scene_text(&s, "cpuid",
               "basic_cpuid[0]=00000001 1b1b1b1b 0a0a0a0a 80808080\n"
               "basic_cpuid[1]=00000000 00000000 00000000 00000000\n");
    scene_judge(&s);
    render(&s, &reporter_text, &o);
    assert_null(strchr(o.buf, '\x1b'));
    render(&s, &reporter_json, &o);
    json_t *j = json_loads(o.buf, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(j);
    json_decref(j);
    render(&s, &reporter_ndjson, &o);
    j = json_loads(o.buf, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(j);
    assert_ptr_equal(strchr(o.buf, '\n'), o.buf + strlen(o.buf) - 1);
    json_decref(j);
    scene_end(&s);
}

/* Control characters but the ends of lines, and marks that turn text round. */
static const char *hostile_part(const struct out *o)
{
    static const char *const marks[] = {"\xe2\x80\xae", "\xe2\x81\xa6", "\xc2\x9b", "\xff"};
    for (size_t i = 0; i + 1 < o->len; i++) {
        unsigned char c = (unsigned char)o->buf[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
            return "a control character";
    }
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (strstr(o->buf, marks[i]) != NULL)
            return "a character that is not seen";
    }
    return NULL;
}

/* Every format, the next one too: the list is the program's. */
static void no_format_prints_what_firmware_hides(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(
        &s, "dmi",
        "vendor: \x1b[31mred\x1b]0;x\x07\nproduct: \xe2\x80\xaegnp\xe2\x81\xa6\xff\xc2\x9b\x7f\n");
    scene_text(&s, "kernel", "release: \x1b[2J\xe2\x80\xae\n");
    scene_judge(&s);
    s.options.verbose = true;
    for (size_t i = 0; i < n_reporters; i++) {
        struct out o;
        render(&s, reporters[i], &o);
        const char *part = hostile_part(&o);
        if (o.len < 2 || part != NULL)
            fail_msg("%s prints %s", reporters[i]->name, part != NULL ? part : "nothing");
    }
    scene_end(&s);
}

static void quiet_prints_one_line(void **state)
{
    (void)state;
    struct scene s;
    struct out o;
    judge_with(&s, NULL, LEVEL_REQUIRED, false);
    s.options.quiet = true;
    render(&s, &reporter_text, &o);
    assert_string_equal(o.buf, "NOT READY: iommu.present, iommu.coverage, smm.wsmt\n");
    scene_end(&s);
}

static void color_is_used_when_told_only(void **state)
{
    (void)state;
    struct scene s;
    struct out o;
    judge_with(&s, NULL, LEVEL_REQUIRED, false);
    render(&s, &reporter_text, &o);
    assert_null(strchr(o.buf, '\x1b'));
    s.options.looks.color = true;
    render(&s, &reporter_text, &o);
    assert_non_null(strstr(o.buf, "\x1b[1;31mfail\x1b[0m"));
    assert_null(strstr(o.buf, "\xe2\x9c\x97"));
    s.options.looks.marks = true;
    render(&s, &reporter_text, &o);
    assert_non_null(strstr(o.buf, "\x1b[1;31m\xe2\x9c\x97\x1b[0m \x1b[1;31mfail\x1b[0m"));
    scene_end(&s);
}

/* As libc's wcwidth() has it, of the characters of these tests. */
static int columns_of(wchar_t c)
{
    return c == 0x301 ? 0 : c >= 0x1100 ? 2 : 1;
}

/* What does not matter to the verdict is never in the colour of what does. */
static void only_what_is_required_is_red(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        enum verdict verdict;
        const char *word;
        bool red;
    } rows[] = {
        {"smm.wsmt", V_FAIL, "fail", true},        {"tpm.version", V_FAIL, "weak", false},
        {"cpu.mbec", V_FAIL, "info", false},       {"cpu.mbec", V_UNKNOWN, "unknown", false},
        {"smm.wsmt", V_UNKNOWN, "unknown", false},
    };
    struct arena a;
    test_arena(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct looks looks = {.color = true};
        struct out o;
        struct page p = {.o = &o, .looks = &looks};
        out_init(&o, &a);
        page_mark(&p, page_standing(rows[i].verdict, rule_find(rows[i].rule)->level));
        out_char(&o, '\0');
        assert_non_null(strstr(o.buf, rows[i].word));
        assert_int_equal(strstr(o.buf, ";31m") != NULL, rows[i].red);
    }
    arena_reset(&a);
}

static void texts_are_cut_and_counted_in_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t room;
        bool ascii;
        const char *cut;
        size_t columns;
    } rows[] = {
        {"abcdef", 6, false, "abcdef", 6},
        {"abcdef", 5, false, "abcd\xe2\x80\xa6", 5},
        {"abcdef", 5, true, "ab...", 5},
        {"abc def", 5, false, "abc\xe2\x80\xa6", 4},       /* no blank before it */
        {"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 5, false, /* two columns each */
         "\xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6", 5},
        {"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 4, false, "\xe6\xbc\xa2\xe2\x80\xa6", 3},
        {"e\xcc\x81"
         "e",
         2, false,
         "e\xcc\x81"
         "e",
         2}, /* an accent takes none */
        {"\x1b[31m", 5, false, "?[31m", 5},
        {"\xe2\x80\xaex", 2, false, "?x", 2},
        {"\xc3\xbc\xe2\x80\xa6", 4, true, "?...", 4},
    };
    struct arena a;
    test_arena(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct looks looks = {.ascii = rows[i].ascii, .columns = columns_of};
        struct out o, clean;
        struct page p = {.o = &o, .clean = &clean, .looks = &looks};
        out_init(&o, &a);
        out_init(&clean, &a);
        assert_int_equal(page_cut(&p, rows[i].room, rows[i].text), rows[i].columns);
        out_char(&o, '\0');
        assert_string_equal(o.buf, rows[i].cut);
    }
    arena_reset(&a);
}

static void facts_are_written_as_specifications_do(void **state)
{
    (void)state;
    static const struct {
        enum fact_id id;
        uint64_t v;
        const char *text;
    } rows[] = {
        {FACT_DMAR_FLAGS, 5, "0x5 INTR_REMAP, DMA_CTRL_PLATFORM_OPT_IN"},
        {FACT_DMAR_FLAGS, 0, "0x0"},
        {FACT_WSMT_FLAGS, 4, "0x4 SYSTEM_RESOURCE_PROTECTION"},
        {FACT_IVRS_IVINFO, 2107458, "0x202842 DMA remapping, GVASize=2, PASize=40, VASize=64"},
        {FACT_MOR_ATTRIBUTES, 7, "0x7 NV, BS, RT"},
        {FACT_TPM2_START_METHOD, 7, "7, command response buffer"},
        {FACT_TPM2_START_METHOD, 99, "99"},
        {FACT_DMAR_DRHD, 2, "2"},
    };
    struct arena a;
    struct facts f;
    test_arena(&a);
    facts_init(&f, &a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        facts_uint(&f, rows[i].id, rows[i].v, origin_of("x"));
        assert_string_equal(fact_text(&f, rows[i].id, &a), rows[i].text);
    }
    facts_text(&f, FACT_CPU_FEATURE_CONTROL, "0x0000000000000005", origin_of("msr"));
    assert_string_equal(fact_text(&f, FACT_CPU_FEATURE_CONTROL, &a), "0x5 LOCK, VMX outside SMX");
    facts_text(&f, FACT_CPU_VM_CR, "0x0000000000000018", origin_of("msr"));
    assert_string_equal(fact_text(&f, FACT_CPU_VM_CR, &a), "0x18 LOCK, SVMDIS");
    facts_bool(&f, FACT_CPU_EPT, true, origin_of("msr"));
    assert_string_equal(fact_text(&f, FACT_CPU_EPT, &a), "yes");
    assert_string_equal(fact_text(&f, FACT_CPU_MBEC, &a), "not-collected");
    arena_reset(&a);
}

/* However many there are to do, the last line of the screen is the terminal's own. */
static void the_screen_holds_as_many_steps_as_fit(void **state)
{
    (void)state;
    enum { LINES = 24 };
    for (size_t n = 1; n <= 20; n++) {
        struct scene s;
        struct out o;
        judge_with(&s, NULL, LEVEL_REQUIRED, false);
        struct advice *a = &s.report.advice;
        a->fixes = arena_new(&s.arena, struct fix, n);
        for (a->n_fixes = 0; a->n_fixes < n; a->n_fixes++)
            a->fixes[a->n_fixes] = (struct fix){
                .step = STEP_ACPIDUMP, .text = "Give the text of acpidump", .needed = true};
        render(&s, &reporter_text, &o);
        size_t lines = 0, steps = 0, left_out = 0;
        struct span rest = span_of(o.buf), line;
        while (span_next_line(&rest, &line) && !span_starts(line, "Details")) {
            lines++;
            steps += span_find(line, "Give the text of acpidump", NULL);
            left_out += span_find(line, "see below", NULL);
        }
        assert_true(lines <= LINES);
        assert_int_equal(left_out, steps < n);
        assert_true(steps > 0 && steps <= n);
        scene_end(&s);
    }
}

/* What is required and what is not are not told in one breath. */
static void one_cause_at_two_levels_is_two_blocks(void **state)
{
    (void)state;
    struct scene s;
    struct out o;
    judge_with(&s, NULL, LEVEL_REQUIRED, false);
    struct outcome *last = NULL;
    for (size_t i = 0; i < s.report.n_outcomes; i++) {
        struct outcome *r = &s.report.outcomes[i];
        if (strcmp(r->rule->id, "iommu.present") == 0)
            r->level = LEVEL_RECOMMENDED;
        if (strcmp(r->rule->id, "iommu.coverage") == 0)
            last = r;
    }
    assert_int_equal(last->level, LEVEL_REQUIRED);
    render(&s, &reporter_text, &o);
    assert_non_null(strstr(o.buf, "rule  iommu.coverage\n"));
    assert_non_null(strstr(o.buf, "rule  iommu.present (recommended)\n"));
    scene_end(&s);
}

static void a_word_longer_than_a_line_is_broken(void **state)
{
    (void)state;
    struct scene s;
    struct out o;
    scene_begin(&s);
    scene_text(
        &s, "dmi",
        "vendor: "
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "\xc3\xbc\xc3\xbc\xc3\xbcxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n");
    scene_judge(&s);
    render(&s, &reporter_text, &o);
    struct span rest = span_of(o.buf), line;
    while (span_next_line(&rest, &line)) {
        size_t columns = 0;
        for (size_t i = 0; i < line.len; i++)
            columns += (line.ptr[i] & 0xc0) != 0x80;
        assert_true(columns <= 80);
    }
    scene_end(&s);
}

static void ready_of_a_part_says_so(void **state)
{
    (void)state;
    static const char *const smm[] = {"smm", NULL};
    struct scene s;
    struct out o;
    judge_with_wsmt(&s, smm, LEVEL_REQUIRED);
    s.options.quiet = true;
    render(&s, &reporter_text, &o);
    assert_non_null(strstr(o.buf, "for the rules of --only"));
    scene_end(&s);
}

/* Issue 13, fault 8: each end of each kind, in text and JSON. */
static void characters_that_are_not_seen_are_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } rows[] = {
        {"\xc2\xad", "\"\\u00ad\""},                /* soft hyphen */
        {"\xe2\x80\xae", "\"\\u202e\""},            /* right to left, by force */
        {"\xe2\x81\xa6", "\"\\u2066\""},            /* isolate */
        {"\xe2\x80\x8b", "\"\\u200b\""},            /* no width */
        {"\xef\xbb\xbf", "\"\\ufeff\""},            /* byte order mark */
        {"\xf3\xa0\x80\x81", "\"\\udb40\\udc01\""}, /* a tag */
        {"\xf3\xa0\x81\xbf", "\"\\udb40\\udc7f\""}, /* the last of them */
        {"\xf3\xa0\x84\x80", "\"\\udb40\\udd00\""}, /* a variant */
        {"\xe3\x85\xa4", "\"\\u3164\""},            /* a filler */
        {"\xf0\x91\x82\xbd", "\"\\ud804\\udcbd\""}, /* a sign for numbers, U+110BD */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct out o;
        test_arena(&a);
        out_init(&o, &a);
        escape_json(&o, rows[i].text);
        out_char(&o, '\0');
        assert_string_equal(o.buf, rows[i].json);
        o.len = 0;
        escape_terminal(&o, rows[i].text);
        out_char(&o, '\0');
        assert_string_equal(o.buf, "?");
        arena_reset(&a);
    }
}

/* Issue 13, fault 4: only the last line, and none that firmware has words in, is a verdict. */
static void no_line_of_a_machines_words_looks_like_a_verdict(void **state)
{
    (void)state;
    static const char *const words[] = {"READY", "NOT READY", "UNDETERMINED", "FAIL", "pass"};
    struct arena a;
    test_arena(&a);
    for (size_t i = 0; i < COUNT(words); i++) {
        struct scene s;
        struct out o;
        /* Repeated, so that it begins a line wherever the text is broken. */
        const char *many = "";
        for (unsigned n = 0; n < 30; n++)
            many = arena_printf(&a, "%s%s: every required rule holds ", many, words[i]);
        scene_begin(&s);
        scene_text(
            &s, "dmi",
            arena_printf(&a, "vendor: %s\nproduct: %s\nfirmware-version: %s\n", many, many, many));
        scene_text(&s, "kernel", arena_printf(&a, "release: %s\n", many));
        scene_judge(&s);
        render(&s, &reporter_text, &o);
        struct span rest = span_of(o.buf), line;
        size_t verdicts = 0;
        while (span_next_line(&rest, &line)) {
            bool firmware = span_find(line, "every required rule", NULL);
            size_t blanks = 0;
            while (blanks < line.len && line.ptr[blanks] == ' ')
                blanks++;
            assert_true(!firmware || blanks >= 9 || span_starts(line, "Machine: "));
            verdicts += span_starts(line, "READY") || span_starts(line, "NOT READY") ||
                        span_starts(line, "UNDETERMINED");
        }
        assert_int_equal(verdicts, 1);
        scene_end(&s);
    }
    arena_reset(&a);
}

/* Issue 13, fault 4: drawn two columns wide, they made the terminal begin a line where it liked. */
static void wide_characters_count_as_two_columns(void **state)
{
    (void)state;
    struct arena a;
    struct scene s;
    struct out o;
    test_arena(&a);
    const char *text = "vendor: ";
    for (unsigned i = 0; i < 100; i++)
        text = arena_printf(&a, "%s\xe6\xbc\xa2", text); /* U+6F22 */
    scene_begin(&s);
    scene_text(&s, "dmi", arena_printf(&a, "%s\n", text));
    s.options.looks.columns = columns_of;
    scene_judge(&s);
    render(&s, &reporter_text, &o);
    struct span rest = span_of(o.buf), line;
    while (span_next_line(&rest, &line)) {
        size_t columns = 0;
        for (size_t i = 0; i < line.len; i++)
            columns += (line.ptr[i] & 0xc0) != 0x80 ? line.ptr[i] == 0xe6 ? 2 : 1 : 0;
        assert_true(columns <= 80);
    }
    scene_end(&s);
    arena_reset(&a);
}

/* In a comment on a change nobody opens the whole report. */
static void markdown_says_what_a_reader_of_the_verdict_must_know(void **state)
{
    (void)state;
    static const char *caveats[] = {"a *guest*", "and more"};
    static const struct worse_rule rules[] = {{"smm.wsmt", "pass", "fail"}};
    const struct against worse = {
        .path = "base_line", .verdict = "ready", .worse = true, .rules = rules, .n_rules = 1};
    const struct against same = {.path = "base_line", .verdict = "ready"};
    struct scene s;
    struct out o;
    judge_with_wsmt(&s, NULL, LEVEL_REQUIRED);
    s.report.caveats = caveats;
    s.report.n_caveats = COUNT(caveats);
    render(&s, &reporter_markdown, &o);
    assert_non_null(strstr(o.buf, "\n\n- a \\*guest\\*\n- and more\n"));
    assert_null(strstr(o.buf, "baseline"));
    s.report.against = &worse;
    render(&s, &reporter_markdown, &o);
    assert_non_null(strstr(o.buf, "\nAgainst the baseline base\\_line: worse\n"));
    assert_non_null(strstr(o.buf, "\n- smm.wsmt: pass -&gt; fail\n"));
    s.report.against = &same;
    render(&s, &reporter_markdown, &o);
    assert_non_null(strstr(o.buf, ": nothing got worse\n"));
    scene_end(&s);
}

static void the_screen_says_what_was_required_and_what_is_waived(void **state)
{
    (void)state;
    static const char *const required[] = {"tpm.version", "boot.secure-boot"};
    static const struct waiver waivers[] = {
        {.rule = "smm.wsmt", .reason = "no fix yet", .until = "2027-01-31", .owner = "me"},
        {.rule = "mor.lock",
         .reason = "over",
         .until = "2020-01-31",
         .owner = "me",
         .expired = true},
    };
    struct scene s;
    struct out o;
    judge_with_wsmt(&s, NULL, LEVEL_REQUIRED);
    s.report.policy.plain = false;
    s.report.policy.required = required;
    s.report.policy.n_required = COUNT(required);
    s.report.policy.waivers = waivers;
    s.report.policy.n_waivers = COUNT(waivers);
    render(&s, &reporter_text, &o);
    assert_non_null(strstr(o.buf, "Required: tpm.version, boot.secure-boot\n"));
    assert_non_null(strstr(o.buf, "Waived:  smm.wsmt: no fix yet (until 2027-01-31, me)\n"));
    assert_null(strstr(o.buf, "Waived:  mor.lock"));
    scene_end(&s);
}

/* Where the forecast and Windows itself differ, both are shown, and why. */
static void the_screen_says_where_windows_itself_differs(void **state)
{
    (void)state;
    static const struct windows windows = {.vbs = WINDOWS_VBS_RUNNING};
    static const char *const said[] = {"memory integrity", "off", "yes", "a driver keeps it off"};
    struct forecast_difference one = {said[0], said[1], said[2], said[3]};
    struct scene s;
    struct out o;
    scene_begin(&s);
    s.options.verbose = true;
    scene_judge(&s);
    s.report.forecast.told = true;
    s.report.forecast.windows = &windows;
    s.report.forecast.said = "Windows says that VBS runs";
    render(&s, &reporter_text, &o);
    assert_non_null(strstr(o.buf, "VBS runs: no difference"));
    s.report.forecast.differences = &one;
    s.report.forecast.n_differences = 1;
    render(&s, &reporter_text, &o);
    assert_null(strstr(o.buf, "no difference"));
    assert_non_null(strstr(o.buf, "memory integrity: Windows off, evidence yes"));
    scene_end(&s);
}

/* The drawing has room for some units, and says which list it is of. */
static void a_drawing_says_what_it_leaves_out(void **state)
{
    (void)state;
    struct scene s;
    struct out o, units;
    struct arena a;
    test_arena(&a);
    out_init(&units, &a);
    for (unsigned i = 0; i < 13; i++)
        out_printf(&units, "unit dmar%u ecap f00f5a\n", i);
    scene_begin(&s);
    scene_text(&s, "sys/iommu", arena_text(&a, out_span(&units)));
    scene_text(&s, "pci", "0000:01:00.0 class=010802\n");
    scene_judge(&s);
    render(&s, &reporter_html, &o);
    assert_non_null(strstr(o.buf, "3 more units are not drawn: see the table. "));
    assert_non_null(strstr(o.buf, "these are the units that the kernel drives. "));
    scene_end(&s);
    arena_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_strings_are_escaped_and_made_utf_8),
        cmocka_unit_test(json_escapes_a_character_wherever_it_is),
        cmocka_unit_test(terminals_get_no_control_and_no_hidden_characters),
        cmocka_unit_test(cells_are_no_formulas),
        cmocka_unit_test(xml_has_no_tags_and_no_controls),
        cmocka_unit_test(html_is_text_that_ends_where_it_is_cut),
        cmocka_unit_test(markdown_has_no_marks),
        cmocka_unit_test(labels_of_metrics_end_where_they_should),
        cmocka_unit_test(exit_statuses_follow_the_contract),
        cmocka_unit_test(fail_on_recommended_counts_failures_but_no_excused_unknowns),
        cmocka_unit_test(what_is_open_beside_a_pass_is_not_ready),
        cmocka_unit_test(only_takes_whole_names),
        cmocka_unit_test(fail_on_recommended_leaves_out_what_nobody_can_prove),
        cmocka_unit_test(an_excuse_is_no_evidence),
        cmocka_unit_test(counts_sum_to_the_rules_listed),
        cmocka_unit_test(hostile_strings_reach_neither_terminal_nor_parser),
        cmocka_unit_test(no_format_prints_what_firmware_hides),
        cmocka_unit_test(quiet_prints_one_line),
        cmocka_unit_test(color_is_used_when_told_only),
        cmocka_unit_test(only_what_is_required_is_red),
        cmocka_unit_test(texts_are_cut_and_counted_in_columns),
        cmocka_unit_test(facts_are_written_as_specifications_do),
        cmocka_unit_test(the_screen_holds_as_many_steps_as_fit),
        cmocka_unit_test(one_cause_at_two_levels_is_two_blocks),
        cmocka_unit_test(a_word_longer_than_a_line_is_broken),
        cmocka_unit_test(ready_of_a_part_says_so),
        cmocka_unit_test(characters_that_are_not_seen_are_escaped),
        cmocka_unit_test(no_line_of_a_machines_words_looks_like_a_verdict),
        cmocka_unit_test(the_screen_says_what_was_required_and_what_is_waived),
        cmocka_unit_test(the_screen_says_where_windows_itself_differs),
        cmocka_unit_test(a_drawing_says_what_it_leaves_out),
        cmocka_unit_test(markdown_says_what_a_reader_of_the_verdict_must_know),
        cmocka_unit_test(wide_characters_count_as_two_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
