/* SPDX-License-Identifier: MIT */
/* Profiles: their tables, what is added to them, and files of somebody's own. */
#include <stdio.h>
#include <string.h>

#include "profile/policy.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "support/scene.h"
#include "vbscheck/count.h"

#define TODAY "2026-11-30"

#define HEAD "{\"schema_version\": 1, \"name\": \"acme\""
#define BASE HEAD ", \"base\": \"vbs\""
#define WAIVER(rule, until)                                                                        \
    "{\"rule\": \"" rule "\", \"reason\": \"r\", \"until\": \"" until "\", \"owner\": \"o\"}"

static const struct rule *rule_in(const struct policy *p, const char *id)
{
    for (size_t i = 0; i < p->n_rules; i++) {
        if (strcmp(p->rules[i]->id, id) == 0)
            return p->rules[i];
    }
    return NULL;
}

/* Tables ----------------------------------------------------------------------------------- */

static void every_row_names_a_rule_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_profiles; i++) {
        const struct profile *p = profiles[i];
        assert_ptr_equal(profile_find(p->name), p);
        assert_true(p->summary[0] != '\0' && p->goal[0] != '\0' && p->page[0] != '\0' &&
                    p->date[0] != '\0');
        assert_null(strchr(p->name, '/'));
        for (size_t r = 0; r < PROFILE_ROWS_MAX && p->rows[r].rule != NULL; r++) {
            if (rule_find(p->rows[r].rule) == NULL)
                fail_msg("%s: there is no rule %s", p->name, p->rows[r].rule);
            assert_true(p->rows[r].level < LEVEL_COUNT && p->rows[r].guest < LEVEL_COUNT);
            for (size_t k = 0; k < r; k++)
                assert_string_not_equal(p->rows[k].rule, p->rows[r].rule);
        }
    }
    assert_int_equal(n_profiles, 9);
}

/* Of each profile the rules that make it what it is: R required, r recommended, i info, . none. */
static void a_profile_asks_for_what_its_page_asks(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "cpu.64bit",    "cpu.slat",         "cpu.recent",       "iommu.present", "iommu.dma-opt-in",
        "tpm.version",  "smm.wsmt",         "mor.lock-v2",      "drivers.hvci",  "vm.nested",
        "vm.metal",     "boot.secure-boot", "memory.size",      "storage.ssd",   "amd.fused",
        "secured.hsti", "uefi.mat",         "drivers.blocklist"};
    static const struct {
        const struct profile *profile;
        const char *metal, *guest;
    } rows[] = {
        {&profile_vbs, "RR.RrrRRRR.r....Ri", "Rr.rrrrrRR.r....ri"},
        {&profile_vbs_2017, "RR.RrRRRRR.i....Ri", "Rr.rrrrrRR.i....ri"},
        {&profile_vbs_current, "RR.RrrRRRR.R....Ri", "Rr.rrrrrRR.r....ri"},
        {&profile_readiness_tool, "R....rrrrr.R...rr.", "R....rrrrr.R...rr."},
        {&profile_memory_integrity_default, "RRR.....RR..RR....", "RrR.....RR..RR...."},
        {&profile_credential_guard, "RR.r.rrr.R.R....r.", "Rr.r.rrr.R.R....r."},
        {&profile_kernel_dma_protection, "R..RRR....R.......", "R..RRR....R......."},
        {&profile_secured_core_pc, "RRRRRRRRRRRR..rRRi", "RrRrRRrrRRRR..rRri"},
        {&profile_strict, "RR.RRRRRRR.R....RR", "RR.RRRRRRR.R....RR"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char metal[COUNT(rules) + 1] = "", guest[COUNT(rules) + 1] = "";
        for (size_t r = 0; r < COUNT(rules); r++) {
            struct profile_row l = profile_levels(rows[i].profile, rule_find(rules[r]));
            metal[r] = "Rri."[l.level];
            guest[r] = "Rri."[l.guest];
        }
        if (strcmp(metal, rows[i].metal) != 0 || strcmp(guest, rows[i].guest) != 0)
            fail_msg("%s: \"%s\", \"%s\"", rows[i].profile->name, metal, guest);
    }
    assert_int_equal(COUNT(rows), n_profiles);
}

/* How many rules have a level of their own: what the default judges. */
static size_t judged_by_default(void)
{
    size_t n = 0;
    for (size_t i = 0; i < rules_count(); i++)
        n += rule_at(i)->level != LEVEL_LEFT_OUT ? 1 : 0;
    return n;
}

static void the_default_is_the_rules_own_levels(void **state)
{
    (void)state;
    struct arena a;
    struct policy p;
    const char *problem = "";
    const struct wish w = {.profile = profiles[0], .today = TODAY};
    test_arena(&a);
    assert_true(policy_make(&w, &a, &p, &problem));
    assert_true(p.plain);
    assert_int_equal(p.n_rules, judged_by_default());
    for (size_t i = 0; i < p.n_rules; i++)
        assert_ptr_equal(p.rules[i], rule_find(p.rules[i]->id));
    arena_reset(&a);
}

/* Also where another level than the rule's own is applied. */
static void a_vm_keeps_a_level_of_its_own(void **state)
{
    (void)state;
    struct arena a;
    struct policy p;
    const char *problem = "";
    const struct wish w = {.profile = &profile_vbs_2017};
    test_arena(&a);
    assert_true(policy_make(&w, &a, &p, &problem));
    assert_int_equal(rule_in(&p, "tpm.version")->level, LEVEL_REQUIRED);
    assert_int_equal(rule_in(&p, "tpm.version")->guest, LEVEL_RECOMMENDED);
    arena_reset(&a);
}

/* On Arm no table tells it, and an Arm machine must not pass for want of a table. */
static void dma_protection_is_open_on_arm(void **state)
{
    (void)state;
    const struct profile_row l =
        profile_levels(&profile_kernel_dma_protection, rule_find("iommu.dma-arm"));
    assert_int_equal(l.level, LEVEL_REQUIRED);
}

static void a_file_that_is_too_large_is_not_read(void **state)
{
    (void)state;
    struct arena a;
    struct profile_file f;
    const char *problem = "";
    test_arena(&a);
    size_t n = PROFILE_FILE_MAX + 1;
    char *text = arena_alloc(&a, n, 1);
    memset(text, ' ', n);
    memcpy(text, BASE "}", strlen(BASE "}"));
    assert_true(profile_file_parse((struct span){(uint8_t *)text, n - 1}, &a, &f, &problem));
    assert_false(profile_file_parse((struct span){(uint8_t *)text, n}, &a, &f, &problem));
    assert_non_null(strstr(problem, "over 256 KiB"));
    arena_reset(&a);
}

static void strict_excuses_nothing(void **state)
{
    (void)state;
    struct arena a;
    struct policy p;
    const char *problem = "";
    const struct wish w = {.profile = &profile_strict};
    test_arena(&a);
    assert_true(policy_make(&w, &a, &p, &problem));
    assert_int_equal(p.n_rules, judged_by_default());
    for (size_t i = 0; i < p.n_rules; i++) {
        assert_int_equal(p.rules[i]->level, LEVEL_REQUIRED);
        assert_int_equal(p.rules[i]->guest, LEVEL_REQUIRED);
        assert_null(p.rules[i]->excuse.caveat);
    }
    arena_reset(&a);
}

/* What is added ---------------------------------------------------------------------------- */

/* A machine of which one rule is known to fail: a WSMT that claims nothing. */
static void judge_wsmt(struct scene *s, const struct wish *w, const char *const *only)
{
    scene_begin(s);
    s->options.wish = *w;
    s->options.only = only;
    scene_text(s, "dmi", "vendor: LENOVO\nproduct: 21CB\n");
    scene_cpuid(s, (struct scene_cpu){"GenuineIntel", 0, 0, 1u << 29, 0}, 1);
    scene_complete_acpi(s); /* which proves that there is none */
    scene_judge(s);
}

static bool has_caveat(const struct scene *s, const char *words)
{
    for (size_t i = 0; i < s->report.n_caveats; i++) {
        if (strstr(s->report.caveats[i], words) != NULL)
            return true;
    }
    return false;
}

static void what_is_waived_counts_for_nothing_and_is_named(void **state)
{
    (void)state;
    static const char *const only[] = {"smm.wsmt", "cpu.64bit", NULL};
    struct waiver skip = {.rule = "smm.wsmt", .reason = "ticket 4711"};
    struct wish w = {.profile = &profile_vbs, .today = TODAY};
    struct scene s;
    judge_wsmt(&s, &w, only);
    assert_int_equal(s.report.exit_status, 1);
    scene_end(&s);
    w.skip = &skip;
    w.n_skip = 1;
    judge_wsmt(&s, &w, only);
    assert_int_equal(s.report.readiness, READY);
    assert_int_equal(s.report.exit_status, 0);
    assert_int_equal(scene_verdict(&s, "smm.wsmt"), V_FAIL); /* shown as it is */
    assert_false(scene_rule(&s, "smm.wsmt")->counts);
    assert_true(has_caveat(&s, "smm.wsmt is waived (ticket 4711)"));
    scene_end(&s);
}

static void nothing_but_waivers_is_no_evidence(void **state)
{
    (void)state;
    static const char *const only[] = {"smm.wsmt", NULL};
    struct waiver skip = {.rule = "smm.wsmt", .reason = "ticket 4711"};
    const struct wish w = {.profile = &profile_vbs, .skip = &skip, .n_skip = 1};
    struct scene s;
    judge_wsmt(&s, &w, only);
    assert_int_equal(s.report.readiness, UNDETERMINED);
    s.options.fail_on = LEVEL_INFO; /* nor does that bring it back */
    scene_judge(&s);
    assert_int_equal(s.report.exit_status, 3);
    scene_end(&s);
}

static void what_is_required_counts_everywhere(void **state)
{
    (void)state;
    static const char *const only[] = {"tpm.version", "cpu.64bit", NULL};
    const char *require[] = {"tpm.version", "memory.size"};
    struct wish w = {.profile = &profile_vbs, .require = require, .n_require = 2};
    struct scene s;
    judge_wsmt(&s, &w, only);
    assert_int_equal(scene_rule(&s, "tpm.version")->level, LEVEL_REQUIRED);
    assert_int_equal(s.report.readiness, NOT_READY);
    assert_int_equal(rule_in(&s.report.policy, "tpm.version")->guest, LEVEL_REQUIRED);
    assert_non_null(rule_in(&s.report.policy, "memory.size")); /* which `vbs` does not judge */
    assert_false(s.report.policy.plain);
    scene_end(&s);
}

/* Files ------------------------------------------------------------------------------------ */

static bool make(struct arena *a, const char *text, struct policy *p, const char **problem)
{
    const struct wish w = {.file = "./acme.json", .bytes = span_of(text), .today = TODAY};
    return policy_make(&w, a, p, problem);
}

static void profile_files_are_refused_with_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problem;
    } rows[] = {
        {"", "is empty"},
        {"{", "not JSON: look at line 1"},
        {"[]", "not an object"},
        {"{\"name\": \"x\"}", "lacks \"schema_version\""},
        {"{\"schema_version\": 2, \"name\": \"x\", \"rego\": 1}", "format is newer"},
        {"{\"schema_version\": \"1\", \"name\": \"x\"}", "is not 1"},
        {"{\"schema_version\": 1, \"base\": \"vbs\"}", "lacks \"name\""},
        {HEAD "}", "judges nothing"},
        {HEAD ", \"levels\": {\"cpu.slat\": \"none\"}}", "judges nothing"},
        {BASE ", \"levles\": {}}", "did you mean 'levels'?"},
        {BASE ", \"levels\": []}", "not an object"},
        {BASE ", \"levels\": {\"smm.wstm\": \"info\"}}", "did you mean 'smm.wsmt'?"},
        {BASE ", \"levels\": {\"smm.wsmt\": \"must\"}}", "not a level"},
        {BASE ", \"levels\": {\"smm.wsmt\": 1}}", "not a text"},
        {BASE ", \"levels\": {\"smm.wsmt\": {\"guest\": \"info\"}}}", "not a text"},
        {BASE ", \"levels\": {\"smm.wsmt\": {\"level\": \"info\", \"vm\": \"info\"}}}", "key 'vm'"},
        {BASE ", \"levels\": {\"smm.wsmt\": {\"level\": \"none\", \"guest\": \"info\"}}}",
         "in a VM alone"},
        {BASE ", \"levels\": {\"smm.wsmt\": \"info\", \"smm.wsmt\": \"required\"}}", "two levels"},
        {BASE ", \"base\": \"strict\"}", "two levels"},
        {HEAD ", \"base\": \"vsb\"}", "did you mean 'vbs'?"},
        {"{\"schema_version\": 1, \"name\": \"vbs\", \"base\": \"vbs\"}", "another name"},
        {"{\"schema_version\": 1, \"name\": \"a\\u001b[2J\", \"base\": \"vbs\"}",
         "cannot be printed"},
        {"{\"schema_version\": 1, \"name\": \"a\\u202eb\", \"base\": \"vbs\"}",
         "cannot be printed"},
        {"{\"schema_version\": 1, \"name\": \"  \", \"base\": \"vbs\"}", "is empty"},
        {BASE ", \"levels\": {\"\\u001b[2J\": \"info\"}}", "cannot be shown"},
        {BASE ", \"date\": \"yesterday\"}", "not a date"},
        {BASE ", \"waivers\": {}}", "not a list"},
        {BASE ", \"waivers\": [1]}", "waiver 1 is not an object"},
        {BASE ", \"waivers\": [{\"rule\": \"smm.wsmt\", \"reason\": \"r\", \"owner\": \"o\"}]}",
         "lacks \"until\""},
        {BASE ", \"waivers\": [" WAIVER("smm.wsmt", "2027-02-29") "]}", "not a date"},
        {BASE ", \"waivers\": [" WAIVER("smm.wsmt", "2027-13-01") "]}", "not a date"},
        {BASE ", \"waivers\": [" WAIVER("smm.wsmt", "2027-1-1") "]}", "not a date"},
        {BASE ", \"waivers\": [" WAIVER("smm.wsmt", "never") "]}", "not a date"},
        {BASE ", \"waivers\": [" WAIVER("smm.nope", "2027-01-01") "]}", "no rule 'smm.nope'"},
        {BASE ", \"waivers\": [" WAIVER("smm.wsmt", "2027-01-01") ", " WAIVER("smm.wsmt",
                                                                              "2028-01-01") "]}",
         "waived twice"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct policy p;
        const char *problem = "";
        test_arena(&a);
        if (make(&a, rows[i].text, &p, &problem))
            fail_msg("row %zu is taken", i);
        if (strstr(problem, rows[i].problem) == NULL || strncmp(problem, "./acme.json: ", 13) != 0)
            fail_msg("row %zu: %s", i, problem);
        assert_null(strchr(problem, '\n'));
        arena_reset(&a);
    }
}

static void a_profile_file_has_levels_and_waivers(void **state)
{
    (void)state;
    static const char text[] =
        "\xef\xbb\xbf" HEAD
        ", \"base\": \"vbs\", \"page\": \"Acme\", \"date\": \"2024-02-29\", \"levels\": "
        "{\"cpu.mbec\": \"required\", \"smm.wsmt\": \"recommended\", \"iommu.coverage\": "
        "\"required\", \"iommu.dma-opt-in\": \"required\", \"mor.control\": {\"level\": "
        "\"required\", \"guest\": \"required\"}, "
        "\"vm.nested\": \"none\", \"memory.size\": \"required\"}, \"waivers\": [" WAIVER(
            "tpm.version", "2026-11-30") ", " WAIVER("mor.lock",
                                                     "2026-11-29") ", " WAIVER("storage.ssd",
                                                                               "2027-01-01") "]}";
    struct arena a;
    struct policy p;
    const char *problem = "";
    test_arena(&a);
    if (!make(&a, text, &p, &problem))
        fail_msg("%s", problem);
    assert_string_equal(p.name, "acme");
    assert_int_equal(rule_in(&p, "cpu.mbec")->level, LEVEL_REQUIRED);
    assert_int_equal(rule_in(&p, "smm.wsmt")->level, LEVEL_RECOMMENDED);
    /* What a VM has of it is its host's, unless the file says so. */
    assert_int_equal(rule_in(&p, "iommu.coverage")->guest, LEVEL_RECOMMENDED);
    assert_int_equal(rule_in(&p, "mor.control")->guest, LEVEL_REQUIRED);
    assert_int_equal(rule_in(&p, "iommu.dma-opt-in")->guest, LEVEL_REQUIRED);
    assert_int_equal(rule_in(&p, "memory.size")->guest, LEVEL_REQUIRED);
    assert_null(rule_in(&p, "vm.nested"));
    assert_ptr_equal(rule_in(&p, "uefi.mat"), rule_find("uefi.mat"));
    /* The last day counts; the day after, it is over, and that is said. */
    assert_non_null(policy_waiver(&p, "tpm.version"));
    assert_null(policy_waiver(&p, "mor.lock"));
    assert_int_equal(p.n_notes, 2);
    assert_non_null(strstr(p.notes[0], "mor.lock ended on 2026-11-29"));
    assert_non_null(strstr(p.notes[1], "storage.ssd has no effect"));
    arena_reset(&a);
}

static void without_a_base_only_the_levels_are_judged(void **state)
{
    (void)state;
    struct arena a;
    struct policy p;
    const char *problem = "";
    test_arena(&a);
    assert_true(make(&a, HEAD ", \"levels\": {\"tpm.version\": \"required\"}}", &p, &problem));
    assert_int_equal(p.n_rules, 1);
    assert_string_equal(p.rules[0]->id, "tpm.version");
    arena_reset(&a);
}

static void the_command_line_wins_over_the_file(void **state)
{
    (void)state;
    static const char text[] = BASE ", \"levels\": {\"cpu.mbec\": \"none\"}, \"waivers\": [" WAIVER(
        "smm.wsmt", "2027-01-01") "]}";
    const char *require[] = {"cpu.mbec"}, *waived[] = {"smm.wsmt"};
    struct arena a;
    struct policy p;
    const char *problem = "";
    struct wish w = {.file = "./a", .bytes = span_of(text), .require = require, .n_require = 1};
    test_arena(&a);
    assert_true(policy_make(&w, &a, &p, &problem));
    assert_int_equal(rule_in(&p, "cpu.mbec")->level, LEVEL_REQUIRED);
    w.require = waived;
    assert_false(policy_make(&w, &a, &p, &problem));
    assert_non_null(strstr(problem, "both required and waived"));
    arena_reset(&a);
}

static void an_expired_waiver_counts_again(void **state)
{
    (void)state;
    static const char *const only[] = {"smm.wsmt", "cpu.64bit", NULL};
    const struct wish w = {
        .file = "./a",
        .bytes = span_of(BASE ", \"waivers\": [" WAIVER("smm.wsmt", "2026-11-29") "]}"),
        .today = TODAY};
    struct scene s;
    judge_wsmt(&s, &w, only);
    assert_int_equal(s.report.readiness, NOT_READY);
    assert_true(has_caveat(&s, "the waiver of smm.wsmt ended on 2026-11-29"));
    assert_true(scene_notes(&s, "ask o for a new one"));
    scene_end(&s);
}

/* A VM that shows nothing must not pass for a PC that has everything. */
static void a_vm_is_no_pc(void **state)
{
    (void)state;
    static const struct profile *const of_pcs[] = {&profile_kernel_dma_protection,
                                                   &profile_secured_core_pc};
    for (size_t i = 0; i < COUNT(of_pcs); i++) {
        struct scene s;
        scene_begin(&s);
        s.options.wish.profile = of_pcs[i];
        scene_text(&s, "cpuid-hypervisor", "CPUID 40000000: 40000001-4B4D564B-564B4D56-0000004D\n");
        scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", 1u << 31, 0, 1u << 29, 0}, 1);
        scene_judge(&s);
        assert_int_equal(scene_verdict(&s, "vm.metal"), V_FAIL);
        assert_int_equal(s.report.readiness, NOT_READY);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_names_a_rule_once),
        cmocka_unit_test(a_profile_asks_for_what_its_page_asks),
        cmocka_unit_test(the_default_is_the_rules_own_levels),
        cmocka_unit_test(a_vm_keeps_a_level_of_its_own),
        cmocka_unit_test(dma_protection_is_open_on_arm),
        cmocka_unit_test(a_file_that_is_too_large_is_not_read),
        cmocka_unit_test(strict_excuses_nothing),
        cmocka_unit_test(what_is_waived_counts_for_nothing_and_is_named),
        cmocka_unit_test(nothing_but_waivers_is_no_evidence),
        cmocka_unit_test(what_is_required_counts_everywhere),
        cmocka_unit_test(profile_files_are_refused_with_what_is_wrong),
        cmocka_unit_test(a_profile_file_has_levels_and_waivers),
        cmocka_unit_test(without_a_base_only_the_levels_are_judged),
        cmocka_unit_test(the_command_line_wins_over_the_file),
        cmocka_unit_test(an_expired_waiver_counts_again),
        cmocka_unit_test(a_vm_is_no_pc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
