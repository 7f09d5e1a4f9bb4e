/* SPDX-License-Identifier: MIT */
/* Model-specific registers through /dev/cpu/N/msr: Linux arch/x86/kernel/msr.c. */
#include "parse/msr.h"
#include "collect/cpu/devcpu.h"
#include "collect/cpu/x86.h"
#include "collect/lines.h"
#include "io/root.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"

#include <errno.h>

/* The table again: src/parse/msr.c belongs to the judge. */
static const uint32_t registers[] = {
#define X(id, number, name) number,
    MSR_TABLE(X)
#undef X
};

enum { N_REGISTERS = COUNT(registers) };

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

/*
 * The device fails with EIO for what the processor (or its hypervisor) does not have. Any other
 * failure says nothing of the register.
 */
static enum status read_register(int fd, uint32_t number, uint64_t *value)
{
    enum status st = fd_read_at(fd, number, value, sizeof *value);
    return st == ST_IO_ERROR && errno == EIO ? ST_ABSENT : st;
}

/* One line a register. `fd` is -1 where the CPU's device could not be opened, for reason `why`. */
static void put_cpu(struct out *o, unsigned cpu, int fd, enum status why)
{
    for (size_t i = 0; i < N_REGISTERS; i++) {
        uint64_t value = 0;
        enum status st = fd >= 0 ? read_register(fd, registers[i], &value) : why;
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

static enum status read_all(const struct collector *c, struct out *o)
{
    struct devcpu cpus;
    enum status st = devcpu_list(c, "msr", &cpus);
    if (st != ST_OK)
        return st;
    enum status first = ST_OK;
    size_t opened = 0;
    for (size_t i = 0; i < cpus.n; i++) {
        enum status why = ST_OK;
        scoped_fd fd = devcpu_open(c, cpus.numbers[i], "msr", &why);
        if (why == ST_ABSENT)
            why = c->live ? ST_NO_DRIVER : ST_NOT_COLLECTED;
        if (first == ST_OK)
            first = why;
        opened += fd >= 0;
        put_cpu(o, cpus.numbers[i], fd, why);
    }
    return opened > 0 ? ST_OK : first;
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
    .summary = "Registers that hold what firmware left on",
    .needs = "root and the module msr (modprobe msr)",
    .fetch = fetch,
};
