/* SPDX-License-Identifier: MIT */
#include "parse/cpuinfo.h"

#include <string.h>

#include "parse/refuse.h"
#include "vbscheck/count.h"

/* Flags in the line "vmx flags". */
enum {
    VMX_FLAGS =
        1 << CPUINFO_VMX_EPT | 1 << CPUINFO_VMX_MBEC | 1 << CPUINFO_VMX_APIC | 1 << CPUINFO_VMX_VID
};

/* The previous processor's line of words: most processors repeat it. */
struct words {
    struct span line;
    unsigned flags;
    bool cut; /* of two processors, one has the beginning of the other's */
};

/*
 * The longest line, and whether lines of other keys are as long: then they were cut at that width.
 */
struct widest {
    struct span key;
    size_t length;
    bool shared;
};

struct walk {
    struct cpuinfo info;
    struct words features;
    struct words vmx;
    unsigned flags; /* of the processor being read */
    unsigned any;   /* flags of all processors that were read */
    unsigned lost;  /* flags that some processor with the line lacks */
    bool damaged;   /* a line of flags holds text that no kernel prints */
    bool has_flags;
    bool has_vmx_line;
    bool has_part;
    struct cpuinfo_core core; /* of the processor being read */
    struct widest columns, bytes;
    void (*goes_on)(struct walk *w, struct span value); /* the last line is one of words */
    bool wrapped;
};

struct word {
    const char *name;
    enum cpuinfo_flag flag;
};

static const struct word feature_words[] = {
    {"lm", CPUINFO_LM},
    /* arch/x86/include/asm/cpufeatures.h: words 3, 4 and 6; one at least of any processor since
       2001 */
    {"constant_tsc", CPUINFO_BEHIND_LM},
    {"up", CPUINFO_BEHIND_LM},
    {"bts", CPUINFO_BEHIND_LM},
    {"rep_good", CPUINFO_BEHIND_LM},
    {"nopl", CPUINFO_BEHIND_LM},
    {"cpuid", CPUINFO_BEHIND_LM},
    {"pni", CPUINFO_BEHIND_LM},
    {"ssse3", CPUINFO_BEHIND_LM},
    {"cx16", CPUINFO_BEHIND_LM},
    {"lahf_lm", CPUINFO_BEHIND_LM},
    {"vmx", CPUINFO_VMX},
    {"smx", CPUINFO_SMX},
    {"svm", CPUINFO_SVM},
    {"npt", CPUINFO_NPT},
    {"hypervisor", CPUINFO_HYPERVISOR},
    {"ept", CPUINFO_EPT},
    {"lbrv", CPUINFO_LBRV},
    {"svm_lock", CPUINFO_SVM_LOCK},
    {"nrip_save", CPUINFO_NRIP_SAVE},
    {"tpr_shadow", CPUINFO_TPR_SHADOW},
    {NULL, CPUINFO_FLAGS},
};

static const struct word vmx_words[] = {
    {"ept", CPUINFO_VMX_EPT},        {"ept_mode_based_exec", CPUINFO_VMX_MBEC},
    {"vapic_reg", CPUINFO_VMX_APIC}, {"vid", CPUINFO_VMX_VID},
    {NULL, CPUINFO_FLAGS},
};

/* Lines that repeat the previous processor's are not read again. */
static bool repeats(const struct words *before, struct span value)
{
    return span_equal(before->line, value);
}

static unsigned flags_of(struct span value, const struct word *known, struct words *before)
{
    if (repeats(before, value))
        return before->flags;
    struct span old = before->line;
    size_t least = old.len < value.len ? old.len : value.len;
    bool cut = old.len > 0 && value.len > 0 &&
               span_equal((struct span){old.ptr, least}, (struct span){value.ptr, least});
    *before = (struct words){.line = value, .cut = before->cut || cut};
    struct span rest = value;
    struct span word;
    while (span_next_word(&rest, &word)) {
        for (const struct word *w = known; w->name != NULL; w++) {
            if (word.ptr[0] == (uint8_t)w->name[0] && span_is(word, w->name))
                before->flags |= 1U << w->flag;
        }
    }
    return before->flags;
}

static void add_core(struct cpuinfo *c, struct cpuinfo_core core)
{
    for (unsigned i = 0; i < c->n_cores; i++) {
        if (c->cores[i].implementer == core.implementer && c->cores[i].part == core.part) {
            c->cores[i].atomics = c->cores[i].atomics && core.atomics;
            c->cores[i].n++;
            return;
        }
    }
    core.n = 1;
    if (c->n_cores < CPUINFO_CORES)
        c->cores[c->n_cores++] = core;
    else
        c->cores_cut = true;
}

/* The processor before the one that starts here, or the last one, is complete. */
static void end_processor(struct walk *w)
{
    struct cpuinfo *c = &w->info;
    bool first = c->processors == 1;
    if (c->processors == 0)
        return;
    if (w->has_part)
        add_core(c, w->core);
    c->all = first ? w->flags : c->all & w->flags;
    w->any |= w->flags;
    w->lost |= ~w->flags & ((w->has_flags ? ~(unsigned)VMX_FLAGS : 0) |
                            (w->has_vmx_line ? (unsigned)VMX_FLAGS : 0));
    c->has_flags = w->has_flags && (first || c->has_flags);
    c->has_vmx_line = w->has_vmx_line && (first || c->has_vmx_line);
}

static void on_processor(struct walk *w, struct span value)
{
    (void)value;
    end_processor(w);
    w->info.processors++;
    w->flags = 0;
    w->has_flags = false;
    w->has_vmx_line = false;
    w->has_part = false;
    w->core = (struct cpuinfo_core){0};
}

/* arch/x86/include/asm/cpufeatures.h: small letters, digits and "_". */
static bool is_words(struct span value)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ' '))
            return false;
    }
    return true;
}

static void on_flags(struct walk *w, struct span value)
{
    w->damaged |= !repeats(&w->features, value) && !is_words(value);
    w->info.x86 = true;
    w->has_flags = true;
    w->flags |= flags_of(value, feature_words, &w->features);
}

static void on_vmx_flags(struct walk *w, struct span value)
{
    w->damaged |= !repeats(&w->vmx, value) && !is_words(value);
    w->has_vmx_line = true;
    w->flags |= flags_of(value, vmx_words, &w->vmx);
}

static void on_vendor(struct walk *w, struct span value)
{
    w->info.x86 = true;
    if (w->info.vendor.len == 0)
        w->info.vendor = value;
}

static void on_model_name(struct walk *w, struct span value)
{
    if (w->info.model_name.len == 0)
        w->info.model_name = value;
}

static void on_implementer(struct walk *w, struct span value)
{
    uint64_t v = 0;
    w->info.arm64 = true;
    if (span_number(value, &v) && v <= UINT8_MAX)
        w->core.implementer = (unsigned)v;
}

/*
 * arch/arm64 prints 8; the 32-bit kernel, which prints implementers too, prints the mode that the
 * core runs in.
 */
static void on_architecture(struct walk *w, struct span value)
{
    uint64_t v = 0;
    w->info.arm32 |= span_number(value, &v) && v < 8;
}

static void on_part(struct walk *w, struct span value)
{
    uint64_t v = 0;
    w->has_part = span_number(value, &v) && v <= UINT16_MAX;
    if (w->has_part)
        w->core.part = (unsigned)v;
}

static void on_features(struct walk *w, struct span value)
{
    struct span word;
    while (span_next_word(&value, &word))
        w->core.atomics = w->core.atomics || span_is(word, "atomics");
}

/* A number of the first processor; other processors' numbers are ignored. */
static void set_number(const struct walk *w, struct span value, unsigned *out)
{
    uint64_t v = 0;
    if (w->info.processors == 1 && span_number(value, &v) && v <= 0xffff)
        *out = (unsigned)v;
}

static void on_family(struct walk *w, struct span value)
{
    set_number(w, value, &w->info.family);
}

static void on_model(struct walk *w, struct span value)
{
    set_number(w, value, &w->info.model);
}

static void on_stepping(struct walk *w, struct span value)
{
    set_number(w, value, &w->info.stepping);
}

static const struct {
    const char *key;
    void (*on)(struct walk *w, struct span value);
} keys[] = {
    {"processor", on_processor},
    {"flags", on_flags},
    {"vmx flags", on_vmx_flags},
    {"vendor_id", on_vendor},
    {"model name", on_model_name},
    {"CPU implementer", on_implementer},
    {"CPU architecture", on_architecture},
    {"CPU part", on_part},
    {"Features", on_features},
    {"cpu family", on_family},
    {"model", on_model},
    {"stepping", on_stepping},
};

/* The text after "key<tabs>: " on a line with this key. */
static bool value_of(struct span line, const char *key, struct span *out)
{
    if (line.ptr[0] != (uint8_t)key[0] || !span_starts(line, key))
        return false;
    struct span rest = span_trim(span_skip(line, span_of(key).len));
    if (!span_starts(rest, ":"))
        return false;
    *out = span_trim(span_skip(rest, 1));
    return true;
}

static bool is_of_words(void (*on)(struct walk *w, struct span value))
{
    return on == on_flags || on == on_vmx_flags || on == on_features;
}

/* How far the line reaches on a terminal, where tabs stand every eight columns. */
static size_t columns_of(struct span line)
{
    enum { TAB = 8 };
    size_t n = 0;
    const uint8_t *tab;
    while (line.len > 0 && (tab = memchr(line.ptr, '\t', line.len)) != NULL) {
        size_t before = (size_t)(tab - line.ptr);
        n = ((n + before) / TAB + 1) * TAB;
        line = span_skip(line, before + 1);
    }
    return n + line.len;
}

/*
 * Terminals, pagers and cut(1) cut lines at a width: then lines of two keys have the same length,
 * and no line is longer.
 */
static void measure(struct widest *w, struct span key, size_t length)
{
    enum { NARROWEST = 28 };
    if (length < NARROWEST || length < w->length)
        return;
    if (length > w->length)
        *w = (struct widest){.key = key, .length = length};
    else
        w->shared |= !span_equal(key, w->key);
}

static void read_line(struct walk *w, struct span line)
{
    struct span key, value;
    if (span_split(line, ':', &key, &value)) {
        measure(&w->columns, key, columns_of(line));
        measure(&w->bytes, key, line.len);
    }
    if (w->goes_on != NULL && !span_find(line, ":", NULL)) { /* wrapped, as mail programs do */
        w->wrapped = true;
        w->goes_on(w, span_trim(line));
        return;
    }
    w->goes_on = NULL;
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (value_of(line, keys[i].key, &value)) {
            keys[i].on(w, value);
            w->goes_on = is_of_words(keys[i].on) ? keys[i].on : NULL;
            return;
        }
    }
}

bool cpuinfo_reads(struct span line, bool *of_words)
{
    struct span value;
    bool goes_on = *of_words && span_trim(line).len > 0 && is_words(span_trim(line));
    if (goes_on)
        return true;
    *of_words = false;
    for (size_t i = 0; i < COUNT(keys) && line.len > 0; i++) {
        if (!value_of(line, keys[i].key, &value))
            continue;
        *of_words = is_of_words(keys[i].on);
        return true;
    }
    return false;
}

/*
 * Whether words may be missing. Linux starts no processor that lacks a flag of the first: if two
 * differ, the copy lost a word.
 */
static bool is_cut(const struct walk *w)
{
    return w->columns.shared || w->bytes.shared || w->wrapped || w->damaged || w->features.cut ||
           w->vmx.cut || (w->any & w->lost) != 0;
}

enum status cpuinfo_parse(struct span text, struct cpuinfo *out, struct fault *fault)
{
    struct walk w = {0};
    struct span rest = text;
    struct span line;
    while (span_next_line(&rest, &line)) {
        /* A last line without its end may be cut: words missing from it prove nothing. */
        bool whole = rest.len > 0 || text.ptr[text.len - 1] == '\n';
        if (span_trim(line).len == 0)
            w.goes_on = NULL;
        else if (whole)
            read_line(&w, line);
    }
    if (w.info.processors == 0)
        return refuse(fault, 0, "no processor is listed");
    end_processor(&w);
    w.info.arm64 = w.info.arm64 && !w.info.arm32;
    w.info.cut = is_cut(&w);
    *out = w.info;
    return ST_OK;
}

bool cpuinfo_has(const struct cpuinfo *c, enum cpuinfo_flag flag)
{
    return (c->all >> flag & 1) != 0;
}
