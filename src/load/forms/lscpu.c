/* SPDX-License-Identifier: MIT */
/*
 * `lscpu` and `lscpu -J` of util-linux: the data of /proc/cpuinfo for one processor, under other
 * keys. It becomes the blob `cpuinfo`. Other languages translate the keys but not the flags, so the
 * line of flags identifies such a text, and only that line is read.
 */
#include "load/forms/forms.h"

#include <string.h>

#include "parse/cpuinfo.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

/*
 * Linux prints flags in the order of their bits: on every x86 processor the line begins like this.
 */
static bool is_flags(struct span value)
{
    return span_starts(value, "fpu vme de pse ") || span_starts(value, "fp asimd ");
}

/* "Architecture:        x86_64", "\"field\": \"Architecture:\"," */
static bool split_line(struct span line, struct span *key, struct span *value)
{
    if (!span_split(line, ':', key, value))
        return false;
    *key = span_trim(*key);
    *value = span_trim(*value);
    return true;
}

bool lscpu_opens(struct span line)
{
    struct span key, value;
    if (span_starts(span_trim(line), "\"lscpu\":"))
        return true;
    if (!split_line(line, &key, &value) || value.len == 0)
        return false;
    bool padded = value.ptr > line.ptr + 2 && value.ptr[-1] == ' ' && value.ptr[-2] == ' ';
    if (span_is(key, "Architecture"))
        return padded;
    return padded && is_flags(value) && !span_is(key, "flags") && !span_is(key, "Features");
}

enum { NAMES_MAX = 8 };

/* Data about the processor. */
struct told {
    struct span arch, vendor, family, model, stepping, flags, cpus;
    struct span names[NAMES_MAX]; /* of Arm, one for each kind of core */
    size_t n_names;               /* one more than are kept: there are others */
    bool cut;                     /* words of the flags may be missing */
};

static const struct {
    const char *key;
    size_t offset;
} keys[] = {
    {"Architecture", offsetof(struct told, arch)}, {"Vendor ID", offsetof(struct told, vendor)},
    {"CPU family", offsetof(struct told, family)}, {"Model", offsetof(struct told, model)},
    {"Stepping", offsetof(struct told, stepping)}, {"Flags", offsetof(struct told, flags)},
    {"CPU(s)", offsetof(struct told, cpus)},
};

static void take_name(struct told *t, struct span name)
{
    if (t->n_names < NAMES_MAX)
        t->names[t->n_names] = name;
    t->n_names += t->n_names <= NAMES_MAX;
}

static void take(struct told *t, struct span key, struct span value)
{
    if (span_is(key, "Model name"))
        take_name(t, value);
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (!span_is(key, keys[i].key))
            continue;
        struct span *field = (struct span *)(void *)((char *)t + keys[i].offset);
        if (field->len == 0)
            *field = value;
        return;
    }
    if (is_flags(value) && t->flags.len == 0)
        t->flags = value;
}

/* The string after the next `"name":`, without its quotes; false at the end. */
static bool next_string(struct span *rest, const char *name, struct span *out)
{
    struct span after, end;
    if (!span_find(*rest, name, &after))
        return false;
    after = span_trim(after);
    if (!span_starts(after, "\""))
        return false;
    after = span_skip(after, 1);
    if (!span_find(after, "\"", &end))
        return false;
    *out = (struct span){after.ptr, after.len - end.len - 1};
    *rest = end;
    return true;
}

static void read_json(struct span text, struct told *t)
{
    struct span rest = text, key, value;
    while (next_string(&rest, "\"field\":", &key) && next_string(&rest, "\"data\":", &value)) {
        if (key.len > 0 && key.ptr[key.len - 1] == ':')
            key.len--;
        take(t, key, value);
    }
    /* Flags continue in the next line only if the text was cut or wrapped. */
    const uint8_t *end = t->flags.len > 0 ? memchr(t->flags.ptr, '\n', t->flags.len) : NULL;
    t->cut = end != NULL;
    t->flags.len = end != NULL ? (size_t)(end - t->flags.ptr) : t->flags.len;
}

/* Wrapped by a mail program, cut at a width as other lines are, or the text ends in it. */
static bool is_cut(struct span text, struct span flags)
{
    enum { NARROWEST = 28 };
    struct span rest = text, line, after = {0};
    size_t length = 0, widest = 0, as_wide = 0;
    bool ends = false, is_next = false;
    while (span_next_line(&rest, &line)) {
        bool here = flags.ptr >= line.ptr && flags.ptr < line.ptr + line.len;
        after = is_next ? span_trim(line) : after;
        is_next = here;
        length = here ? line.len : length;
        ends |= here && (rest.len == 0 && text.ptr[text.len - 1] != '\n');
        as_wide = line.len > widest ? 1 : as_wide + (line.len == widest);
        widest = line.len > widest ? line.len : widest;
    }
    bool wrapped = after.len > 0 && !span_find(after, ":", NULL);
    return ends || wrapped || (length == widest && length >= NARROWEST && as_wide > 1);
}

static void read_lines(struct span text, struct told *t)
{
    struct span rest = text, line, key, value;
    while (span_next_line(&rest, &line)) {
        if (split_line(line, &key, &value) && value.len > 0)
            take(t, key, value);
    }
    t->cut = t->flags.len > 0 && is_cut(text, t->flags);
}

/* Arm's cores by the names that lscpu gives them (sys-utils/lscpu-arm.c), implementer 41h. */
static const struct {
    const char *name;
    unsigned part;
} cores[] = {
    {"Cortex-A35", 0xd04},  {"Cortex-A53", 0xd03},  {"Cortex-A55", 0xd05},  {"Cortex-A57", 0xd07},
    {"Cortex-A72", 0xd08},  {"Cortex-A73", 0xd09},  {"Cortex-A75", 0xd0a},  {"Cortex-A76", 0xd0b},
    {"Cortex-A77", 0xd0d},  {"Cortex-A78", 0xd41},  {"Cortex-X1", 0xd44},   {"Cortex-A78C", 0xd4b},
    {"Cortex-X1C", 0xd4c},  {"Neoverse-N1", 0xd0c}, {"Neoverse-V1", 0xd40}, {"Neoverse-N2", 0xd49},
    {"Neoverse-V2", 0xd4f},
};

static void put(struct out *o, const char *key, struct span value)
{
    if (value.len == 0)
        return;
    out_printf(o, "%s: ", key);
    out_bytes(o, (const char *)value.ptr, value.len);
    out_char(o, '\n');
}

/* A core whose kind was not kept, or is not known, has no part. */
static void write_arm(struct out *o, const struct told *t, size_t processor)
{
    struct span name = {0};
    if (processor < NAMES_MAX)
        name = t->names[processor < t->n_names ? processor : 0];
    for (size_t i = 0; i < COUNT(cores); i++) {
        if (span_is(name, cores[i].name))
            out_printf(o, "CPU implementer\t: 0x41\nCPU part\t: 0x%03x\n", cores[i].part);
    }
    put(o, "CPU architecture", span_of("8"));
    put(o, "Features", t->flags);
}

static unsigned number(struct span s)
{
    uint64_t v = 0;
    return span_number(s, &v) && v <= UINT16_MAX ? (unsigned)v : 0;
}

/* One processor of /proc/cpuinfo. A line that goes on means that no flag is proven missing. */
static void write_x86(struct out *o, const struct told *t, size_t processor)
{
    (void)processor;
    put(o, "vendor_id\t", t->vendor);
    put(o, "cpu family\t", t->family);
    put(o, "model\t\t", t->model);
    put(o, "model name\t", t->names[0]);
    put(o, "stepping\t", t->stepping);
    put(o, "flags\t\t", t->flags);
    out_str(o, t->cut ? "cut\n" : "");
}

/*
 * Number of processors: lscpu shows one of each kind, and Linux starts none that lacks a flag of
 * the first.
 */
static size_t processors_of(const struct told *t)
{
    enum { MOST = 4096, ROOM = 8 << 20 };
    unsigned n = number(t->cpus);
    size_t least = t->n_names > 1 ? t->n_names : 1;
    return n < least || n > MOST || t->flags.len + t->names[0].len > ROOM / n ? least : n;
}

static struct span write_cpuinfo(const struct told *t, bool arm, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < processors_of(t); i++) {
        out_printf(&o, "processor\t: %zu\n", i);
        (arm ? write_arm : write_x86)(&o, t, i);
        out_char(&o, '\n');
    }
    return out_span(&o);
}

void lscpu_load(struct span text, struct form_sink *to)
{
    struct told t = {0};
    if (span_find(text, "\"lscpu\":", NULL))
        read_json(text, &t);
    else
        read_lines(text, &t);
    bool arm = span_is(t.arch, "aarch64") || span_starts(t.flags, "fp asimd");
    if (t.flags.len == 0) {
        form_note(to, "the text of lscpu has no line of flags, so it decides nothing");
        return;
    }
    machine_takes_arch(to->machine, arm ? ARCH_ARM : ARCH_X86, to->file);
    if (!arm && t.family.len > 0 && t.model.len > 0 && t.stepping.len > 0)
        machine_takes_cpu(
            to->machine,
            (struct cpuid_signature){number(t.family), number(t.model), number(t.stepping)},
            to->file);
    form_add(to, "cpuinfo", ST_OK, write_cpuinfo(&t, arm, to->out->arena));
}
