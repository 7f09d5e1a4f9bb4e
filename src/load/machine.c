/* SPDX-License-Identifier: MIT */
#include "load/machine.h"

#include <string.h>

#include "parse/smbios_names.h"
#include "vbscheck/count.h"

void machine_differs(struct machine *m, const char *one, const char *other, const char *what)
{
    if (m->problem == NULL && strcmp(one, other) == 0)
        m->problem = arena_printf(m->arena,
                                  "several machines in one file: %s contains different %s; give "
                                  "each machine a file of its own",
                                  one, what);
    else if (m->problem == NULL)
        m->problem = arena_printf(m->arena,
                                  "several machines in one folder: %s and %s have different %s; "
                                  "give each machine a folder of its own",
                                  one, other, what);
}

void machine_refuses(struct machine *m, const char *file, const char *why)
{
    if (m->problem == NULL)
        m->problem = arena_printf(m->arena, "%s %s", file, why);
}

void machine_takes_cpu(struct machine *m, struct cpuid_signature cpu, const char *file)
{
    bool same =
        cpu.family == m->cpu.family && cpu.model == m->cpu.model && cpu.stepping == m->cpu.stepping;
    if (m->has_cpu && !same)
        machine_differs(m, m->cpu_file, file, "processors");
    if (m->has_cpu)
        return;
    m->has_cpu = true;
    m->cpu = cpu;
    m->cpu_file = file;
}

void machine_takes_brand(struct machine *m, struct span brand, const char *file)
{
    if (m->brand.len > 0)
        return;
    m->brand = brand;
    m->brand_file = file;
}

/* Letters and digits, in any case: makers pad names with blanks. */
static struct span brand_letters(struct machine *m, struct span s)
{
    uint8_t *text = (uint8_t *)arena_text(m->arena, s);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = text[i] >= 'A' && text[i] <= 'Z' ? (uint8_t)(text[i] + 'a' - 'A') : text[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            text[n++] = c;
    }
    text[n] = '\0';
    return (struct span){text, n};
}

void machine_checks_brand(struct machine *m, struct span brand, const char *file)
{
    struct span one = brand_letters(m, m->brand), other = brand_letters(m, brand);
    bool agrees = one.len == 0 || other.len == 0 || span_find(one, (const char *)other.ptr, NULL) ||
                  span_find(other, (const char *)one.ptr, NULL);
    if (!agrees)
        machine_differs(m, m->brand_file, file,
                        arena_printf(m->arena, "processors (\"%s\", \"%s\")",
                                     arena_short_text(m->arena, span_trim(m->brand)),
                                     arena_short_text(m->arena, brand)));
}

void machine_takes_arch(struct machine *m, enum machine_arch arch, const char *file)
{
    if (arch == ARCH_UNKNOWN)
        return;
    if (m->arch != ARCH_UNKNOWN && m->arch != arch)
        machine_differs(m, m->arch_file, file, "architectures (x86 and Arm)");
    if (m->arch != ARCH_UNKNOWN)
        return;
    m->arch = arch;
    m->arch_file = file;
}

void machine_takes_name(struct machine *m, struct span name, const char *file)
{
    if (name.len == 0 || smbios_is_placeholder(name))
        return;
    if (m->dmi.len == 0) {
        m->dmi = name;
        m->dmi_file = file;
        return;
    }
    if (smbios_contradict(m->dmi, name))
        machine_differs(m, m->dmi_file, file,
                        arena_printf(m->arena, "makes (\"%s\", \"%s\")",
                                     arena_short_text(m->arena, m->dmi),
                                     arena_short_text(m->arena, name)));
}

void machine_takes_dmi(struct machine *m, struct dmi d, const char *file)
{
    struct arena *a = m->arena;
    struct span board = smbios_is_placeholder(d.board) ? (struct span){0} : d.board;
    const char *name = arena_printf(a, "%s %s %s", arena_short_text(a, d.vendor),
                                    arena_short_text(a, d.product), arena_short_text(a, board));
    machine_takes_name(m, span_of(name), file);
}

void machine_takes_fadt_line(struct machine *m, struct span message, const char *file)
{
    struct span ids, version;
    if (m->fadt.len > 0 || !span_starts(message, "ACPI: FACP ") ||
        !span_find(message, " (v", &ids) || !span_next_word(&ids, &version))
        return;
    m->fadt = ids;
    m->fadt_file = file;
}

enum { OEM_AT = 10, OEM_ID_LEN = 6, OEM_LEN = 14 }; /* ACPI 6.5 table 5.4: OEMID, OEM Table ID */

/*
 * Does the line begin with these ids? ACPICA prints a question mark for a byte that is not a
 * letter, and ends at a zero (tbprint.c); blanks and the end may be lost.
 */
static bool names_ids(struct span line, const uint8_t *ids)
{
    bool ended = false;
    for (size_t i = 0; i < OEM_LEN; i++) {
        ended = (ended && i != OEM_ID_LEN) || ids[i] == 0;
        uint8_t c = ids[i] < ' ' || ids[i] > '~' ? '?' : ids[i];
        line = span_trim(line);
        if (ended || c == ' ')
            continue;
        if (line.len > 0 && line.ptr[0] != c)
            return false;
        line = span_skip(line, 1);
    }
    return true;
}

void machine_takes_fadts(struct machine *m, const struct snapshot *s)
{
    const struct blob *first = NULL;
    for (size_t i = 0; i < s->n; i++) {
        const struct blob *b = &s->blobs[i];
        /* A table that was cut still has a whole header. */
        if (strncmp(b->name, "acpi/FACP", 9) != 0 || b->data.len < OEM_AT + OEM_LEN)
            continue;
        if (!names_ids(m->fadt, b->data.ptr + OEM_AT))
            machine_differs(m, m->fadt_file, b->from,
                            "makes (two FADTs of which each names another)");
        if (first == NULL)
            first = b;
        else if (memcmp(first->data.ptr + OEM_AT, b->data.ptr + OEM_AT, OEM_LEN) != 0)
            machine_differs(m, first->from, b->from,
                            "makes (two FADTs of which each names another)");
    }
}
