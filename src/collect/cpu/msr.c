/* SPDX-License-Identifier: MIT */
/* Model-specific registers through /dev/cpu/N/msr: Linux arch/x86/kernel/msr.c. */
#include "parse/msr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/cpu/x86.h"
#include "collect/lines.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"

/* Repeated here: src/parse/msr.c belongs to the judge. */
static const uint32_t registers[] = {
#define X(id, number, name) number,
    MSR_TABLE(X)
#undef X
};

enum { N_REGISTERS = COUNT(registers), CPUS_MAX = 8192 };

static void put_hex(struct out *o, uint64_t v, unsigned digits)
{
    char text[16];
    out_str(o, "0x");
    out_bytes(o, text, (size_t)(hex_put(text, v, digits) - text));
}

static unsigned digits_of(uint32_t number)
{
    unsigned n = 1;
    while (n < 8 && number >> (4 * n) != 0)
        n++;
    return n;
}

/* CPUs -------------------------------------------------------------------------------------- */

struct cpus {
    const unsigned *numbers; /* of those that have a folder, ascending */
    size_t n;
};

static int by_number(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

/*
 * Lists the logical CPUs if the module is loaded: opening a device node without its driver would
 * make the kernel load the module, and a scan loads no modules.
 */
static enum status list_cpus(const struct collector *c, struct cpus *out)
{
    enum status none = c->live ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    const char *const *names;
    size_t n = 0;
    if (!lines_exists(c, "sys/class/msr") || ask_list(c->asker, "dev/cpu", &names, &n) != ST_OK)
        return none;

    unsigned *numbers = arena_new(c->arena, unsigned, n);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t number;
        if (span_number(span_of(names[i]), &number) && number < CPUS_MAX)
            numbers[used++] = (unsigned)number;
    }
    qsort(numbers, used, sizeof *numbers, by_number);
    *out = (struct cpus){numbers, used};
    return used > 0 ? ST_OK : none;
}

/* Registers --------------------------------------------------------------------------------- */

/*
 * The device fails with EIO if the processor (or its hypervisor) lacks the register. Any other
 * failure proves nothing about the register.
 */
static enum status read_register(struct span *words, uint64_t *value)
{
    struct ask_item item;
    struct span bytes;
    if (!ask_next_item(words, &item, &bytes) || bytes.len != sizeof *value)
        return ST_IO_ERROR;
    memcpy(value, bytes.ptr, sizeof *value);
    return item.st == ST_IO_ERROR && item.error == EIO ? ST_ABSENT : (enum status)item.st;
}

/* Writes one line per register. */
static void put_cpu(struct out *o, unsigned cpu, const struct answer *w)
{
    struct span words = w->data;
    for (size_t i = 0; i < N_REGISTERS; i++) {
        uint64_t value = 0;
        enum status st = w->st == ST_OK ? read_register(&words, &value) : w->st;
        out_uint(o, cpu);
        out_char(o, ' ');
        put_hex(o, registers[i], digits_of(registers[i]));
        out_char(o, ' ');
        if (st == ST_OK)
            put_hex(o, value, 16);
        else
            out_str(o, status_name(st));
        out_char(o, '\n');
    }
}

static struct answer ask_cpu(const struct collector *c, unsigned cpu)
{
    const struct question q = {
        .kind = ASK_WORDS,
        .path = arena_printf(c->arena, "dev/cpu/%u/msr", cpu),
        .size = sizeof(uint64_t),
        .list = {(const uint8_t *)registers, sizeof registers},
    };
    struct answer w = {.st = ST_IO_ERROR};
    c->asker->ask(c->asker->context, &q, c->arena, &w);
    if (w.st == ST_ABSENT)
        w.st = c->live ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    return w;
}

static enum status read_all(const struct collector *c, struct out *o)
{
    struct cpus cpus;
    enum status st = list_cpus(c, &cpus);
    if (st != ST_OK)
        return st;
    enum status first = ST_OK;
    bool any = false;
    for (size_t i = 0; i < cpus.n; i++) {
        struct answer w = ask_cpu(c, cpus.numbers[i]);
        if (first == ST_OK)
            first = w.st;
        any = any || w.st == ST_OK;
        put_cpu(o, cpus.numbers[i], &w);
    }
    return any ? ST_OK : first;
}

static void fetch(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    if (!ON_X86 && c->live) {
        lines_none(c, "msr", "not an x86 machine", ST_NOT_COLLECTED);
        return;
    }
    enum status st = read_all(c, &o);
    collect_add(c, "msr", "/dev/cpu/*/msr", st, out_span(&o));
}

const struct source source_msr = {
    .prefix = "msr",
    .summary = "Registers that show what firmware left on",
    .needs = "root and the module msr (modprobe msr)",
    .fetch = fetch,
};
