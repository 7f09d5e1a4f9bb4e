/* SPDX-License-Identifier: MIT */
/* WSMT, IOMMU tables, TPM and EFI, from blobs to rules. */
#include "support/cmocka.h"

#include <string.h>

#include "support/build.h"
#include "support/scene.h"
#include "vbscheck/count.h"

#define MOR     "efivar/MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
#define MORLOCK "efivar/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"
#define GLOBAL  "-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static void add_wsmt(struct scene *s, const char *name, uint32_t flags)
{
    static struct build b;
    acpi_begin(&b, "WSMT", 1);
    put_le32(&b, flags);
    scene_bytes(s, name, acpi_end(&b));
}

static void wsmt_flags_decide(void **state)
{
    (void)state;
    for (uint32_t flags = 0; flags < 16; flags++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        add_wsmt(&s, "acpi/WSMT", flags);
        scene_judge(&s);
        assert_int_equal(scene_fact(&s, "wsmt.flags")->v.u, flags);
        assert_verdict(&s, "smm.wsmt", (flags & 7) == 7 ? V_PASS : V_FAIL);
        assert_int_equal(scene_notes(&s, "reserved bits"), (flags & 8) != 0);
        assert_int_equal(scene_notes(&s, "bit 1 is set without bit 0"), (flags & 3) == 2);
        unsigned missing = 3u - (unsigned)__builtin_popcount(flags & 7);
        assert_int_equal(s.report.facts.n_findings, missing);
        scene_end(&s);
    }
}

static void several_wsmt_tables_are_combined_by_and(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    add_wsmt(&s, "acpi/WSMT1", 7);
    add_wsmt(&s, "acpi/WSMT2", 5);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "wsmt.tables")->v.u, 2);
    assert_int_equal(scene_fact(&s, "wsmt.flags")->v.u, 5);
    assert_verdict(&s, "smm.wsmt", V_FAIL);
    assert_true(scene_notes(&s, "disagree"));
    scene_end(&s);
}

static void like_wsmt_tables_count_once(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    add_wsmt(&s, "acpi/WSMT1", 7);
    add_wsmt(&s, "acpi/WSMT2", 7);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "wsmt.tables")->v.u, 1);
    assert_verdict(&s, "smm.wsmt", V_PASS);
    scene_end(&s);
}

static void a_broken_wsmt_beside_a_sound_one_spoils_the_pass_only(void **state)
{
    (void)state;
    static const struct {
        uint32_t flags;
        enum verdict verdict;
    } rows[] = {{7, V_UNKNOWN}, {3, V_FAIL}};
    for (size_t i = 0; i < 2; i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        add_wsmt(&s, "acpi/WSMT1", rows[i].flags);
        scene_text(&s, "acpi/WSMT2", "WSMT and then nothing of the kind");
        scene_judge(&s);
        assert_verdict(&s, "smm.wsmt", rows[i].verdict);
        assert_true(scene_notes(&s, "cannot be judged"));
        scene_end(&s);
    }
}

static void a_wsmt_that_may_not_be_read_is_no_absent_one(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_missing(&s, "acpi/WSMT", ST_NO_PERMISSION);
    scene_judge(&s);
    assert_verdict(&s, "smm.wsmt", V_UNKNOWN);
    assert_reason(&s, "smm.wsmt", ST_NO_PERMISSION);
    scene_end(&s);
}

static void absence_needs_a_complete_source(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    add_wsmt(&s, "acpi/WSMT", 7);
    scene_judge(&s);
    assert_reason(&s, "iommu.present", ST_NOT_COLLECTED);
    assert_reason(&s, "tpm.version", ST_NOT_COLLECTED);
    scene_end(&s);

    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_judge(&s);
    assert_verdict(&s, "iommu.present", V_FAIL);
    assert_verdict(&s, "smm.wsmt", V_FAIL);
    assert_verdict(&s, "tpm.version", V_FAIL);
    assert_int_equal(scene_fact(&s, "dmar.flags")->st, ST_ABSENT);
    assert_int_equal(scene_fact(&s, "dmar.drhd")->v.u, 0);
    scene_end(&s);
}

static struct span dmar_with(struct build *b, unsigned flags, unsigned units)
{
    acpi_begin(b, "DMAR", 1);
    put_u8(b, 38);
    put_u8(b, flags);
    put_zeros(b, 10);
    for (unsigned i = 0; i < units; i++) {
        put_le16(b, 0);
        put_le16(b, 16);
        put_u8(b, 1);
        put_zeros(b, 3);
        put_le64(b, 0xfed90000 + i * 0x1000);
    }
    return acpi_end(b);
}

static void dmar_tells_units_and_opt_in(void **state)
{
    (void)state;
    static struct build b;
    for (unsigned flags = 0; flags < 8; flags++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_bytes(&s, "acpi/DMAR", dmar_with(&b, flags, 2));
        scene_judge(&s);
        assert_int_equal(scene_fact(&s, "iommu.units")->v.u, 2);
        assert_int_equal(scene_fact(&s, "dmar.host-address-width")->v.u, 39);
        assert_verdict(&s, "iommu.present", V_PASS);
        assert_verdict(&s, "iommu.dma-opt-in", (flags & 4) != 0 ? V_PASS : V_FAIL);
        assert_reason(&s, "iommu.coverage", ST_NOT_COLLECTED);
        assert_reason(&s, "iommu.translation", ST_NOT_COLLECTED);
        scene_end(&s);
    }
}

static void a_dmar_without_units_is_no_iommu(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_bytes(&s, "acpi/DMAR", dmar_with(&b, 1, 0));
    scene_judge(&s);
    assert_verdict(&s, "iommu.present", V_FAIL);
    scene_end(&s);
}

static void a_broken_dmar_is_malformed_and_never_passes(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    struct span table = dmar_with(&b, 5, 1);
    b.bytes[50] ^= 1;
    scene_bytes(&s, "acpi/DMAR", table);
    scene_judge(&s);
    assert_reason(&s, "iommu.present", ST_MALFORMED);
    assert_reason(&s, "iommu.dma-opt-in", ST_MALFORMED);
    scene_end(&s);
}

static void two_dmars_that_disagree_conflict(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_bytes(&s, "acpi/DMAR1", dmar_with(&b, 5, 1));
    scene_bytes(&s, "acpi/DMAR2", dmar_with(&b, 1, 2));
    scene_judge(&s);
    assert_verdict(&s, "iommu.present", V_PASS);
    assert_int_equal(scene_fact(&s, "dmar.drhd")->v.u, 1);
    assert_reason(&s, "iommu.dma-opt-in", ST_CONFLICT);
    scene_end(&s);
}

/* sys/tpm (NULL: not collected), whether there is a TPM2 or TCPA table, and what follows. */
static const struct tpm_row {
    const char *sysfs;
    enum status sysfs_st;
    const char *table;
    const char *version; /* NULL: unknown */
    enum status reason;
    enum verdict version_verdict, bank_verdict;
} tpm_rows[] = {
    {"tpm0 version-major 2\ntpm0 banks sha1 sha256\n", ST_OK, "TPM2", "2.0", ST_OK, V_PASS, V_PASS},
    {"tpm0 version-major 2\ntpm0 banks sha1\n", ST_OK, "TPM2", "2.0", ST_OK, V_PASS, V_FAIL},
    {"tpm0 version-major 2\n", ST_OK, "TPM2", "2.0", ST_OK, V_PASS, V_UNKNOWN},
    {"tpm0 resource-manager\n", ST_OK, NULL, "2.0", ST_OK, V_PASS, V_UNKNOWN},
    {"tpm0 version-major 1\n", ST_OK, "TCPA", "1.2", ST_OK, V_FAIL, V_NOT_APPLICABLE},
    {"tpm0 caps TCG version: 1.2\n", ST_OK, NULL, "1.2", ST_OK, V_FAIL, V_NOT_APPLICABLE},
    {"tpm0 version-major 1\ntpm1 version-major 2\ntpm1 banks sha256\n", ST_OK, NULL, "2.0", ST_OK,
     V_PASS, V_PASS},
    {"tpm0 description TPM 2.0 Device\n", ST_OK, "TCPA", NULL, ST_NOT_COLLECTED, V_UNKNOWN,
     V_UNKNOWN},
    {"", ST_OK, "TPM2", NULL, ST_NO_DRIVER, V_UNKNOWN, V_UNKNOWN},
    {NULL, ST_NO_DRIVER, "TPM2", NULL, ST_NO_DRIVER, V_UNKNOWN, V_UNKNOWN},
    {NULL, ST_NOT_COLLECTED, "TPM2", NULL, ST_NOT_COLLECTED, V_UNKNOWN, V_UNKNOWN},
    {"MSFT0101:00 status 15\n", ST_OK, NULL, NULL, ST_NO_DRIVER, V_UNKNOWN, V_UNKNOWN},
    {NULL, ST_NOT_COLLECTED, "TCPA", NULL, ST_OK, V_FAIL, V_NOT_APPLICABLE},
    {NULL, ST_NOT_COLLECTED, NULL, "none", ST_OK, V_FAIL, V_NOT_APPLICABLE},
    {"", ST_OK, NULL, "none", ST_OK, V_FAIL, V_NOT_APPLICABLE},
};

static void add_tpm_table(struct scene *s, const char *signature)
{
    static struct build b;
    acpi_begin(&b, signature, 4);
    put_zeros(&b, 12);
    put_le32(&b, 7);
    scene_bytes(s, strcmp(signature, "TPM2") == 0 ? "acpi/TPM2" : "acpi/TCPA", acpi_end(&b));
}

static void the_tpm_ladder_is_climbed_from_the_top(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tpm_rows); i++) {
        const struct tpm_row *r = &tpm_rows[i];
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        if (r->sysfs != NULL)
            scene_text(&s, "sys/tpm", r->sysfs);
        else
            scene_missing(&s, "sys/tpm", r->sysfs_st);
        if (r->table != NULL)
            add_tpm_table(&s, r->table);
        scene_judge(&s);
        const struct fact *f = scene_fact(&s, "tpm.version");
        if (scene_verdict(&s, "tpm.version") != r->version_verdict ||
            scene_verdict(&s, "tpm.sha256-bank") != r->bank_verdict ||
            scene_reason(&s, "tpm.version") != r->reason)
            fail_msg("row %zu: %s, %s, %s", i, verdict_name(scene_verdict(&s, "tpm.version")),
                     verdict_name(scene_verdict(&s, "tpm.sha256-bank")),
                     status_name(scene_reason(&s, "tpm.version")));
        if (r->version != NULL)
            assert_string_equal(f->v.text, r->version);
        else
            assert_int_not_equal(f->st, ST_OK);
        scene_end(&s);
    }
}

static void add_variable(struct scene *s, const char *name, const char *bytes, size_t n)
{
    scene_bytes(s, name, (struct span){(const uint8_t *)bytes, n});
}

static void mor_lock_states_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        enum verdict lock, v2;
        enum status v2_reason;
    } rows[] = {
        {"\7\0\0\0\0", 5, V_PASS, V_UNKNOWN, ST_UNPROVABLE},
        {"\7\0\0\0\1", 5, V_PASS, V_UNKNOWN, ST_UNPROVABLE},
        {"\7\0\0\0\2", 5, V_PASS, V_PASS, ST_OK},
        {"\7\0\0\0\3", 5, V_FAIL, V_UNKNOWN, ST_UNPROVABLE},
        {"\6\0\0\0\0", 5, V_FAIL, V_UNKNOWN, ST_UNPROVABLE},
        {"\7\0\0\0\0\0", 6, V_FAIL, V_UNKNOWN, ST_UNPROVABLE},
        {"\7\0\0\0", 4, V_FAIL, V_FAIL, ST_OK},   /* size 0: a known firmware bug */
        {"", 0, V_FAIL, V_NOT_APPLICABLE, ST_OK}, /* the phantom of a refused create: absent */
        {"\7\0\0\0\2\0", 6, V_FAIL, V_UNKNOWN, ST_UNPROVABLE}, /* not a lock's value */
        {"\6\0\0\0\2", 5, V_FAIL, V_UNKNOWN, ST_UNPROVABLE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_text(&s, "efi/platform", "64\n");
        add_variable(&s, MORLOCK, rows[i].bytes, rows[i].n);
        add_variable(&s, MOR, "\7\0\0\0\1", 5);
        scene_judge(&s);
        assert_verdict(&s, "mor.control", V_PASS);
        if (scene_verdict(&s, "mor.lock") != rows[i].lock ||
            scene_verdict(&s, "mor.lock-v2") != rows[i].v2 ||
            scene_reason(&s, "mor.lock-v2") != rows[i].v2_reason)
            fail_msg("row %zu", i);
        scene_end(&s);
    }
}

static void an_active_test_of_this_boot_decides_the_revision(void **state)
{
    (void)state;
    static const struct {
        const char *test;
        const char *lock;
        enum verdict v2;
        enum status reason;
    } rows[] = {
        {"result: proven\nlocked: 2\nend: 0\n", "\7\0\0\0\0", V_PASS, ST_OK},
        {"result: rejected\nlocked: 0\nend: 0\n", "\7\0\0\0\0", V_FAIL, ST_OK},
        {"result: rejected\nlocked: 0\nend: 0\n", "\7\0\0\0\2", V_UNKNOWN, ST_CONFLICT},
        {"result: rejected\nlocked: 2\nend: 2\n", "\7\0\0\0\2", V_FAIL, ST_OK},
        {"result: undecided\nlocked: 0\nend: 0\n", "\7\0\0\0\0", V_UNKNOWN, ST_UNPROVABLE},
        {"result: undecided\nlocked: 2\nend: 2\n", "\7\0\0\0\2", V_PASS, ST_OK},
        {"something else\n", "\7\0\0\0\0", V_UNKNOWN, ST_UNPROVABLE},
        {"", "\7\0\0\0\0", V_UNKNOWN, ST_UNPROVABLE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_text(&s, "efi/platform", "64\n");
        scene_text(&s, "mor-test", rows[i].test);
        add_variable(&s, MORLOCK, rows[i].lock, 5);
        scene_judge(&s);
        if (scene_verdict(&s, "mor.lock-v2") != rows[i].v2 ||
            scene_reason(&s, "mor.lock-v2") != rows[i].reason)
            fail_msg("row %zu", i);
        scene_end(&s);
    }
}

static void without_a_tpm_the_remedy_for_mor_is_to_enable_it(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_text(&s, "efi/platform", "64\n");
    scene_missing(&s, MOR, ST_ABSENT);
    scene_missing(&s, MORLOCK, ST_ABSENT);
    scene_judge(&s);
    assert_non_null(strstr(scene_rule(&s, "mor.control")->fix, "Enable the TPM first"));
    assert_non_null(strstr(scene_rule(&s, "mor.lock")->fix, "Enable the TPM first"));
    scene_end(&s);
}

static void a_legacy_boot_fails_once_and_hides_the_rest(void **state)
{
    (void)state;
    static const char *const hidden[] = {
        "uefi.mat", "uefi.mat-coverage", "uefi.mat-layout",  "uefi.page-protection",
        "mor.lock", "mor.control",       "boot.secure-boot",
    };
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_missing(&s, "efi/platform", ST_ABSENT);
    scene_judge(&s);
    assert_verdict(&s, "uefi.boot", V_FAIL);
    for (size_t i = 0; i < COUNT(hidden); i++)
        assert_reason(&s, hidden[i], ST_NOT_UEFI);
    scene_end(&s);
}

/* Without efi/platform: the kernel complains of firmware that is narrower than itself. */
static void firmware_of_32_bits_is_told_by_the_log(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log",
               "[    0.0] efi: EFI v2.7 by X\n"
               "[    0.0] efi: No EFI runtime due to 32/64-bit mismatch with kernel\n");
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "uefi.32-bit")->st, ST_OK);
    assert_true(scene_fact(&s, "uefi.32-bit")->v.b);
    assert_verdict(&s, "uefi.boot", V_FAIL);
    scene_end(&s);
}

static void secure_boot_comes_from_its_variable_or_the_log(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "efi/platform", "64\n");
    add_variable(&s, "efivar/SecureBoot" GLOBAL, "\6\0\0\0\1", 5);
    add_variable(&s, "efivar/SetupMode" GLOBAL, "\6\0\0\0\0", 5);
    scene_judge(&s);
    assert_verdict(&s, "boot.secure-boot", V_PASS);
    scene_end(&s);

    scene_begin(&s);
    scene_text(&s, "efi/kernel-log",
               "[    0.0] efi: EFI v2.7 by X\n[    0.0] secureboot: Secure boot disabled\n");
    scene_judge(&s);
    assert_verdict(&s, "uefi.boot", V_PASS);
    assert_verdict(&s, "boot.secure-boot", V_FAIL);
    scene_end(&s);

    /* One byte: a longer variable is not it, whatever its first byte is. */
    scene_begin(&s);
    add_variable(&s, "efivar/SecureBoot" GLOBAL, "\6\0\0\0\1\0", 6);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "secure-boot.enabled")->st, ST_MALFORMED);
    scene_end(&s);

    scene_begin(&s);
    add_variable(&s, "efivar/SecureBoot" GLOBAL, "\6\0\0\0\7", 5);
    scene_judge(&s);
    assert_reason(&s, "boot.secure-boot", ST_MALFORMED);
    scene_end(&s);
}

static void audit_and_deployed_mode_are_facts_where_firmware_knows_them(void **state)
{
    (void)state;
    static const struct {
        const char *variable, *fact;
    } modes[] = {
        {"efivar/AuditMode" GLOBAL, "secure-boot.audit-mode"},
        {"efivar/DeployedMode" GLOBAL, "secure-boot.deployed-mode"},
    };
    static const struct {
        const char *file; /* NULL: firmware before UEFI 2.5 */
        enum status st;
        bool is_on;
    } rows[] = {
        {"\6\0\0\0\1", ST_OK, true},
        {"\6\0\0\0\0", ST_OK, false},
        {"\6\0\0\0\2", ST_MALFORMED, false},
        {NULL, ST_UNSUPPORTED, false},
    };
    for (size_t i = 0; i < COUNT(modes) * COUNT(rows); i++) {
        size_t mode = i % COUNT(modes), row = i / COUNT(modes);
        struct scene s;
        scene_begin(&s);
        if (rows[row].file != NULL)
            add_variable(&s, modes[mode].variable, rows[row].file, 5);
        else
            scene_missing(&s, modes[mode].variable, ST_ABSENT);
        scene_judge(&s);
        const struct fact *judged = scene_fact(&s, modes[mode].fact);
        assert_int_equal(judged->st, rows[row].st);
        assert_int_equal(judged->v.b, rows[row].is_on);
        assert_int_equal(scene_fact(&s, modes[1 - mode].fact)->st, ST_NOT_COLLECTED);
        scene_end(&s);
    }
}

static void db_is_judged_by_the_names_it_holds(void **state)
{
    (void)state;
    static const struct {
        const char *names; /* NULL: no variable */
        enum status st;
        bool has_2011, has_2023;
    } rows[] = {
        {"Microsoft Windows Production PCA 2011\n", ST_OK, true, false},
        {"Windows UEFI CA 2023\n", ST_OK, false, true},
        {"Microsoft Corporation UEFI CA 2011\nMicrosoft UEFI CA 2023\n", ST_OK, true, true},
        {"", ST_OK, false, false},
        {NULL, ST_ABSENT, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        if (rows[i].names != NULL)
            scene_text(&s, "efi/db-names", rows[i].names);
        else
            scene_missing(&s, "efi/db-names", ST_ABSENT);
        scene_judge(&s);
        const struct fact *old = scene_fact(&s, "secure-boot.db-2011");
        const struct fact *new = scene_fact(&s, "secure-boot.db-2023");
        assert_int_equal(old->st, rows[i].st);
        assert_int_equal(new->st, rows[i].st);
        assert_int_equal(old->v.b, rows[i].has_2011);
        assert_int_equal(new->v.b, rows[i].has_2023);
        scene_end(&s);
    }
}

static void a_missing_secure_boot_variable_is_no_disabled_one(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "efi/platform", "64\n");
    scene_missing(&s, "efivar/SecureBoot" GLOBAL, ST_ABSENT);
    scene_missing(&s, "efivar/SetupMode" GLOBAL, ST_ABSENT);
    scene_judge(&s);
    assert_reason(&s, "boot.secure-boot", ST_UNSUPPORTED);
    scene_end(&s);
}

static void a_kernel_told_noefi_proves_no_legacy_boot(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_missing(&s, "efi/platform", ST_ABSENT);
    scene_text(&s, "kernel", "arch: x86_64\ncmdline: iommu=pt noefi\n");
    scene_judge(&s);
    assert_reason(&s, "uefi.boot", ST_NO_DRIVER);
    assert_non_null(strstr(scene_rule(&s, "uefi.boot")->fix, "noefi"));
    scene_end(&s);
}

static void an_event_log_proves_that_there_was_a_tpm(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_text(&s, "efi/kernel-log",
               "[    0.0] efi: ACPI 2.0=0x1 SMBIOS=0x2 TPMEventLog=0x3 MEMATTR=0x4\n");
    scene_judge(&s);
    assert_verdict(&s, "tpm.version", V_UNKNOWN);
    scene_end(&s);
}

static void a_tpm_family_is_not_guessed_from_garbage(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_text(&s, "sys/tpm", "tpm0 version-major xyz\n");
    scene_judge(&s);
    assert_verdict(&s, "tpm.version", V_UNKNOWN);
    scene_end(&s);
}

static void what_mor_lacks_is_told_of_mor_and_not_of_the_tpm(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_missing(&s, "acpi/TPM2", ST_NO_PERMISSION);
    scene_judge(&s);
    assert_reason(&s, "mor.control", ST_NOT_COLLECTED);
    scene_end(&s);
}

static void a_variable_that_could_not_be_seen_is_not_called_lacking(void **state)
{
    (void)state;
    static const struct {
        enum status mor, lock;
        enum status lacks; /* ST_OK: told, and true */
    } rows[] = {
        {ST_ABSENT, ST_ABSENT, ST_OK},
        {ST_ABSENT, ST_IO_ERROR, ST_OK},
        {ST_IO_ERROR, ST_ABSENT, ST_IO_ERROR},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_text(&s, "efi/platform", "64\n");
        scene_missing(&s, MOR, rows[i].mor);
        scene_missing(&s, MORLOCK, rows[i].lock);
        scene_judge(&s);
        assert_int_equal(scene_fact(&s, "mor.lacks-tpm")->st, rows[i].lacks);
        assert_verdict(&s, "mor.lock", rows[i].lock == ST_ABSENT ? V_FAIL : V_UNKNOWN);
        assert_verdict(&s, "mor.control", rows[i].mor == ST_ABSENT ? V_FAIL : V_UNKNOWN);
        scene_end(&s);
    }
}

/* The log of another machine, or of older firmware, lists all its tables; this one is not there. */
static void a_table_that_the_log_s_whole_list_lacks_is_a_conflict(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        enum verdict verdict;
    } rows[] = {
        {"ACPI: XSDT 0x000000007AB5C0E0 000034 (v01 X)\n"
         "ACPI: FACP 0x000000007AB5F980 000114 (v06 X)\n"
         "ACPI: APIC 0x000000007AB5FA98 00012C (v04 X)\nkvm: x\n",
         V_UNKNOWN},
        {"ACPI: XSDT 0x000000007AB5C0E0 000034 (v01 X)\n"
         "ACPI: FACP 0x000000007AB5F980 000114 (v06 X)\n"
         "ACPI: WSMT 0x000000007AB5FA98 000028 (v01 X)\nkvm: x\n",
         V_PASS},
        {"ACPI: XSDT 0x000000007AB5C0E0 00003C (v01 X)\n"
         "ACPI: FACP 0x000000007AB5F980 000114 (v06 X)\n"
         "ACPI: APIC 0x000000007AB5FA98 00012C (v04 X)\nkvm: x\n",
         V_PASS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        add_wsmt(&s, "acpi/WSMT", 7);
        scene_text(&s, "efi/kernel-log", rows[i].log);
        scene_judge(&s);
        if (scene_verdict(&s, "smm.wsmt") != rows[i].verdict)
            fail_msg("row %zu", i);
        if (rows[i].verdict == V_UNKNOWN) {
            assert_reason(&s, "smm.wsmt", ST_CONFLICT);
            assert_true(scene_notes(&s, "complete list of tables without it"));
        }
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wsmt_flags_decide),
        cmocka_unit_test(several_wsmt_tables_are_combined_by_and),
        cmocka_unit_test(like_wsmt_tables_count_once),
        cmocka_unit_test(a_broken_wsmt_beside_a_sound_one_spoils_the_pass_only),
        cmocka_unit_test(a_wsmt_that_may_not_be_read_is_no_absent_one),
        cmocka_unit_test(absence_needs_a_complete_source),
        cmocka_unit_test(dmar_tells_units_and_opt_in),
        cmocka_unit_test(a_dmar_without_units_is_no_iommu),
        cmocka_unit_test(a_broken_dmar_is_malformed_and_never_passes),
        cmocka_unit_test(two_dmars_that_disagree_conflict),
        cmocka_unit_test(the_tpm_ladder_is_climbed_from_the_top),
        cmocka_unit_test(mor_lock_states_are_told_apart),
        cmocka_unit_test(an_active_test_of_this_boot_decides_the_revision),
        cmocka_unit_test(without_a_tpm_the_remedy_for_mor_is_to_enable_it),
        cmocka_unit_test(a_legacy_boot_fails_once_and_hides_the_rest),
        cmocka_unit_test(firmware_of_32_bits_is_told_by_the_log),
        cmocka_unit_test(secure_boot_comes_from_its_variable_or_the_log),
        cmocka_unit_test(audit_and_deployed_mode_are_facts_where_firmware_knows_them),
        cmocka_unit_test(db_is_judged_by_the_names_it_holds),
        cmocka_unit_test(a_missing_secure_boot_variable_is_no_disabled_one),
        cmocka_unit_test(a_kernel_told_noefi_proves_no_legacy_boot),
        cmocka_unit_test(an_event_log_proves_that_there_was_a_tpm),
        cmocka_unit_test(a_tpm_family_is_not_guessed_from_garbage),
        cmocka_unit_test(what_mor_lacks_is_told_of_mor_and_not_of_the_tpm),
        cmocka_unit_test(a_variable_that_could_not_be_seen_is_not_called_lacking),
        cmocka_unit_test(a_table_that_the_log_s_whole_list_lacks_is_a_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
