/* SPDX-License-Identifier: MIT */
/*
 * Raw CPUID words of every logical CPU, in the text form of libcpuid's serialiser, and the leaves
 * of a hypervisor, which that form lacks.
 */
#include <sched.h>
#include <string.h>

#include "collect/cpu/x86.h"
#include "collect/lines.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"

/* The rows of libcpuid's text form, in its order. */
enum { BASIC = 32, EXTENDED = 32, FN4 = 8, FN11 = 4, FN12 = 4, FN14 = 4, FN1D = 4 };
enum { WORDS_ROWS = BASIC + EXTENDED + FN4 + FN11 + FN12 + FN14 + FN1D };

static const struct array {
    const char *name;
    uint32_t first; /* leaf of row 0 */
    unsigned rows;
    bool subleaves; /* rows are subleaves of `first`, not the leaves after it */
} arrays[] = {
    {"basic_cpuid", 0, BASIC, false},
    {"ext_cpuid", 0x80000000, EXTENDED, false},
    {"intel_fn4", 4, FN4, true},
    {"intel_fn11", 0xb, FN11, true},
    {"intel_fn12h", 0x12, FN12, true},
    {"intel_fn14h", 0x14, FN14, true},
    {"amd_fn8000001dh", 0x8000001d, FN1D, true},
};

enum { N_ARRAYS = COUNT(arrays) };

struct words {
    uint32_t row[WORDS_ROWS][4];
};

/* Text ------------------------------------------------------------------------------------- */

static char *put_text(char *to, const char *text)
{
    size_t n = strlen(text);
    memcpy(to, text, n);
    return to + n;
}

/* "basic_cpuid[1]=000506e3 00100800 7ffafbff bfebfbff". printf() would take ten times as long. */
static void put_row(struct out *o, const char *name, unsigned row, const uint32_t words[4])
{
    char line[64];
    char *to = put_text(line, name);
    *to++ = '[';
    if (row >= 10)
        *to++ = (char)('0' + row / 10);
    *to++ = (char)('0' + row % 10);
    *to++ = ']';
    for (unsigned i = 0; i < 4; i++) {
        *to++ = i == 0 ? '=' : ' ';
        to = hex_put(to, words[i], 8);
    }
    *to++ = '\n';
    out_bytes(o, line, (size_t)(to - line));
}

static void put_cpu(struct out *o, unsigned number, const struct words *w)
{
    static const uint32_t nothing[4];
    out_str(o, "\n_________________ Logical CPU #");
    out_uint(o, number);
    out_str(o, " _________________\n");
    size_t at = 0;
    for (size_t i = 0; i < N_ARRAYS; i++) {
        for (unsigned row = 0; row < arrays[i].rows; row++, at++) {
            /* Leaf 3 is the serial number of a Pentium III. */
            bool serial = arrays[i].first == 0 && row == 3;
            put_row(o, arrays[i].name, row, serial ? nothing : w->row[at]);
        }
    }
}

/* Reading ---------------------------------------------------------------------------------- */

/* Reads on the CPU that this code runs on. */
static void read_leaf(uint32_t leaf, uint32_t subleaf, uint32_t row[4])
{
    struct x86_regs r = x86_cpuid(leaf, subleaf);
    memcpy(row, (const uint32_t[]){r.eax, r.ebx, r.ecx, r.edx}, 4 * sizeof row[0]);
}

static void read_words(struct words *w)
{
    *w = (struct words){0};
    uint32_t max[2][4];
    read_leaf(0, 0, max[0]);
    read_leaf(0x80000000, 0, max[1]);
    size_t at = 0;
    for (size_t i = 0; i < N_ARRAYS; i++) {
        for (unsigned row = 0; row < arrays[i].rows; row++, at++) {
            uint32_t leaf = arrays[i].first + (arrays[i].subleaves ? 0 : row);
            /* Above its maximum leaf a processor returns some other leaf. */
            if (leaf <= max[leaf >> 31][0])
                read_leaf(leaf, arrays[i].subleaves ? row : 0, w->row[at]);
        }
    }
}

enum { CPU_SETS = 4, CPUS_MAX = CPU_SETS * CPU_SETSIZE };

/*
 * Does not use libcpuid: cpuid_get_all_raw_data() stops at the first CPU that is offline or outside
 * the cpuset, and leaves the process bound to the last one; and a scan must not need libcpuid.
 */
static enum status read_machine(struct out *o)
{
    cpu_set_t before[CPU_SETS], all[CPU_SETS];
    if (sched_getaffinity(0, sizeof before, before) != 0)
        return ST_IO_ERROR;
    /* The kernel reduces this to the CPUs that are online and in the cpuset. */
    memset(all, 0xff, sizeof all);
    if (sched_setaffinity(0, sizeof all, all) != 0 || sched_getaffinity(0, sizeof all, all) != 0)
        memcpy(all, before, sizeof all);
    unsigned read = 0;
    for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
        cpu_set_t one[CPU_SETS] = {0};
        struct words w;
        if (!CPU_ISSET_S(cpu, sizeof all, all))
            continue;
        CPU_SET_S(cpu, sizeof one, one);
        if (sched_setaffinity(0, sizeof one, one) != 0)
            continue;
        read_words(&w);
        put_cpu(o, cpu, &w);
        read++;
    }
    (void)sched_setaffinity(0, sizeof before, before);
    return read > 0 ? ST_OK : ST_IO_ERROR;
}

static void fetch_words(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    if (!ON_X86 || !c->live) {
        lines_none(c, "cpuid",
                   c->live ? "not an x86 machine"
                           : "the CPUID instruction can only be run on the "
                             "machine itself",
                   ST_NOT_COLLECTED);
        return;
    }
    out_str(&o, "version=0.6.2\n"); /* the version of libcpuid whose form this is */
    enum status st = read_machine(&o);
    collect_add(c, "cpuid", "CPUID instruction", st, out_span(&o));
}

/* The hypervisor's leaves ------------------------------------------------------------------ */

enum { HYPERVISOR_BIT = 31, HV_FIRST = 0x40000000, HV_LAST = 0x40000006 };
enum { HV_VIRIDIAN_NEXT = 0x40000100 }; /* Xen behind the interface of Hyper-V */

static void put_leaf(struct out *o, uint32_t leaf)
{
    struct x86_regs r = x86_cpuid(leaf, 0);
    out_printf(o, "CPUID %08X: %08X-%08X-%08X-%08X\n", leaf, r.eax, r.ebx, r.ecx, r.edx);
}

static void fetch_hypervisor(struct collector *c)
{
    const char *name = "cpuid-hypervisor";
    if (!c->live || !ON_X86) {
        lines_none(c, name, "the CPUID instruction can only be run on the machine itself",
                   ST_NOT_COLLECTED);
        return;
    }
    if ((x86_cpuid(1, 0).ecx >> HYPERVISOR_BIT) == 0) {
        lines_none(c, name, "CPUID instruction", ST_ABSENT);
        return;
    }
    struct out o;
    out_init(&o, c->arena);
    uint32_t last = x86_cpuid(HV_FIRST, 0).eax;
    if (last == 0) /* in old versions of KVM 0 means 4000_0001h */
        last = HV_FIRST + 1;
    for (uint32_t leaf = HV_FIRST; leaf <= HV_LAST && leaf <= last; leaf++)
        put_leaf(&o, leaf);
    put_leaf(&o, HV_VIRIDIAN_NEXT);
    lines_add(c, name, "CPUID instruction", &o);
}

static void fetch(struct collector *c)
{
    if (collect_wants("cpuid"))
        fetch_words(c);
    if (collect_wants("cpuid-hypervisor"))
        fetch_hypervisor(c);
}

const struct source source_cpuid = {
    .prefix = "cpuid",
    .summary = "Raw CPUID words of every logical CPU, and of a hypervisor",
    .needs = "nothing",
    .fetch = fetch,
};
