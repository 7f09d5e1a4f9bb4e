/* SPDX-License-Identifier: MIT */
/*
 * Booted through UEFI or not; Secure Boot; MemoryOverwriteRequestControl and its lock, observed
 * without writing them (TCG Platform Reset Attack Mitigation 1.10; Microsoft, "Secure MOR").
 */
#include "probe/efi.h"
#include "parse/efivar.h"
#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "parse/windows/windows.h"
#include "probe/viewpoint/viewpoint.h"

#define GLOBAL_GUID "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SECURE_BOOT "efivar/SecureBoot-" GLOBAL_GUID
#define SETUP_MODE  "efivar/SetupMode-" GLOBAL_GUID
#define AUDIT_MODE  "efivar/AuditMode-" GLOBAL_GUID
#define DEPLOYED    "efivar/DeployedMode-" GLOBAL_GUID
#define MOR         "efivar/MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
#define DB_NAMES    "efi/db-names"
#define MOR_TEST    "mor-test"
#define MORLOCK     "efivar/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"

static const char *const wants[] = {
    "efi/platform", "kernel", "efi/kernel-log", SECURE_BOOT, SETUP_MODE, AUDIT_MODE,
    DEPLOYED,       MOR,      MORLOCK,          MOR_TEST,    DB_NAMES,   NULL,
};

static const enum fact_id gives[] = {
    FACT_UEFI_BOOT,       FACT_UEFI_32BIT,    FACT_SECURE_BOOT,
    FACT_SETUP_MODE,      FACT_AUDIT_MODE,    FACT_DEPLOYED_MODE,
    FACT_MOR_PRESENT,     FACT_MOR_CONTROL,   FACT_MOR_SIZE,
    FACT_MOR_ATTRIBUTES,  FACT_MOR_LACKS_TPM, FACT_MORLOCK_PRESENT,
    FACT_MORLOCK_VALUE,   FACT_MORLOCK_SIZE,  FACT_MORLOCK_ATTRIBUTES,
    FACT_MORLOCK_DEFINED, FACT_MORLOCK_V2,    FACT_DB_2011,
    FACT_DB_2023,         FACT_NONE,
};

bool efi_is_legacy_boot(const struct probe_run *p)
{
    return snap_get(p->snap, "efi/platform").st == ST_ABSENT;
}

/* The kernel was told to ignore UEFI, so it does not show how the machine was booted. */
static bool is_told_noefi(const struct probe_run *p)
{
    struct span line, word;
    struct blob b = snap_get(p->snap, "kernel");
    if (b.st != ST_OK || !keyval_get(b.data, "cmdline", &line))
        return false;
    while (span_next_word(&line, &word)) {
        if (span_is(word, "noefi"))
            return true;
    }
    return false;
}

/*
 * A log of metal from its first line, with messages of level INFO, but without the line "efi: EFI
 * v", which every boot through UEFI prints before the memory map. If a log lost only that line,
 * other traces of UEFI show it.
 */
static bool is_legacy_by_log(const struct probe_run *p)
{
    const struct klog *k = p->log;
    bool metal = p->view->is == VIEW_METAL;
    return metal && k->from_start && k->e820 && k->dmi.len > 0 && !k->efi && !k->uefi_hints;
}

/* Windows' report counts only if Linux has no evidence at all. */
static void take_windows_word(const struct probe_run *p, enum fact_id id, enum windows_switch s,
                              bool on)
{
    if (p->facts->all[id].st == ST_NOT_COLLECTED && s != WINDOWS_UNTOLD)
        facts_bool(p->facts, id, (s == WINDOWS_ON) == on, origin_of("windows"));
}

static void judge_boot(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, "efi/platform");
    struct origin from = origin_of(b.name);
    if (b.st == ST_OK)
        facts_bool(p->facts, FACT_UEFI_BOOT, true, from);
    else if (p->log->efi)
        facts_bool(p->facts, FACT_UEFI_BOOT, true, origin_of("efi/kernel-log"));
    else if (efi_is_legacy_boot(p) && is_told_noefi(p))
        facts_unknown(p->facts, FACT_UEFI_BOOT, ST_NO_DRIVER, from);
    else if (efi_is_legacy_boot(p))
        facts_bool(p->facts, FACT_UEFI_BOOT, false, from);
    else if (b.st == ST_NOT_COLLECTED && is_legacy_by_log(p))
        facts_bool(p->facts, FACT_UEFI_BOOT, false, origin_of("efi/kernel-log"));
    else
        facts_unknown(p->facts, FACT_UEFI_BOOT, b.st, from);
    if (p->facts->windows != NULL) /* it is 64-bit, and so is its firmware */
        take_windows_word(p, FACT_UEFI_BOOT, p->facts->windows->uefi, true);
}

/*
 * 64-bit Windows starts only from 64-bit UEFI. If the evidence lacks the size, the log of a boot
 * through UEFI would have a warning about 32-bit firmware under a 64-bit kernel.
 */
static void judge_width(const struct probe_run *p)
{
    struct span size;
    struct blob b = snap_get(p->snap, "efi/platform");
    const struct fact *boot = &p->facts->all[FACT_UEFI_BOOT];
    if (b.st == ST_OK && (size = span_trim(b.data)).len > 0)
        facts_bool(p->facts, FACT_UEFI_32BIT, span_is(size, "32"), origin_of(b.name));
    else if (b.st == ST_NO_PERMISSION)
        facts_unknown(p->facts, FACT_UEFI_32BIT, b.st, origin_of(b.name));
    else if (boot->st == ST_OK && boot->v.b)
        facts_bool(p->facts, FACT_UEFI_32BIT, p->log->efi_32bit, origin_of("efi/kernel-log"));
    else
        facts_unknown(p->facts, FACT_UEFI_32BIT, boot->st == ST_OK ? ST_ABSENT : boot->st,
                      boot->from);
}

/* Gets the variable, or returns ST_ABSENT, or why it is unknown. */
static enum status variable(const struct probe_run *p, const char *name, struct efivar *out)
{
    struct blob b = snap_get(p->snap, name);
    if (b.st != ST_OK)
        return b.st == ST_NOT_COLLECTED && efi_is_legacy_boot(p) ? ST_NOT_UEFI : b.st;
    return efivar_parse(b.data, out);
}

/* A variable of one byte with value 0 or 1. */
static void give_flag(const struct probe_run *p, const char *name, enum fact_id id)
{
    struct efivar v;
    enum status st = variable(p, name, &v);
    if (st == ST_OK && v.data.len == 1 && v.data.ptr[0] <= 1)
        facts_bool(p->facts, id, v.data.ptr[0] == 1, origin_at(name, sizeof v.attributes));
    else if (st == ST_ABSENT && snap_get(p->snap, "efi/kernel-log").st == ST_NO_PERMISSION)
        /* The log may report what the variable would. */
        facts_unknown(p->facts, id, ST_NO_PERMISSION, origin_of("efi/kernel-log"));
    else if (st == ST_ABSENT)
        /* Firmware before UEFI 2.3.1 lacks the variable. */
        facts_unknown(p->facts, id, ST_UNSUPPORTED, origin_of(name));
    else
        facts_unknown(p->facts, id, st == ST_OK ? ST_MALFORMED : st, origin_of(name));
}

/* Lines of names, each ending in its year; a list that was cut proves only its own entries. */
static void give_year(const struct probe_run *p, enum fact_id id, const char *ending)
{
    struct blob b = snap_get(p->snap, DB_NAMES);
    enum status st = b.st == ST_NOT_COLLECTED && efi_is_legacy_boot(p) ? ST_NOT_UEFI : b.st;
    bool read = st == ST_OK || st == ST_TRUNCATED;
    bool found = read && span_find(b.data, ending, NULL);
    if (found || st == ST_OK)
        facts_bool(p->facts, id, found, origin_of(DB_NAMES));
    else
        facts_unknown(p->facts, id, st, origin_of(DB_NAMES));
}

/* Certificates of Windows; "Microsoft UEFI CA 2023" is for other makers' drivers and loaders. */
static void note_windows_keys(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, DB_NAMES);
    if (b.st != ST_OK || span_find(b.data, "Windows Production PCA 2011\n", NULL) ||
        span_find(b.data, "Windows UEFI CA 2023\n", NULL))
        return;
    notes_add(p->notes, DB_NAMES,
              "db contains none of the certificates that Windows is signed with, so Windows would "
              "not start with Secure Boot on");
}

/* Debian's and other kernels print the state they found; the variable, if read, has priority. */
static void give_secure_boot_of_log(const struct probe_run *p)
{
    struct origin log = origin_of("efi/kernel-log");
    enum klog_secure_boot told = p->log->secure_boot;
    if (fact_known(p->facts, FACT_SECURE_BOOT) || told == KLOG_SB_UNKNOWN)
        return;
    if (told != KLOG_SB_CONFLICT) {
        facts_bool(p->facts, FACT_SECURE_BOOT, told == KLOG_SB_ENABLED, log);
        return;
    }
    facts_unknown(p->facts, FACT_SECURE_BOOT, ST_CONFLICT, log);
    notes_add(p->notes, log.blob, "one line reports Secure Boot on, another reports it off");
}

static void judge_secure_boot(const struct probe_run *p)
{
    give_flag(p, SECURE_BOOT, FACT_SECURE_BOOT);
    give_flag(p, SETUP_MODE, FACT_SETUP_MODE);
    give_flag(p, AUDIT_MODE, FACT_AUDIT_MODE);
    give_flag(p, DEPLOYED, FACT_DEPLOYED_MODE);
    give_year(p, FACT_DB_2011, " 2011\n");
    give_year(p, FACT_DB_2023, " 2023\n");
    note_windows_keys(p);
    give_secure_boot_of_log(p);
    if (p->facts->windows == NULL)
        return;
    take_windows_word(p, FACT_SECURE_BOOT, p->facts->windows->secure_boot, true);
    if (p->facts->windows->secure_boot == WINDOWS_ON) /* UEFI 2.10, section 32.3: never both */
        take_windows_word(p, FACT_SETUP_MODE, WINDOWS_ON, false);
}

static void note_legacy_boot(const struct probe_run *p)
{
    if (efi_is_legacy_boot(p))
        notes_add_boot(p->notes, "efi/platform",
                       "not booted through UEFI: what UEFI offers cannot be seen from here");
}

struct byte_variable {
    const char *name;
    enum fact_id present, size, attributes, value;
};

static const struct byte_variable mor = {
    MOR, FACT_MOR_PRESENT, FACT_MOR_SIZE, FACT_MOR_ATTRIBUTES, FACT_MOR_CONTROL,
};

static const struct byte_variable mor_lock = {
    MORLOCK, FACT_MORLOCK_PRESENT, FACT_MORLOCK_SIZE, FACT_MORLOCK_ATTRIBUTES, FACT_MORLOCK_VALUE,
};

static void give_variable(const struct probe_run *p, const struct byte_variable *b)
{
    struct efivar v;
    struct origin from = origin_of(b->name);
    const enum fact_id rest[] = {b->size, b->attributes, b->value, FACT_NONE};
    enum status st = variable(p, b->name, &v);
    if (st != ST_OK) {
        facts_all_unknown(p->facts, rest, st, from);
        if (st == ST_ABSENT)
            facts_bool(p->facts, b->present, false, from);
        else
            facts_unknown(p->facts, b->present, st, from);
        return;
    }
    facts_bool(p->facts, b->present, true, from);
    facts_uint(p->facts, b->attributes, v.attributes, origin_at(b->name, 0));
    facts_uint(p->facts, b->size, v.data.len, from);
    if (v.data.len > 0)
        facts_uint(p->facts, b->value, v.data.ptr[0], origin_at(b->name, sizeof v.attributes));
    else
        facts_unknown(p->facts, b->value, ST_ABSENT, from);
}

/* The value is valid only if size and attributes are correct. */
static bool is_sound_lock(const struct probe_run *p)
{
    const struct fact *size = &p->facts->all[FACT_MORLOCK_SIZE];
    const struct fact *attributes = &p->facts->all[FACT_MORLOCK_ATTRIBUTES];
    return size->st == ST_OK && size->v.u == 1 && attributes->st == ST_OK &&
           attributes->v.u == EFIVAR_NV_BS_RT;
}

/* The result of `vbscheck mor-test` in this boot; false if it found nothing that counts. */
static bool judge_test(const struct probe_run *p, uint64_t value)
{
    struct span result, locked;
    struct blob b = snap_get(p->snap, MOR_TEST);
    if (b.st != ST_OK || !keyval_get(b.data, "result", &result))
        return false;
    bool rejected = span_is(result, "rejected");
    if (!rejected && !span_is(result, "proven"))
        return false;
    /* The lock rejected a key then, but holds one now. */
    if (rejected && value == 2 && keyval_get(b.data, "locked", &locked) && !span_is(locked, "2"))
        facts_unknown(p->facts, FACT_MORLOCK_V2, ST_CONFLICT, origin_of(MOR_TEST));
    else
        facts_bool(p->facts, FACT_MORLOCK_V2, !rejected, origin_of(MOR_TEST));
    return true;
}

/* 0: unlocked, either revision. 1: locked without a key. 2: locked with a key, revision 2 only. */
static void judge_lock(const struct probe_run *p)
{
    const struct fact *value = &p->facts->all[FACT_MORLOCK_VALUE];
    if (value->st != ST_OK) {
        facts_unknown(p->facts, FACT_MORLOCK_DEFINED, value->st, value->from);
        facts_unknown(p->facts, FACT_MORLOCK_V2, value->st, value->from);
        return;
    }
    facts_bool(p->facts, FACT_MORLOCK_DEFINED, value->v.u <= 2, value->from);
    if (judge_test(p, value->v.u))
        return;
    if (value->v.u == 2 && is_sound_lock(p))
        facts_bool(p->facts, FACT_MORLOCK_V2, true, value->from);
    else
        facts_unknown(p->facts, FACT_MORLOCK_V2, ST_UNPROVABLE, value->from);
}

/* Notes odd values that decide nothing. */
static void note_values(const struct probe_run *p)
{
    enum { CLEAR_MEMORY = 1 << 0, DISABLE_AUTO_DETECT = 1 << 4 };
    const struct fact *control = &p->facts->all[FACT_MOR_CONTROL];
    const struct fact *lock = &p->facts->all[FACT_MORLOCK_VALUE];
    uint64_t reserved = ~(uint64_t)(CLEAR_MEMORY | DISABLE_AUTO_DETECT);
    if (control->st == ST_OK && (control->v.u & reserved) != 0)
        notes_add(p->notes, MOR, "reserved bits are set: %#llx",
                  (unsigned long long)(control->v.u & reserved));
    if (lock->st == ST_OK && lock->v.u == 1)
        notes_add(p->notes, MORLOCK,
                  "the lock is 1 (locked without a key): firmware has to start each boot with 0, "
                  "and nothing under Linux locks it");
}

/* Firmware offers MOR only with a TPM, so the TPM decides first. */
static void judge_lacks_tpm(const struct probe_run *p)
{
    const struct fact *variable = &p->facts->all[FACT_MOR_PRESENT];
    const struct fact *tpm = &p->facts->all[FACT_TPM_PRESENT];
    const struct fact *unknown = variable->st != ST_OK ? variable : tpm;
    if (fact_is_true(p->facts, FACT_MOR_PRESENT) || fact_is_true(p->facts, FACT_TPM_PRESENT))
        facts_bool(p->facts, FACT_MOR_LACKS_TPM, false,
                   fact_is_true(p->facts, FACT_MOR_PRESENT) ? variable->from : tpm->from);
    else if (unknown->st != ST_OK)
        facts_unknown(p->facts, FACT_MOR_LACKS_TPM, unknown->st, unknown->from);
    else
        facts_bool(p->facts, FACT_MOR_LACKS_TPM, true, origin_of(MOR));
}

static void run(const struct probe_run *p)
{
    judge_boot(p);
    judge_width(p);
    judge_secure_boot(p);
    note_legacy_boot(p);
    give_variable(p, &mor);
    give_variable(p, &mor_lock);
    judge_lock(p);
    note_values(p);
    judge_lacks_tpm(p);
}

const struct probe probe_efi = {
    .name = "efi",
    .summary = "UEFI boot, Secure Boot, MOR and its lock",
    .wants = wants,
    .gives = gives,
    .run = run,
};
