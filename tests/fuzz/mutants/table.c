/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fuzz/mutants/mutants.h"
#include "parse/acpi/dmar.h"
#include "parse/acpi/fadt.h"
#include "parse/acpi/iort.h"
#include "parse/acpi/ivrs.h"
#include "parse/acpi/madt.h"
#include "parse/acpi/mcfg.h"
#include "parse/acpi/tpm2.h"
#include "parse/acpi/viot.h"
#include "parse/acpi/wsmt.h"
#include "vbscheck/count.h"

bool table_is_blob(const char *name)
{
    return strncmp(name, "acpi/", 5) == 0;
}

bool table_adds_up(struct span t)
{
    unsigned sum = 0;
    if (t.len < 36)
        return false;
    uint32_t length = (uint32_t)t.ptr[4] | (uint32_t)t.ptr[5] << 8 | (uint32_t)t.ptr[6] << 16 |
                      (uint32_t)t.ptr[7] << 24;
    if (length < 36 || length > t.len)
        return false;
    for (size_t i = 0; i < length; i++)
        sum += t.ptr[i];
    return sum % 256 == 0;
}

static enum status parse_dmar(struct span t, struct arena *a, struct fault *f)
{
    struct dmar out;
    return dmar_parse(t, a, &out, f);
}

static enum status parse_ivrs(struct span t, struct arena *a, struct fault *f)
{
    struct ivrs out;
    return ivrs_parse(t, a, &out, f);
}

static enum status parse_iort(struct span t, struct arena *a, struct fault *f)
{
    struct iort out;
    return iort_parse(t, a, &out, f);
}

static enum status parse_mcfg(struct span t, struct arena *a, struct fault *f)
{
    struct mcfg out;
    return mcfg_parse(t, a, &out, f);
}

static enum status parse_viot(struct span t, struct arena *a, struct fault *f)
{
    struct viot out;
    (void)a;
    return viot_parse(t, &out, f);
}

static enum status parse_wsmt(struct span t, struct arena *a, struct fault *f)
{
    struct wsmt out;
    (void)a;
    return wsmt_parse(t, &out, f);
}

static enum status parse_tpm2(struct span t, struct arena *a, struct fault *f)
{
    struct tpm2 out;
    (void)a;
    return tpm2_parse(t, &out, f);
}

static enum status parse_fadt(struct span t, struct arena *a, struct fault *f)
{
    struct fadt out;
    (void)a;
    return fadt_parse(t, &out, f);
}

static enum status parse_madt(struct span t, struct arena *a, struct fault *f)
{
    struct madt out;
    (void)a;
    return madt_parse(t, &out, f);
}

enum status table_parse(struct span table)
{
    static const struct {
        const char *signature;
        enum status (*parse)(struct span t, struct arena *a, struct fault *f);
    } rows[] = {
        {"DMAR", parse_dmar}, {"IVRS", parse_ivrs}, {"IORT", parse_iort},
        {"MCFG", parse_mcfg}, {"VIOT", parse_viot}, {"WSMT", parse_wsmt},
        {"TPM2", parse_tpm2}, {"FACP", parse_fadt}, {"APIC", parse_madt},
    };
    enum status st = ST_UNSUPPORTED;
    struct fault fault;
    struct arena a;
    test_arena(&a);
    for (size_t i = 0; i < COUNT(rows) && table.len >= 4; i++) {
        if (memcmp(table.ptr, rows[i].signature, 4) == 0)
            st = rows[i].parse(table, &a, &fault);
    }
    arena_reset(&a);
    return st;
}
