/* SPDX-License-Identifier: MIT */
/* The few words at the end of a row: the values that a hardware expert looks for first. */
#include "advice/advice.h"

#include <string.h>

#include "vbscheck/count.h"
#include "vbscheck/driver.h"

void detail_add(struct out *o, const char *between, const char *text)
{
    if (text[0] == '\0')
        return;
    if (o->len > 0)
        out_str(o, between);
    out_str(o, text);
}

static unsigned long long number(const struct facts *f, enum fact_id id)
{
    return fact_known(f, id) ? f->all[id].v.u : 0;
}

static const char *text_of(const struct facts *f, enum fact_id id)
{
    return fact_known(f, id) ? f->all[id].v.text : "";
}

/* "2 DRHDs"; nothing if the count is 0. */
static void add_count(struct out *o, unsigned long long n, const char *what)
{
    if (n > 0)
        detail_add(o, ", ", arena_printf(o->arena, "%llu %s%s", n, what, n == 1 ? "" : "s"));
}

/* Words to print if the facts are true; if several facts share words, the first one counts. */
struct words {
    enum fact_id fact;
    const char *text;
};

static void add_words(const struct facts *f, struct out *o, const struct words *w, size_t n)
{
    const char *last = "";
    for (size_t i = 0; i < n; i++) {
        if (fact_is_true(f, w[i].fact) && strcmp(w[i].text, last) != 0) {
            detail_add(o, ", ", w[i].text);
            last = w[i].text;
        }
    }
}

static void cpu(const struct facts *f, struct out *o)
{
    struct span rest = span_of(text_of(f, FACT_CPU_BRAND)), word;
    while (span_next_word(&rest, &word)) /* makers pad it with blanks */
        detail_add(o, " ", arena_text(o->arena, word));
    if (o->len == 0)
        detail_add(o, "", text_of(f, FACT_HOST_ARCH));
}

static void virtualization(const struct facts *f, struct out *o)
{
    static const struct words words[] = {
        {FACT_CPU_VMX, "VT-x"}, {FACT_CPU_SVM, "AMD-V"}, {FACT_CPU_EL2, "EL2"}};
    add_words(f, o, words, COUNT(words));
    if (o->len > 0 && fact_is_true(f, FACT_CPU_VIRT_ENABLED))
        out_str(o, ", left on by firmware");
    else if (fact_is_true(f, FACT_CPU_VIRT_ENABLED))
        detail_add(o, "", "in use by a hypervisor");
}

static void slat(const struct facts *f, struct out *o)
{
    static const struct words words[] = {
        {FACT_CPU_EPT, "EPT"},
        {FACT_CPU_NPT, "nested paging"},
        {FACT_CPU_EL2, "stage 2"},
        {FACT_CPU_MBEC, "mode-based execute control"},
        {FACT_CPU_GMET, "guest mode execute trap"},
    };
    add_words(f, o, words, COUNT(words));
    if (o->len == 0 && fact_is_true(f, FACT_CPU_SLAT)) /* seen from Hyper-V's root partition */
        detail_add(o, "", "in use by a hypervisor");
}

static void iommu(const struct facts *f, struct out *o)
{
    unsigned long long all = number(f, FACT_IOMMU_FUNCTIONS);
    unsigned long long free = number(f, FACT_IOMMU_UNCOVERED);
    unsigned long long smmus = number(f, FACT_IORT_SMMU_V2) + number(f, FACT_IORT_SMMU_V3);
    add_count(o, number(f, FACT_DMAR_DRHD), "DRHD");
    add_count(o, number(f, FACT_IVRS_UNITS), "AMD-Vi unit");
    add_count(o, smmus, "SMMU");
    if (o->len == 0)
        add_count(o, number(f, FACT_IOMMU_UNITS), "unit");
    if (all > 0 && fact_known(f, FACT_IOMMU_UNCOVERED) && free <= all)
        detail_add(
            o, ", ",
            arena_printf(o->arena, "%llu of %llu device%s", all - free, all, all == 1 ? "" : "s"));
    if (fact_is_true(f, FACT_IOMMU_OPT_IN))
        detail_add(o, ", ", "pre-boot protection");
}

static void tpm(const struct facts *f, struct out *o)
{
    if (!fact_is_true(f, FACT_TPM_PRESENT)) {
        if (!fact_known(f, FACT_TPM_PRESENT) && fact_is_true(f, FACT_TPM2_PRESENT))
            out_str(o, "firmware lists one");
        return;
    }
    detail_add(o, "", text_of(f, FACT_TPM_VERSION));
    detail_add(o, ", ", text_of(f, FACT_TPM_MANUFACTURER));
    detail_add(o, ", ", text_of(f, FACT_TPM_KIND));
    if (fact_is_true(f, FACT_TPM_SHA256))
        detail_add(o, ", ", "SHA-256 bank");
}

static void smm(const struct facts *f, struct out *o)
{
    unsigned long long flags = number(f, FACT_WSMT_FLAGS);
    if (fact_known(f, FACT_WSMT_FLAGS)) /* reserved bits are readable in hexadecimal only */
        out_printf(o, flags > 9 ? "flags 0x%llx" : "flags %llu", flags);
}

static void uefi_mat(const struct facts *f, struct out *o)
{
    unsigned long long n = number(f, FACT_MAT_ENTRIES);
    if (fact_is_true(f, FACT_MAT_PUBLISHED))
        out_str(o, "published");
    if (n > 0)
        detail_add(o, ", ", arena_printf(o->arena, "%llu entr%s", n, n == 1 ? "y" : "ies"));
}

static void uefi_nx(const struct facts *f, struct out *o)
{
    if (fact_known(f, FACT_MAT_UNPROTECTED) && number(f, FACT_MAT_UNPROTECTED) == 0)
        out_str(o, "every entry RO, XP or both");
}

static void mor(const struct facts *f, struct out *o)
{
    static const struct words words[] = {
        {FACT_MOR_PRESENT, "MOR"}, {FACT_MORLOCK_PRESENT, "lock"}, {FACT_MORLOCK_V2, "revision 2"}};
    add_words(f, o, words, COUNT(words));
    if (fact_is_true(f, FACT_MORLOCK_PRESENT) && !fact_known(f, FACT_MORLOCK_V2))
        out_str(o, "; revision 2 not proven");
}

static void drivers(const struct facts *f, struct out *o)
{
    bool groups = fact_known(f, FACT_DRIVERS_REQUIRED);
    if (f->drivers == NULL || number(f, FACT_DRIVERS_CHECKED) == 0)
        return;
    if (groups)
        out_printf(o, "%llu required, %llu present, %llu staged; %zu clean",
                   number(f, FACT_DRIVERS_REQUIRED), number(f, FACT_DRIVERS_PRESENT),
                   number(f, FACT_DRIVERS_STAGED), f->drivers->count[DRIVER_CLEAN]);
    else
        out_printf(o, "%zu of %llu clean", f->drivers->count[DRIVER_CLEAN],
                   number(f, FACT_DRIVERS_CHECKED));
}

static void vm(const struct facts *f, struct out *o)
{
    static const struct words words[] = {{FACT_VM_VSM, "virtual secure mode"},
                                         {FACT_VM_NESTED, "nested virtualization"}};
    const char *hypervisor = text_of(f, FACT_HOST_HYPERVISOR);
    detail_add(o, "",
               strcmp(hypervisor, "unknown") == 0 ? "a hypervisor without a name" : hypervisor);
    bool vsm = fact_is_true(f, FACT_VM_VSM) && !fact_is_true(f, FACT_CPU_VIRT_ENABLED);
    if (f->windows == NULL || fact_known(f, FACT_HOST_VM)) /* else it may be the PC that runs it */
        add_words(f, o, words, vsm ? 1 : COUNT(words));
}

static void secure_boot(const struct facts *f, struct out *o)
{
    if (fact_is_true(f, FACT_SECURE_BOOT))
        out_str(o, "enforced");
}

static void memory(const struct facts *f, struct out *o)
{
    unsigned long long fitted = number(f, FACT_MEMORY_INSTALLED),
                       seen = number(f, FACT_MEMORY_TOTAL);
    if (fitted > 0)
        out_printf(o, "%llu MiB installed", fitted);
    else if (seen > 0)
        out_printf(o, "%llu MiB seen by the kernel", seen);
}

static void storage(const struct facts *f, struct out *o)
{
    if (fact_is_true(f, FACT_STORAGE_SSD) && number(f, FACT_STORAGE_SSD_SIZE) > 0)
        out_printf(o, "SSD of %llu GB", number(f, FACT_STORAGE_SSD_SIZE));
}

static const struct {
    const char *row;
    void (*write)(const struct facts *f, struct out *o);
} writers[] = {
    {"cpu", cpu},
    {"virtualization", virtualization},
    {"slat", slat},
    {"iommu", iommu},
    {"tpm", tpm},
    {"smm", smm},
    {"uefi-mat", uefi_mat},
    {"uefi-nx", uefi_nx},
    {"mor", mor},
    {"drivers", drivers},
    {"vm", vm},
    {"secure-boot", secure_boot},
    {"memory", memory},
    {"storage", storage},
};

void detail_write(struct out *o, const struct facts *f, const char *row)
{
    for (size_t i = 0; i < COUNT(writers); i++) {
        if (strcmp(writers[i].row, row) == 0)
            writers[i].write(f, o);
    }
}

const char *detail_of_reason(enum status reason)
{
    static const char *const words[ST_COUNT] = {
        [ST_NOT_COLLECTED] = "not in the evidence",
        [ST_NO_PERMISSION] = "needs root",
        [ST_LOCKDOWN] = "forbidden by lockdown",
        [ST_NO_DRIVER] = "needs a driver or file system",
        [ST_NOT_UEFI] = "booted in legacy mode",
        [ST_TRUNCATED] = "only partly in the evidence",
        [ST_MALFORMED] = "contradicts its specification",
        [ST_UNSUPPORTED] = "not supported by this program",
        [ST_CONFLICT] = "sources disagree",
        [ST_UNPROVABLE] = "cannot be proven by observation",
        [ST_HIDDEN] = "hidden by the hypervisor",
        [ST_IO_ERROR] = "the read failed",
    };
    return words[reason] != NULL ? words[reason] : "not known";
}

static const char *value_of(const struct facts *f, enum fact_id id, struct arena *a)
{
    const struct fact *fact = &f->all[id];
    if (fact->st != ST_OK)
        return "?";
    return fact_infos[id].type == FACT_UINT ? arena_printf(a, "%llu", (unsigned long long)fact->v.u)
                                            : "?";
}

const char *detail_of_failure(const struct facts *f, const struct outcome *o, struct arena *a)
{
    static const char place[] = "{}";
    const char *brief = o->brief != NULL ? o->brief : o->message;
    struct span after, whole = span_of(brief);
    if (!span_find(whole, place, &after))
        return brief;
    size_t before = whole.len - after.len - strlen(place);
    return arena_printf(a, "%.*s%s%s", (int)before, brief, value_of(f, o->decided_by, a),
                        arena_text(a, after));
}
