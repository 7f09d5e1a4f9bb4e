/* SPDX-License-Identifier: MIT */
/*
 * Registers as tools print them, made into the blob `msr`:
 *
 *   # rdmsr -a 0x3a                     msr-tools: then one value per processor
 *   5
 *   MSR 0000003A: 0000-0000-0000-0005   AIDA64
 *   MSR 0x0000003A 0x00000000 0x00000005                          CPU-Z
 *    MSR 0x0000003A = 0x00000000:0x00000005 (IA32_FEATURE_CONTROL)  coreboot's inteltool
 *   cpu0: MSR_IA32_FEAT_CTL: 0x00000005 (Locked )                 turbostat
 *
 * All except `rdmsr -a` and inteltool read one processor. Firmware sets IA32_FEATURE_CONTROL on
 * each processor, so one value can prove a wrong setting but not a right one.
 */
#include "load/forms/forms.h"

#include <string.h>

#include "parse/msr.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum { UNIT_HEX = 16, UNIT_DEC = 10, UNIT_OCT = 8 };

struct registers {
    struct out text;
    struct span seen; /* lines before this text's */
    uint64_t cpu;     /* of the next value */
    bool all;         /* the tool goes through all processors */
    bool partial;     /* IA32_FEATURE_CONTROL of some processors only */
    unsigned asked;   /* values already compared with those before them */
    bool differs;     /* one register of one processor has two values */
    /* rdmsr: */
    bool listing, refused, some_bits;
    uint64_t number, last; /* the register, and the value before */
    unsigned unit;
    bool cut; /* the text ends in this line, perhaps within it */
};

static bool is_wanted(uint64_t number)
{
    for (size_t i = 0; i < MSR_COUNT; i++) {
        if (msr_numbers[i] == number)
            return true;
    }
    return false;
}

static void put_value(struct registers *r, uint64_t cpu, uint64_t number, uint64_t value)
{
    enum { CPUS_MAX = 4096, ASKED_MAX = 8192, TEXT_MAX_LEN = 96 << 10 };
    if (!is_wanted(number) || cpu >= CPUS_MAX || r->asked++ > ASKED_MAX ||
        r->text.len > TEXT_MAX_LEN)
        return;
    struct arena *a = r->text.arena;
    const char *start =
        arena_printf(a, "\n%llu 0x%llx ", (unsigned long long)cpu, (unsigned long long)number);
    const char *line = arena_printf(a, "%s0x%llx\n", start, (unsigned long long)value);
    struct span before = out_span(&r->text);
    if (span_find(before, line, NULL))
        return;
    r->differs |= span_find(before, start, NULL);
    out_str(&r->text, line + 1);
    r->partial |= !r->all && number == msr_numbers[MSR_FEATURE_CONTROL];
}

/* Rows ------------------------------------------------------------------------------------- */

/* "0000-0000-0000-0005" */
static bool take_quads(struct span s, uint64_t *out)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned k = 0; k < 4; k++) {
            unsigned d = k < s.len ? hex_digit(s.ptr[k]) : 16;
            if (d > 15)
                return false;
            v = v << 4 | d;
        }
        s = span_skip(s, 4);
        if (i < 3 && !span_starts(s, "-"))
            return false;
        s = span_skip(s, i < 3 ? 1 : 0);
    }
    *out = v;
    return s.len == 0 || s.ptr[0] == ' ' || s.ptr[0] == '\r';
}

/* "0x" and eight digits, which all of these tools print: with fewer, the line was cut. */
static bool take_half(struct span *s, uint64_t *out)
{
    enum { DIGITS = 8 };
    struct span rest = *s;
    if (!span_starts(rest, "0x"))
        return false;
    rest = span_skip(rest, 2);
    size_t before = rest.len;
    if (!span_take_hex(&rest, out) || before - rest.len != DIGITS)
        return false;
    *s = rest;
    return true;
}

/* "0x00000000:0x00000005", "0x00000000 0x00000005", high half first */
static bool take_halves(struct span s, uint64_t *out)
{
    uint64_t high, low;
    if (!take_half(&s, &high))
        return false;
    s = span_trim(span_starts(s, ":") ? span_skip(s, 1) : s);
    if (!take_half(&s, &low))
        return false;
    *out = high << 32 | low;
    return true;
}

/* Lines of three tools that begin with "MSR ". */
static bool read_msr_line(struct registers *r, struct span s)
{
    uint64_t number, value;
    if (!span_starts(s, "MSR "))
        return false;
    s = span_trim(span_skip(s, 4));
    bool hex = span_starts(s, "0x");
    s = span_skip(s, hex ? 2 : 0);
    if (!span_take_hex(&s, &number))
        return false;
    if (!hex && span_starts(s, ":")) {
        if (take_quads(span_trim(span_skip(s, 1)), &value))
            put_value(r, r->cpu, number, value);
        return true;
    }
    s = span_trim(s);
    s = span_starts(s, "=") ? span_trim(span_skip(s, 1)) : s;
    if (hex && take_halves(s, &value))
        put_value(r, r->cpu, number, value);
    return hex;
}

/* "cpu0: MSR_IA32_FEATURE_CONTROL: 0x00000005 (Locked )": the kernel's tools/power/x86/turbostat */
static bool read_turbostat(struct registers *r, struct span s)
{
    uint64_t cpu, value;
    struct span after;
    if (!span_starts(s, "cpu"))
        return false;
    s = span_skip(s, 3);
    if (!span_take_dec(&s, &cpu) || (!span_find(s, ": MSR_IA32_FEATURE_CONTROL: ", &after) &&
                                     !span_find(s, ": MSR_IA32_FEAT_CTL: ", &after)))
        return false;
    r->all = false;
    if (take_half(&after, &value))
        put_value(r, cpu, msr_numbers[MSR_FEATURE_CONTROL], value);
    return true;
}

/* "===== UNIQUE MSRs  (CPU 0) =====", "[ MSR Registers / Logical CPU #0 ]" */
static bool read_heading(struct registers *r, struct span line)
{
    struct span after;
    bool unique = span_find(line, "UNIQUE MSRs", &after) && span_find(after, "(CPU ", &after);
    bool shared = span_find(line, "SHARED MSRs", NULL);
    bool aida = !unique && span_find(line, "Logical CPU #", &after);
    if (!unique && !shared && !aida)
        return false;
    r->all = unique || shared;
    if (shared || !span_take_dec(&after, &r->cpu))
        r->cpu = 0;
    r->listing = false;
    return true;
}

/* rdmsr ------------------------------------------------------------------------------------ */

static bool has_option(struct span word, const char *letters, const char *name)
{
    if (span_starts(word, "--"))
        return span_starts(span_skip(word, 2), name);
    for (size_t i = 1; i < word.len; i++) {
        if (memchr(letters, word.ptr[i], strlen(letters)) != NULL)
            return true;
    }
    return false;
}

static void read_option(struct registers *r, struct span word, struct span *rest)
{
    struct span cpu;
    r->all |= has_option(word, "a", "all");
    r->unit = has_option(word, "du", "decimal") || has_option(word, "", "unsigned") ? UNIT_DEC
              : has_option(word, "o", "octal")                                      ? UNIT_OCT
                                                                                    : r->unit;
    r->refused |= has_option(word, "f", "bitfield");
    r->some_bits |= r->refused;
    if (!has_option(word, "p", "processor"))
        return;
    struct span tail = span_skip(word, 2);
    if (span_starts(word, "--") ? span_find(word, "=", &cpu) : tail.len > 0)
        cpu = span_starts(word, "--") ? cpu : tail;
    else if (!span_next_word(rest, &cpu))
        return;
    (void)span_take_dec(&cpu, &r->cpu);
}

/* "$ sudo rdmsr -a 0x3a": the last word is the register, as strtoul() reads it. */
static bool read_command(struct registers *r, struct span line)
{
    struct span rest, word;
    if (!span_find(line, "rdmsr ", &rest))
        return false;
    r->all = r->refused = r->listing = false;
    r->cpu = 0;
    r->unit = UNIT_HEX;
    while (!r->listing && span_next_word(&rest, &word)) {
        if (span_starts(word, "-"))
            read_option(r, word, &rest);
        else
            r->listing = span_number(word, &r->number);
    }
    return r->listing;
}

/* Only one number, in the requested unit. */
static bool read_value(struct registers *r, struct span s)
{
    uint64_t v = 0;
    s = span_skip(s, span_starts(s, "0x") ? 2 : 0);
    if (s.len == 0 || s.len > 22)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned d = hex_digit(s.ptr[i]);
        if (d >= r->unit || v > (UINT64_MAX - d) / r->unit)
            return false;
        v = v * r->unit + d;
    }
    /* The last digits of the last value may be missing: it counts if it equals the others. */
    if (r->cut && (r->cpu == 0 || v != r->last))
        r->partial |= r->number == msr_numbers[MSR_FEATURE_CONTROL];
    else if (!r->refused)
        put_value(r, r->cpu, r->number, v);
    r->last = v;
    r->cpu++;
    return true;
}

static void read_line(struct registers *r, struct span line)
{
    struct span s = span_trim(line);
    if (s.len == 0 || read_command(r, s) || read_heading(r, s) || read_msr_line(r, s) ||
        read_turbostat(r, s))
        return;
    if (r->listing && span_starts(s, "rdmsr:")) { /* "CPU 1 cannot read MSR 0x0000003a" */
        r->cpu++;
        r->partial = true;
    } else if (r->listing) {
        r->listing = read_value(r, s);
    }
}

bool msr_tools_open(struct span line)
{
    struct registers r = {0};
    struct span s = span_trim(line);
    if (span_starts(s, "MSR 0"))
        return true;
    if (span_starts(s, "===") &&
        (span_find(s, " SHARED MSRs ", NULL) || span_find(s, " UNIQUE MSRs ", NULL)))
        return true;
    return (span_starts(s, "cpu") && span_find(s, ": MSR_IA32_FEAT", NULL)) || read_command(&r, s);
}

/* Register lines of another text, which may be about the same processors. */
static void begin(struct registers *r, const struct form_sink *to)
{
    struct blob b = snap_get(to->out, "msr");
    out_init(&r->text, to->out->arena);
    out_char(&r->text, '\n');
    out_bytes(&r->text, (const char *)b.data.ptr, b.data.len);
    r->seen = out_span(&r->text);
}

/* The blob of all texts together. */
static void replace(struct form_sink *to, struct span data)
{
    for (size_t i = 0; i < to->out->n; i++) {
        if (strcmp(to->out->blobs[i].name, "msr") == 0) {
            to->out->blobs[i].data = data;
            return;
        }
    }
    form_add(to, "msr", ST_OK, data);
}

void msr_tools_load(struct span text, struct form_sink *to)
{
    struct registers r = {.unit = UNIT_HEX};
    struct span line;
    struct blob before = snap_get(to->out, "msr");
    begin(&r, to);
    bool ended = text.len > 0 && text.ptr[text.len - 1] == '\n';
    while (span_next_line(&text, &line)) {
        r.cut = !ended && text.len == 0;
        read_line(&r, line);
    }
    if (r.some_bits)
        form_note(to, "rdmsr printed only some bits (-f), which are not used: run it without that "
                      "option");
    if (r.differs)
        machine_differs(to->machine, before.from != NULL ? before.from : to->file, to->file,
                        "registers, or boots (one has two values)");
    if (r.text.len == r.seen.len)
        return;
    /* A processor number that Linux cannot have stands for the processors not read. */
    if (r.partial && !span_find(out_span(&r.text), "\n4096 0x3a truncated\n", NULL))
        out_str(&r.text, "4096 0x3a truncated\n");
    struct span all = out_span(&r.text);
    replace(to, span_skip(all, 1));
}
