/* SPDX-License-Identifier: MIT */
/*
 * One table: facts that are flags, with the bit names of their specifications. VT-d specification
 * 8.1; AMD IOMMU specification 5.2.1; Windows SMM Security Mitigations Table 1.0; UEFI
 * specification 8.2; TCG Platform Reset Attack Mitigation 1.10; Intel SDM volume 4,
 * IA32_FEATURE_CONTROL; AMD APM volume 2, VM_CR.
 */
#include "report/fact_text.h"

#include <string.h>

#include "vbscheck/count.h"
#include "vbscheck/out.h"

/* A field of a register or table: the bits from `low` on, as many as `mask` has. */
struct field {
    unsigned low;
    unsigned mask; /* 1: a flag, printed by its name; else NAME=value */
    const char *name;
};

static const struct field dmar_flags[] = {
    {0, 1, "INTR_REMAP"}, {1, 1, "X2APIC_OPT_OUT"}, {2, 1, "DMA_CTRL_PLATFORM_OPT_IN"}};
static const struct field ivinfo[] = {
    {0, 1, "EFRSup"},    {1, 1, "DMA remapping"}, {5, 0x7, "GVASize"},
    {8, 0x7f, "PASize"}, {15, 0x7f, "VASize"},    {22, 1, "HtAtsResv"},
};
static const struct field wsmt_flags[] = {{0, 1, "FIXED_COMM_BUFFERS"},
                                          {1, 1, "COMM_BUFFER_NESTED_PTR_PROTECTION"},
                                          {2, 1, "SYSTEM_RESOURCE_PROTECTION"}};
static const struct field efi_attributes[] = {{0, 1, "NV"}, {1, 1, "BS"}, {2, 1, "RT"},
                                              {3, 1, "HR"}, {5, 1, "AT"}, {6, 1, "AP"}};
static const struct field mor_control[] = {{0, 1, "ClearMemory"}, {4, 1, "DisableAutoDetect"}};
static const struct field feature_control[] = {
    {0, 1, "LOCK"},      {1, 1, "VMX inside SMX"}, {2, 1, "VMX outside SMX"},
    {8, 0x7f, "SENTER"}, {15, 1, "SENTER_ENABLE"}, {18, 1, "SGX"}};
static const struct field vm_cr[] = {{3, 1, "LOCK"}, {4, 1, "SVMDIS"}};

#define FLAGS(list) list, COUNT(list)

static const struct {
    enum fact_id id;
    const struct field *fields;
    size_t n;
} forms[] = {
    {FACT_DMAR_FLAGS, FLAGS(dmar_flags)},
    {FACT_IVRS_IVINFO, FLAGS(ivinfo)},
    {FACT_WSMT_FLAGS, FLAGS(wsmt_flags)},
    {FACT_MOR_ATTRIBUTES, FLAGS(efi_attributes)},
    {FACT_MORLOCK_ATTRIBUTES, FLAGS(efi_attributes)},
    {FACT_MOR_CONTROL, FLAGS(mor_control)},
    {FACT_CPU_FEATURE_CONTROL, FLAGS(feature_control)},
    {FACT_CPU_VM_CR, FLAGS(vm_cr)},
};

/* Values that have names: TCG ACPI Specification 1.4, table 9. */
static const struct {
    enum fact_id id;
    uint64_t value;
    const char *name;
} names[] = {
    {FACT_TPM2_START_METHOD, 2, "ACPI"},
    {FACT_TPM2_START_METHOD, 6, "memory mapped I/O (TIS)"},
    {FACT_TPM2_START_METHOD, 7, "command response buffer"},
    {FACT_TPM2_START_METHOD, 8, "command response buffer with ACPI"},
    {FACT_TPM2_START_METHOD, 11, "command response buffer with SMC"},
    {FACT_TPM2_START_METHOD, 12, "FIFO over I2C"},
};

static void add_field(struct out *o, const struct field *f, uint64_t v, bool *first)
{
    uint64_t value = v >> f->low & f->mask;
    if (value == 0)
        return;
    out_str(o, *first ? " " : ", ");
    *first = false;
    if (f->mask == 1)
        out_str(o, f->name);
    else
        out_printf(o, "%s=%llu", f->name, (unsigned long long)value);
}

static const char *flags_text(uint64_t v, const struct field *fields, size_t n, struct arena *a)
{
    struct out o;
    bool first = true;
    out_init(&o, a);
    out_printf(&o, "0x%llx", (unsigned long long)v);
    for (size_t i = 0; i < n; i++)
        add_field(&o, &fields[i], v, &first);
    return arena_text(a, out_span(&o));
}

/* Registers are text facts, since JSON readers lose bits above 2^53. */
static bool number_of(enum fact_id id, const struct fact *f, uint64_t *out)
{
    if (fact_infos[id].type == FACT_UINT) {
        *out = f->v.u;
        return true;
    }
    return fact_infos[id].type == FACT_TEXT && span_number(span_of(f->v.text), out);
}

static const char *named_value(enum fact_id id, uint64_t v, struct arena *a)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (names[i].id == id && names[i].value == v)
            return arena_printf(a, "%llu, %s", (unsigned long long)v, names[i].name);
    }
    return arena_printf(a, "%llu", (unsigned long long)v);
}

const char *fact_text(const struct facts *f, enum fact_id id, struct arena *a)
{
    const struct fact *fact = &f->all[id];
    uint64_t v;
    if (fact->st != ST_OK)
        return status_name(fact->st);
    for (size_t i = 0; i < COUNT(forms); i++) {
        if (forms[i].id == id && number_of(id, fact, &v))
            return flags_text(v, forms[i].fields, forms[i].n, a);
    }
    if (fact_infos[id].type == FACT_BOOL)
        return fact->v.b ? "yes" : "no";
    return fact_infos[id].type == FACT_UINT ? named_value(id, fact->v.u, a) : fact->v.text;
}

const char *fact_short_blob(const char *blob, struct arena *a)
{
    enum { GUID = 36 };
    size_t n = strlen(blob);
    if (strncmp(blob, "efivar/", 7) != 0 || n < 7 + GUID + 1 || blob[n - GUID - 1] != '-')
        return blob;
    return arena_printf(a, "%.*s", (int)(n - GUID - 1), blob);
}

const char *fact_source(const struct fact *fact, struct arena *a)
{
    if (fact->from.blob == NULL)
        return "";
    const char *name = fact_short_blob(fact->from.blob, a);
    if (fact->from.offset == NO_OFFSET)
        return arena_printf(a, " (%s)", name);
    return arena_printf(a, " (%s byte %zu)", name, fact->from.offset);
}
