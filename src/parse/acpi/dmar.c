/* SPDX-License-Identifier: MIT */
#include "parse/acpi/dmar.h"

#include "parse/acpi/acpi.h"

enum {
    DMAR_RESERVED = 10,
    /* Device scope (8.3.1): six bytes, then at least one pair of device and function. */
    SCOPE_FIXED = 6,
    SCOPE_HOP = 2,
    ANDD_NUMBER = 7,
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

struct walk {
    struct arena *arena;
    struct dmar dmar;
    struct dmar_structure *structures;
};

static struct dmar_scope parse_scope(struct acpi_rec *rec)
{
    struct dmar_scope s = {.offset = rec->offset, .type = (uint8_t)rec->type};
    size_t length = rec->whole.len;
    if (length < SCOPE_FIXED + SCOPE_HOP || (length - SCOPE_FIXED) % SCOPE_HOP != 0)
        rd_fail(&rec->body, ST_MALFORMED, "device scope has no whole path");
    rd_skip(&rec->body, 2); /* flags, reserved */
    s.id = rd_u8(&rec->body);
    s.bus = rd_u8(&rec->body);
    s.path = rd_take(&rec->body, rd_left(&rec->body));
    return s;
}

static void parse_scopes(struct rd *body, struct walk *w, struct dmar_structure *out)
{
    struct dmar_scope *scopes = NULL;
    struct acpi_rec rec;
    while (acpi_next_rec(body, ACPI_REC_U8_U8, &rec)) {
        scopes = arena_grow(w->arena, scopes, out->n_scopes, sizeof *scopes);
        scopes[out->n_scopes++] = parse_scope(&rec);
        rd_inherit(body, &rec.body);
    }
    out->scopes = scopes;
    w->dmar.device_scopes += (unsigned)out->n_scopes;
}

/* The fields that types have in common stand at the same places: 8.3 to 8.9. */
static struct dmar_structure parse_fixed(struct acpi_rec *rec)
{
    struct dmar_structure s = {.offset = rec->offset, .type = rec->type};
    struct rd body = rec->body;
    if (s.type == DMAR_ANDD) {
        rd_seek(&body, ANDD_NUMBER);
        s.number = rd_u8(&body);
    } else if (s.type != DMAR_RHSA) {
        uint8_t flags = rd_u8(&body); /* reserved in RMRR and SIDP */
        s.flags = s.type == DMAR_RMRR || s.type == DMAR_SIDP ? 0 : flags;
        rd_skip(&body, 1);
        s.segment = rd_le16(&body);
    }
    if (s.type == DMAR_DRHD || s.type == DMAR_RMRR)
        s.base = rd_le64(&body);
    if (s.type == DMAR_RMRR)
        s.limit = rd_le64(&body);
    return s;
}

static void parse_structure(struct acpi_rec *rec, struct walk *w)
{
    if (rec->type >= DMAR_TYPES) {
        w->dmar.unknown++;
        return;
    }
    w->dmar.counts[rec->type]++;
    if (rec->whole.len < forms[rec->type].fixed) {
        rd_fail(&rec->body, ST_MALFORMED, "structure is shorter than its fixed part");
        return;
    }
    struct dmar_structure s = parse_fixed(rec);
    w->dmar.include_all += s.type == DMAR_DRHD && (s.flags & DRHD_INCLUDE_PCI_ALL) != 0;
    rd_seek(&rec->body, forms[rec->type].fixed);
    if (forms[rec->type].scopes)
        parse_scopes(&rec->body, w, &s);
    w->structures =
        arena_grow(w->arena, w->structures, w->dmar.n_structures, sizeof *w->structures);
    w->structures[w->dmar.n_structures++] = s;
}

enum status dmar_parse(struct span table, struct arena *a, struct dmar *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "DMAR", &t, fault);
    if (st != ST_OK)
        return st;
    struct walk w = {.arena = a, .dmar = {.revision = t.revision}};
    w.dmar.host_address_width = rd_u8(&t.body) + 1U;
    w.dmar.flags = rd_u8(&t.body);
    rd_skip(&t.body, DMAR_RESERVED);
    struct acpi_rec rec;
    while (acpi_next_rec(&t.body, ACPI_REC_U16_U16, &rec)) {
        parse_structure(&rec, &w);
        rd_inherit(&t.body, &rec.body);
    }
    st = acpi_close(&t.body, fault);
    if (st != ST_OK)
        return st;
    *out = w.dmar;
    out->structures = w.structures;
    return ST_OK;
}
