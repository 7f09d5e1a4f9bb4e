/* SPDX-License-Identifier: MIT */
/*
 * Every probe, with each blob that it wants malformed, absent and denied; every rule, with each
 * fact that it looks at so. The lists are the program's own, so a new probe or rule has its cases
 * here from the start. What one of them may do all the same is a row of `allowed`, with its reason.
 */
#include "support/cmocka.h"

#include <string.h>

#include "probe/probe.h"
#include "support/mat.h"
#include "support/scene.h"
#include "support/tables.h"
#include "vbscheck/count.h"

#define VMX     (1u << 5)
#define LM      (1u << 29)
#define MOR     "efivar/MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
#define MORLOCK "efivar/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"
#define GLOBAL  "-8be4df61-93ca-11d2-aa0d-00e098032b8c"

enum { GARBAGE = 64 };

/* A rule that a blob in this state decides and that is open without it, or a fact known of it. */
static const struct {
    const char *what, *blob;
    enum status st;
    const char *why;
} allowed[] = {
    {"mor.control", MOR, ST_MALFORMED, "a variable of another size is a fault of firmware"},
    {"mor.lock", MORLOCK, ST_MALFORMED, "a variable of another size is a fault of firmware"},
    {"uefi.boot", "efi/platform", ST_MALFORMED, "the file is there after a boot through UEFI only"},
    {"iommu.present", "acpi/DMAR", ST_NO_PERMISSION, "a table is there, and the driver has units"},
    {"iommu.translation", "acpi/DMAR", ST_NO_PERMISSION, "the driver shows what its units can"},
};
static bool used[COUNT(allowed)];

static void put_variable(struct scene *s, const char *name, unsigned char value)
{
    const uint8_t bytes[] = {7, 0, 0, 0, value};
    scene_bytes(s, name, (struct span){bytes, sizeof bytes});
}

/* A machine of Intel's on which every rule passes that evidence can decide. */
static void lay_out(struct mat *m)
{
    static struct build b;
    struct scene *s = &m->s;
    mat_begin(m);
    scene_text(s, "dmi", "vendor: LENOVO\nproduct: 21CB\n");
    scene_text(s, "kernel", "arch: x86_64\nrelease: 6.12.0\nconfig-kvm-intel: m\n");
    scene_cpuid(s, (struct scene_cpu){"GenuineIntel", VMX, 0, LM, 0}, 1);
    scene_text(s, "msr",
               "0 0x3a 0x0000000000000005\n0 0x482 0xfff9fffe0401e172\n"
               "0 0x48b 0x00553cfe00000000\n0 0x48c 0x00000f0106734141\n");
    scene_complete_acpi(s);
    scene_bytes(s, "acpi/WSMT", table_wsmt(&b, 7));
    scene_bytes(s, "acpi/DMAR", table_dmar(&b));
    scene_text(s, "sys/iommu",
               "unit dmar0 address fed90000\nunit dmar0 cap 1c0000c40660462\n"
               "unit dmar0 ecap f050da\nunit dmar0 version 1:0\n"
               "unit dmar1 address fed91000\nunit dmar1 cap 1c0000c40660462\n"
               "unit dmar1 ecap f050da\nunit dmar1 version 1:0\n");
    scene_text(s, "pci", "0000:00:02.0 class=030000\n");
    scene_text(s, "sys/tpm", "tpm0 version-major 2\ntpm0 banks sha1 sha256\n");
    scene_text(s, "efi/platform", "64\n");
    put_variable(s, MOR, 0);
    put_variable(s, MORLOCK, 2);
    put_variable(s, "efivar/SecureBoot" GLOBAL, 1);
    put_variable(s, "efivar/SetupMode" GLOBAL, 0);
    mat_judge(m);
}

/* The same machine, but for one blob. */
static void lay_out_but(struct scene *s, const struct mat *good, const char *name, enum status st)
{
    static const uint8_t garbage[GARBAGE] = {0xff, 0x00, 0x7f, 0x80, 0x0a, 0xfe};
    scene_begin(s);
    for (size_t i = 0; i < good->s.snap.n; i++) {
        if (strcmp(good->s.snap.blobs[i].name, name) != 0)
            snap_add(&s->snap, good->s.snap.blobs[i]);
    }
    if (st == ST_MALFORMED)
        scene_bytes(s, name, (struct span){garbage, sizeof garbage});
    else if (st != ST_NOT_COLLECTED)
        scene_missing(s, name, st);
    scene_judge(s);
}

static bool is_allowed(const char *what, const char *blob, enum status st)
{
    for (size_t i = 0; i < COUNT(allowed); i++) {
        if (strcmp(allowed[i].what, what) == 0 && strcmp(allowed[i].blob, blob) == 0 &&
            allowed[i].st == st)
            return used[i] = true;
    }
    return false;
}

static bool is_decided(const struct outcome *o)
{
    return o->verdict == V_PASS || o->verdict == V_FAIL;
}

/* What cannot be read proves nothing: no rule is decided that would be open without the blob. */
static unsigned check_rules(const struct scene *bad, const struct scene *without, const char *blob,
                            enum status st)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < bad->report.n_outcomes; i++) {
        const struct outcome *o = &bad->report.outcomes[i], *w = &without->report.outcomes[i];
        if (!is_decided(o) || o->verdict == w->verdict || is_allowed(o->rule->id, blob, st))
            continue;
        print_error("%s %s: %s is %s, and %s without it: %s\n", blob, status_name(st), o->rule->id,
                    verdict_name(o->verdict), verdict_name(w->verdict), o->message);
        wrong++;
    }
    return wrong;
}

/* A fact that is known of a blob which was not read. That something is not there, "absent" proves.
 */
static bool is_wrong(const struct fact *f, enum fact_id id, const char *blob, enum status st)
{
    if (f->st != ST_OK || f->from.blob == NULL || strcmp(f->from.blob, blob) != 0)
        return false;
    bool nothing = fact_infos[id].type == FACT_BOOL ? !f->v.b : f->v.u == 0;
    return st != ST_ABSENT || fact_infos[id].type == FACT_TEXT || !nothing;
}

static unsigned check_facts(const struct scene *s, const struct probe *p, const char *blob,
                            enum status st)
{
    unsigned wrong = 0;
    for (const enum fact_id *id = p->gives; *id != FACT_NONE; id++) {
        if (!is_wrong(&s->report.facts.all[*id], *id, blob, st) ||
            is_allowed(fact_infos[*id].name, blob, st))
            continue;
        print_error("%s: %s is %s, and %s is known of it\n", p->name, blob, status_name(st),
                    fact_infos[*id].name);
        wrong++;
    }
    return wrong;
}

static unsigned check_blob(const struct mat *good, const struct probe *p, const char *blob)
{
    static const enum status states[] = {ST_MALFORMED, ST_ABSENT, ST_NO_PERMISSION};
    struct scene without;
    unsigned wrong = 0;
    lay_out_but(&without, good, blob, ST_NOT_COLLECTED);
    for (size_t i = 0; i < COUNT(states); i++) {
        struct scene bad;
        lay_out_but(&bad, good, blob, states[i]);
        if (states[i] != ST_MALFORMED)
            wrong += check_facts(&bad, p, blob, states[i]);
        if (states[i] != ST_ABSENT)
            wrong += check_rules(&bad, &without, blob, states[i]);
        scene_end(&bad);
    }
    scene_end(&without);
    return wrong;
}

static void a_blob_that_is_malformed_absent_or_denied_proves_nothing(void **state)
{
    (void)state;
    struct mat good;
    unsigned wrong = 0, blobs = 0;
    lay_out(&good);
    for (size_t i = 0; i < n_probes; i++) {
        for (const char *const *want = probes[i]->wants; *want != NULL; want++, blobs++)
            wrong += check_blob(&good, probes[i], *want);
    }
    mat_end(&good);
    assert_int_equal(wrong, 0);
    assert_true(blobs >= n_probes);
    for (size_t i = 0; i < COUNT(allowed); i++) {
        if (!used[i])
            fail_msg("%s, %s: nothing needs this row any more", allowed[i].what, allowed[i].blob);
    }
}

/* Rules that this machine does not pass, and where they have such cases. */
static const char *const elsewhere[][2] = {
    {"drivers.hvci", "test_probe_drivers.c"},
    {"drivers.blocklist", "test_probe_deny_unknown.c"},
    {"vm.nested", "test_probe_viewpoint.c"},
    {"drivers.windows-log", "test_rules.c, tests/e2e/test_windows.py"},
    {"vm.series", "test_parse_azure.c, tests/e2e/test_azure.py"},
    {"memory.size", "test_probe_hardware.c"},
    {"storage.ssd", "test_probe_hardware.c"},
    {"storage.size", "test_probe_hardware.c"},
    {"amd.fused", "test_probe_hardware.c"},
    {"amd.debug-lock", "test_probe_hardware.c"},
    {"amd.memory-encryption", "test_probe_hardware.c"},
    {"amd.anti-rollback", "test_probe_hardware.c"},
    {"amd.spi-protection", "test_probe_hardware.c"},
    {"secured.standby", "test_probe_hardware.c"},
};

static bool has_other_tests(const char *id)
{
    for (size_t i = 0; i < COUNT(elsewhere); i++) {
        if (strcmp(elsewhere[i][0], id) == 0)
            return true;
    }
    print_error("%s does not pass here: add its evidence to lay_out(), or a row to elsewhere\n",
                id);
    return false;
}

/* A rule's fact in three states, in turn, on a machine that passes: it passes no more by it. */
static unsigned check_fact(const struct facts *good, const struct rule *r, enum fact_id id,
                           struct arena *a)
{
    static const enum status states[] = {ST_MALFORMED, ST_ABSENT, ST_NO_PERMISSION};
    struct facts f = *good;
    unsigned wrong = 0;
    for (size_t i = 0; i < COUNT(states); i++) {
        facts_unknown(&f, id, states[i], origin_of("test"));
        struct outcome o = rule_eval(r, &f, a);
        bool says_why = o.verdict != V_UNKNOWN || o.reason == states[i];
        bool fails = o.verdict == V_FAIL && states[i] != ST_ABSENT;
        if (o.message != NULL && says_why && !fails)
            continue;
        print_error("%s: with %s %s it is %s (%s)\n", r->id, fact_infos[id].name,
                    status_name(states[i]), verdict_name(o.verdict), status_name(o.reason));
        wrong++;
    }
    return wrong;
}

static void a_fact_that_is_malformed_absent_or_denied_is_the_reason_and_no_failure(void **state)
{
    (void)state;
    struct mat good;
    const struct rule *r;
    unsigned wrong = 0;
    lay_out(&good);
    for (size_t n = 0; (r = rule_at(n)) != NULL; n++) {
        if (r->unseen != NULL)
            continue; /* nothing can decide it */
        if (rule_eval(r, &good.s.report.facts, &good.s.arena).verdict != V_PASS) {
            wrong += !has_other_tests(r->id);
            continue;
        }
        for (unsigned i = 0; i < RULE_CLAUSES; i++) {
            for (unsigned j = 0; j < CLAUSE_CONDS && r->need[i].any[j].op != OP_NONE; j++)
                wrong += check_fact(&good.s.report.facts, r, r->need[i].any[j].fact, &good.s.arena);
        }
    }
    mat_end(&good);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blob_that_is_malformed_absent_or_denied_proves_nothing),
        cmocka_unit_test(a_fact_that_is_malformed_absent_or_denied_is_the_reason_and_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
