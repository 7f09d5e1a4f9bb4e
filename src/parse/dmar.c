/* SPDX-License-Identifier: MIT */
#include "parse/dmar.h"

#include "parse/acpi.h"

enum {
    DMAR_RESERVED = 10,
    DRHD_INCLUDE_PCI_ALL = 1 << 0,
    /* Device scope (8.3.1): six bytes, then at least one pair of device and function. */
    SCOPE_FIXED = 6,
    SCOPE_HOP = 2,
};

/* Bytes before the device scopes or the end, header included: VT-d 8.3 to 8.9. */
static const struct {
    uint8_t fixed;
    bool scopes;
} forms[DMAR_TYPES] = {
    [DMAR_DRHD] = {16, true},  [DMAR_RMRR] = {24, true}, [DMAR_ATSR] = {8, true},
    [DMAR_RHSA] = {20, false}, [DMAR_ANDD] = {8, false}, [DMAR_SATC] = {8, true},
    [DMAR_SIDP] = {8, true},
};

static void parse_scopes(struct rd *body, struct dmar *d)
{
    struct acpi_rec scope;
    while (acpi_next_rec(body, ACPI_REC_U8_U8, &scope)) {
        size_t length = scope.whole.len;
        if (length < SCOPE_FIXED + SCOPE_HOP || (length - SCOPE_FIXED) % SCOPE_HOP != 0) {
            rd_fail(&scope.body, ST_MALFORMED, "device scope has no whole path");
            rd_inherit(body, &scope.body);
            return;
        }
        d->device_scopes++;
    }
}

static void parse_structure(struct acpi_rec *rec, struct dmar *d)
{
    if (rec->type >= DMAR_TYPES) {
        d->unknown++;
        return;
    }
    d->counts[rec->type]++;
    if (rec->whole.len < forms[rec->type].fixed) {
        rd_fail(&rec->body, ST_MALFORMED, "structure is shorter than its fixed part");
        return;
    }
    if (rec->type == DMAR_DRHD) {
        struct rd flags = rec->body;
        d->include_all += (rd_u8(&flags) & DRHD_INCLUDE_PCI_ALL) != 0;
    }
    rd_seek(&rec->body, forms[rec->type].fixed);
    if (forms[rec->type].scopes)
        parse_scopes(&rec->body, d);
}

enum status dmar_parse(struct span table, struct dmar *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "DMAR", &t, fault);
    if (st != ST_OK)
        return st;
    struct dmar d = {.revision = t.revision};
    d.host_address_width = rd_u8(&t.body) + 1U;
    d.flags = rd_u8(&t.body);
    rd_skip(&t.body, DMAR_RESERVED);
    struct acpi_rec rec;
    while (acpi_next_rec(&t.body, ACPI_REC_U16_U16, &rec)) {
        parse_structure(&rec, &d);
        rd_inherit(&t.body, &rec.body);
    }
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = d;
    return st;
}
