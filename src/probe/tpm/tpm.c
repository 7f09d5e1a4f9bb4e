/* SPDX-License-Identifier: MIT */
/*
 * The TPM's family and banks. Sources, strongest first: the TPM's own answer, the kernel's driver,
 * the TPM2 table, the TCPA table (TPM 2.0 Library; Linux Documentation/ABI/stable/sysfs-class-tpm;
 * TCG ACPI Specification).
 */
#include <string.h>

#include "parse/acpi/tpm2.h"
#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "parse/sysfs_tpm.h"
#include "probe/acpi.h"
#include "probe/tpm/tpm_answers.h"
#include "probe/tpm/tpm_facts.h"
#include "probe/tpm/tpm_state.h"

static const char *const wants[] = {
    "sys/tpm",        "acpi/TPM2", "acpi/TCPA",    "acpi/FACP", "acpi/APIC",
    "efi/kernel-log", TPM_FIXED,   "tpm/variable", TPM_PCRS,    "tpm/algorithms",
    "tpm/nv",         TPM_TROUBLE, "dmi",          NULL,
};

static const enum fact_id gives[] = {
    FACT_TPM_VERSION,       FACT_TPM_PRESENT,        FACT_TPM_IS_2,         FACT_TPM_DECIDED_BY,
    FACT_TPM_BANKS,         FACT_TPM_SHA256,         FACT_TPM2_PRESENT,     FACT_TPM2_REVISION,
    FACT_TPM2_START_METHOD, FACT_TCPA_PRESENT,       FACT_TPM_MANUFACTURER, FACT_TPM_VENDOR_STRING,
    FACT_TPM_FIRMWARE,      FACT_TPM_KIND,           FACT_TPM_STATE,        FACT_TPM_REVISION,
    FACT_TPM_HASHES,        FACT_TPM_EK_CERTIFICATE, FACT_TPM_TCPA_ALONE,   FACT_NONE,
};

static const enum fact_id family_facts[] = {
    FACT_TPM_VERSION,    FACT_TPM_PRESENT,    FACT_TPM_IS_2,
    FACT_TPM_DECIDED_BY, FACT_TPM_TCPA_ALONE, FACT_NONE,
};

/* The data of the driver, or why there is none. */
struct tpm_driver {
    enum status st;
    struct sysfs_tpm sys;
};

static struct tpm_driver read_driver(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, "sys/tpm");
    struct tpm_driver t = {.st = b.st};
    sysfs_tpm_parse(b.st == ST_OK ? b.data : (struct span){0}, &t.sys);
    struct blob dmi = snap_get(p->snap, "dmi");
    t.sys.declared |= dmi.st == ST_OK && span_is(dmi_parse(dmi.data).tpm, "2.0");
    /* Firmware with a TPM event log had a TPM. */
    t.sys.declared |= span_find(p->log->efi_tables, "TPMEventLog=", NULL) ||
                      span_find(p->log->efi_tables, "TPMFinalLog=", NULL);
    return t;
}

static void give_family(const struct probe_run *p, const char *version, const char *blob)
{
    struct origin from = origin_of(blob);
    facts_text(p->facts, FACT_TPM_VERSION, version, from);
    facts_bool(p->facts, FACT_TPM_PRESENT, strcmp(version, "none") != 0, from);
    facts_bool(p->facts, FACT_TPM_IS_2, strcmp(version, "2.0") == 0, from);
    facts_bool(p->facts, FACT_TPM_TCPA_ALONE, false, from);
    facts_text(p->facts, FACT_TPM_DECIDED_BY, arena_text(p->arena, span_of(blob)), from);
}

/* A table describes a TPM, no driver shows one: it is off, or the kernel lacks the module. */
static enum status why_not_driven(const struct tpm_driver *t)
{
    return t->st == ST_OK || t->st == ST_NO_DRIVER ? ST_NO_DRIVER : t->st;
}

/* The TPM was asked but gave no usable answer: absence is not proven. */
static bool is_mute(const struct tpm_answers *own)
{
    return own->fixed.st != ST_NOT_COLLECTED && own->fixed.st != ST_ABSENT;
}

/*
 * An event log of a TPM 1.2 in a complete list of tables without TPM2: no TPM 2.0 is described. The
 * table does not show which TPM it is.
 */
static void give_tcpa(const struct probe_run *p, const char *blob)
{
    struct origin from = origin_of(blob);
    facts_unknown(p->facts, FACT_TPM_VERSION, ST_UNPROVABLE, from);
    facts_bool(p->facts, FACT_TPM_PRESENT, true, from);
    facts_bool(p->facts, FACT_TPM_IS_2, false, from);
    facts_bool(p->facts, FACT_TPM_TCPA_ALONE, true, from);
    facts_text(p->facts, FACT_TPM_DECIDED_BY, arena_text(p->arena, span_of(blob)), from);
}

/*
 * The log may name a TPM: if it is not readable, or has lost its beginning, absence is not proven.
 * Returns why, or ST_OK.
 */
static enum status why_log_is_silent(const struct probe_run *p)
{
    enum status st = snap_get(p->snap, "efi/kernel-log").st;
    return st == ST_NO_PERMISSION || st == ST_TRUNCATED ? st : ST_OK;
}

/* A TPM 2.0 and a TPM 1.2: from two machines, two boots, or both in one; Windows uses one. */
static void give_family_of_log(const struct probe_run *p)
{
    struct origin log = origin_of("efi/kernel-log");
    if (!p->log->tpm_1 || !p->log->tpm_2) {
        give_family(p, p->log->tpm_2 ? "2.0" : "1.2", log.blob);
        return;
    }
    facts_all_unknown(p->facts, family_facts, ST_CONFLICT, log);
    notes_add(p->notes, log.blob, "one line names a TPM 2.0, another a TPM 1.2");
}

static void judge_family(const struct probe_run *p, const struct tpm_answers *own,
                         const struct tpm_driver *t, const struct acpi_set *tpm2,
                         const struct acpi_set *tcpa)
{
    if (own->family != 0) {
        give_family(p, own->family == 2 ? "2.0" : "1.2", own->fixed.blob);
    } else if (t->sys.family == 2) {
        give_family(p, "2.0", "sys/tpm");
    } else if (t->sys.family == 1) {
        give_family(p, "1.2", "sys/tpm");
    } else if (p->log->tpm_1 || p->log->tpm_2) {
        give_family_of_log(p);
    } else if (is_mute(own)) {
        enum status why = tpm_answer_status(&own->fixed, TPM2_CAP_TPM_PROPERTIES);
        facts_all_unknown(p->facts, family_facts, why != ST_OK ? why : ST_UNSUPPORTED,
                          origin_of(own->fixed.blob));
    } else if (t->sys.chips > 0) {
        /* A chip without a family, from an old kernel or a copied tree. */
        facts_all_unknown(p->facts, family_facts, ST_NOT_COLLECTED, origin_of("sys/tpm"));
    } else if (tpm2->st == ST_OK || tpm2->listed || t->sys.declared) {
        facts_all_unknown(p->facts, family_facts, why_not_driven(t), origin_of(tpm2->blob));
    } else if (tcpa->st == ST_OK && tpm2->st == ST_ABSENT) {
        give_tcpa(p, tcpa->blob);
    } else if (tcpa->st == ST_OK) {
        facts_all_unknown(p->facts, family_facts, tpm2->st, origin_of(tpm2->blob));
    } else if (tpm2->st == ST_ABSENT && tcpa->st == ST_ABSENT && why_log_is_silent(p) != ST_OK) {
        facts_all_unknown(p->facts, family_facts, why_log_is_silent(p),
                          origin_of("efi/kernel-log"));
    } else if (tpm2->st == ST_ABSENT && tcpa->st == ST_ABSENT) {
        give_family(p, "none", tpm2->blob);
    } else {
        enum status why = tpm2->st == ST_ABSENT ? tcpa->st : tpm2->st;
        facts_all_unknown(p->facts, family_facts, why, origin_of(tpm2->blob));
    }
}

static void append_bank(const struct probe_run *p, const char **list, struct span name)
{
    *list = arena_printf(p->arena, "%s%s%.*s", *list, *list[0] != '\0' ? "," : "",
                         (int)(name.len < 32 ? name.len : 32), (const char *)name.ptr);
}

static bool judge_own_banks(const struct probe_run *p, const struct tpm_answer *a)
{
    const TPML_PCR_SELECTION *banks = &a->response.values.data.assignedPCR;
    bool sha256 = false;
    const char *list = "";
    if (tpm_answer_status(a, TPM2_CAP_PCRS) != ST_OK)
        return false;
    for (uint32_t i = 0; i < banks->count; i++) {
        const TPMS_PCR_SELECTION *bank = &banks->pcrSelections[i];
        const char *name = tpm_hash_name(bank->hash);
        if (!tpm_bank_is_allocated(bank))
            continue;
        append_bank(p, &list,
                    span_of(name != NULL ? name : arena_printf(p->arena, "0x%04x", bank->hash)));
        sha256 |= bank->hash == TPM2_ALG_SHA256;
    }
    facts_text(p->facts, FACT_TPM_BANKS, list, origin_of(a->blob));
    facts_bool(p->facts, FACT_TPM_SHA256, sha256, origin_of(a->blob));
    return true;
}

enum { MAX_BANKS = TPM2_NUM_PCR_BANKS };

static void judge_banks(const struct probe_run *p, const struct tpm_driver *t,
                        const struct tpm_answer *own)
{
    struct origin from = origin_of("sys/tpm");
    struct span rest = t->sys.banks, word;
    if (t->sys.family != 2 || !t->sys.has_banks) {
        /* The folders of PCR banks exist since Linux 5.12. */
        enum status why = t->st == ST_OK ? ST_NOT_COLLECTED : t->st;
        if (own->st != ST_NOT_COLLECTED && own->st != ST_ABSENT) {
            why = tpm_answer_status(own, TPM2_CAP_PCRS);
            from = origin_of(own->blob);
        }
        facts_unknown(p->facts, FACT_TPM_BANKS, why, from);
        facts_unknown(p->facts, FACT_TPM_SHA256, why, from);
        return;
    }
    bool sha256 = false;
    const char *list = "";
    for (unsigned n = 0; n < MAX_BANKS && span_next_word(&rest, &word); n++) {
        sha256 |= span_is(word, "sha256");
        append_bank(p, &list, word);
    }
    facts_text(p->facts, FACT_TPM_BANKS, list, from);
    facts_bool(p->facts, FACT_TPM_SHA256, sha256, from);
}

static void give_present(const struct probe_run *p, enum fact_id id, const struct acpi_set *set)
{
    struct origin from = origin_of(set->blob);
    bool listed = set->listed && set->st == ST_NOT_COLLECTED;
    if (set->st == ST_OK || set->st == ST_ABSENT || listed)
        facts_bool(p->facts, id, set->st != ST_ABSENT, from);
    else
        facts_unknown(p->facts, id, set->st, from);
}

/* A table that contradicts itself is not evidence of a TPM. */
static void give_tpm2_table(const struct probe_run *p, struct acpi_set *set)
{
    struct origin from = origin_of(set->blob);
    struct tpm2 t;
    struct fault fault;
    give_present(p, FACT_TPM2_PRESENT, set);
    enum status st = set->st;
    if (st == ST_OK)
        st = tpm2_parse(set->tables[0]->data, &t, &fault);
    if (st == ST_OK) {
        facts_uint(p->facts, FACT_TPM2_REVISION, t.revision, from);
        facts_uint(p->facts, FACT_TPM2_START_METHOD, t.start_method,
                   origin_at(set->blob, TPM2_START_METHOD_OFFSET));
        return;
    }
    if (st == ST_MALFORMED && set->st == ST_OK)
        acpi_note_fault(p, set->blob, &fault);
    facts_unknown(p->facts, FACT_TPM2_REVISION, st, from);
    facts_unknown(p->facts, FACT_TPM2_START_METHOD, st, from);
    set->st = st;
}

static void check_tcpa(const struct probe_run *p, struct acpi_set *set)
{
    struct acpi_table t;
    struct fault fault;
    give_present(p, FACT_TCPA_PRESENT, set);
    if (set->st == ST_OK && acpi_open(set->tables[0]->data, "TCPA", &t, &fault) != ST_OK) {
        acpi_note_fault(p, set->blob, &fault);
        set->st = ST_MALFORMED;
    }
}

/* Notes firmware's data about a TPM that did not answer. */
static void note_undriven(const struct probe_run *p, const struct tpm_driver *t,
                          const struct acpi_set *tpm2)
{
    if (t->sys.switched_off)
        notes_add(p->notes, "sys/tpm",
                  "firmware declares a TPM 2.0 (MSFT0101) but has switched it off (status 0)");
    if (tpm2->st == ST_OK && t->st == ST_NOT_COLLECTED && !fact_known(p->facts, FACT_TPM_VERSION))
        notes_add(p->notes, tpm2->blob,
                  "firmware describes a TPM 2.0; the evidence does not show whether it answers");
}

static void run(const struct probe_run *p)
{
    struct tpm_driver t = read_driver(p);
    struct tpm_answers own;
    struct acpi_set tpm2 = acpi_tables(p, "TPM2");
    struct acpi_set tcpa = acpi_tables(p, "TCPA");
    give_tpm2_table(p, &tpm2);
    check_tcpa(p, &tcpa);
    tpm_state_note_trouble(p);
    tpm_answers_read(p, &own);
    judge_family(p, &own, &t, &tpm2, &tcpa);
    note_undriven(p, &t, &tpm2);
    if (!judge_own_banks(p, &own.pcrs))
        judge_banks(p, &t, &own.pcrs);
    tpm_facts_give(p, &own, t.st == ST_OK ? ST_NOT_COLLECTED : t.st);
}

const struct probe probe_tpm = {
    .name = "tpm",
    .summary = "The TPM, from its own answers, the kernel's driver and the firmware's tables",
    .wants = wants,
    .gives = gives,
    .run = run,
};
