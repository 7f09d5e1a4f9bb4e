/* SPDX-License-Identifier: MIT */
/* TPM 2.0 Library, part 2: TPM_PT; TCG EK Credential Profile. */
#include "probe/tpm/tpm_facts.h"

#include "probe/tpm/tpm_state.h"
#include "vbscheck/count.h"

static const enum fact_id answer_facts[] = {
    FACT_TPM_MANUFACTURER,   FACT_TPM_VENDOR_STRING, FACT_TPM_FIRMWARE,
    FACT_TPM_REVISION,       FACT_TPM_STATE,         FACT_TPM_HASHES,
    FACT_TPM_EK_CERTIFICATE, FACT_TPM_KIND,          FACT_NONE,
};

/* Names and versions ----------------------------------------------------------------------- */

/* The text of up to four properties from `first` on, four characters each, padded with NULs. */
static const char *text_of(const struct probe_run *p, const struct tpm_answer *a, TPM2_PT first,
                           unsigned most)
{
    uint8_t text[16];
    struct span s = {text, 0};
    uint32_t v;
    for (unsigned i = 0; i < most && tpm_answer_property(a, first + i, &v); i++) {
        for (unsigned shift = 32; shift > 0; shift -= 8) {
            uint8_t c = (uint8_t)(v >> (shift - 8));
            if (c != '\0')
                text[s.len++] = c;
        }
    }
    return arena_text(p->arena, span_trim(s));
}

static void give_fixed(const struct probe_run *p, const struct tpm_answers *t)
{
    struct origin from = origin_of(t->fixed.blob);
    enum status st = tpm_answer_status(&t->fixed, TPM2_CAP_TPM_PROPERTIES);
    uint32_t v = 0, low = 0;
    facts_all_unknown(p->facts, answer_facts, st != ST_OK ? st : ST_UNSUPPORTED, from);
    if (tpm_answer_property(&t->fixed, TPM2_PT_MANUFACTURER, &v))
        facts_text(p->facts, FACT_TPM_MANUFACTURER, text_of(p, &t->fixed, TPM2_PT_MANUFACTURER, 1),
                   from);
    if (tpm_answer_property(&t->fixed, TPM2_PT_VENDOR_STRING_1, &v))
        facts_text(p->facts, FACT_TPM_VENDOR_STRING,
                   text_of(p, &t->fixed, TPM2_PT_VENDOR_STRING_1, 4), from);
    if (tpm_answer_property(&t->fixed, TPM2_PT_REVISION, &v))
        facts_text(p->facts, FACT_TPM_REVISION,
                   arena_printf(p->arena, "%u.%02u", (unsigned)(v / 100), (unsigned)(v % 100)),
                   from);
    if (tpm_answer_property(&t->fixed, TPM2_PT_FIRMWARE_VERSION_1, &v)) {
        (void)tpm_answer_property(&t->fixed, TPM2_PT_FIRMWARE_VERSION_2, &low);
        facts_text(p->facts, FACT_TPM_FIRMWARE,
                   arena_printf(p->arena, "%u.%u.%u.%u", (unsigned)(v >> 16),
                                (unsigned)(v & 0xffff), (unsigned)(low >> 16),
                                (unsigned)(low & 0xffff)),
                   from);
    }
}

static void give_hashes(const struct probe_run *p, const struct tpm_answer *a)
{
    const TPML_ALG_PROPERTY *listed = &a->response.values.data.algorithms;
    struct origin from = origin_of(a->blob);
    enum status st = tpm_answer_status(a, TPM2_CAP_ALGS);
    const char *list = "";
    if (st != ST_OK) {
        facts_unknown(p->facts, FACT_TPM_HASHES, st, from);
        return;
    }
    for (uint32_t i = 0; i < listed->count; i++) {
        const char *name = tpm_hash_name(listed->algProperties[i].alg);
        if (name != NULL)
            list = arena_printf(p->arena, "%s%s%s", list, list[0] != '\0' ? "," : "", name);
    }
    facts_text(p->facts, FACT_TPM_HASHES, list, from);
}

/* An endorsement certificate in NV: many firmware TPMs store theirs elsewhere. */
static void give_certificate(const struct probe_run *p, const struct tpm_answer *a)
{
    enum { EK_CERTIFICATE_RSA = 0x01c00002, EK_CERTIFICATE_ECC = 0x01c0000a };
    const TPML_HANDLE *listed = &a->response.values.data.handles;
    struct origin from = origin_of(a->blob);
    enum status st = tpm_answer_status(a, TPM2_CAP_HANDLES);
    bool found = false;
    if (st != ST_OK) {
        facts_unknown(p->facts, FACT_TPM_EK_CERTIFICATE, st, from);
        return;
    }
    for (uint32_t i = 0; i < listed->count; i++)
        found |= listed->handle[i] == EK_CERTIFICATE_RSA || listed->handle[i] == EK_CERTIFICATE_ECC;
    facts_bool(p->facts, FACT_TPM_EK_CERTIFICATE, found, from);
}

/* Kind ------------------------------------------------------------------------------------- */

enum {
    MAKER_INTEL = 0x494e5443, /* "INTC" */
    MAKER_AMD = 0x414d4400,
    MAKER_IBM = 0x49424d00,
    VENDOR_LIBTPMS = 0x53572020, /* "SW  ", of libtpms' "SW   TPM" */
};

/* Start methods of the TPM2 table, TCG ACPI Specification. */
static const struct {
    uint64_t method;
    const char *kind;
} methods[] = {
    {6, "discrete"}, {9, "firmware"},  {11, "firmware"},
    {13, "pluton"},  {14, "firmware"}, {15, "firmware"},
};

static const char *kind_by_maker(const struct tpm_answers *t)
{
    uint32_t maker = 0, vendor = 0;
    if (!tpm_answer_property(&t->fixed, TPM2_PT_MANUFACTURER, &maker))
        return NULL;
    (void)tpm_answer_property(&t->fixed, TPM2_PT_VENDOR_STRING_1, &vendor);
    if (maker == MAKER_IBM && vendor == VENDOR_LIBTPMS)
        return "virtual";
    return maker == MAKER_INTEL || maker == MAKER_AMD ? "firmware" : NULL;
}

static const char *kind_by_table(const struct probe_run *p)
{
    if (!fact_known(p->facts, FACT_TPM2_START_METHOD) || !fact_is_false(p->facts, FACT_HOST_VM))
        return NULL;
    for (size_t i = 0; i < COUNT(methods); i++) {
        if (methods[i].method == p->facts->all[FACT_TPM2_START_METHOD].v.u)
            return methods[i].kind;
    }
    return NULL;
}

static void give_kind(const struct probe_run *p, const struct tpm_answers *t)
{
    struct origin from = origin_of(t->fixed.blob);
    if (!fact_is_true(p->facts, FACT_TPM_PRESENT))
        return; /* no kind for a TPM that may not exist */
    /* A processor maker has more than one kind: the start method is more specific. */
    const char *kind = kind_by_table(p);
    if (kind != NULL)
        from = p->facts->all[FACT_TPM2_START_METHOD].from;
    else
        kind = kind_by_maker(t);
    if (kind == NULL && fact_is_true(p->facts, FACT_HOST_VM)) {
        kind = "virtual";
        from = p->facts->all[FACT_HOST_VM].from;
    }
    if (kind != NULL)
        facts_text(p->facts, FACT_TPM_KIND, kind, from);
}

void tpm_facts_give(const struct probe_run *p, const struct tpm_answers *t, enum status silent)
{
    if (t->fixed.st == ST_NOT_COLLECTED) {
        bool none = fact_is_false(p->facts, FACT_TPM_PRESENT);
        facts_all_unknown(p->facts, answer_facts, none ? ST_ABSENT : silent, origin_of("sys/tpm"));
        give_kind(p, t);
        return;
    }
    give_fixed(p, t);
    tpm_state_give(p, t);
    give_hashes(p, &t->algorithms);
    give_certificate(p, &t->nv);
    give_kind(p, t);
}
