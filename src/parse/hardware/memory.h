/* SPDX-License-Identifier: MIT */
/*
 * Installed memory: the blob `memory/modules` (docs/vbscheck-snapshot.5), made from SMBIOS (DMTF
 * DSP0134 3.7, types 16 and 17) or from the text of dmidecode; and the blob `memory/kernel`. Only
 * the size of a module is kept: no serial number, no part number.
 */
#ifndef PARSE_HARDWARE_MEMORY_H
#define PARSE_HARDWARE_MEMORY_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum { MEMORY_SLOTS_MAX = 1024 };

struct memory_modules {
    uint64_t mib;     /* of all modules with a known size */
    size_t slots;     /* listed slots, including empty ones */
    size_t told;      /* number of slots, from the arrays of slots; 0: unknown */
    size_t not_sized; /* modules of unknown size */
};

/*
 * The content of the slots, as text for the blob, from an SMBIOS structure table. "" without slots.
 */
struct span memory_of_smbios(struct span table, struct arena *a);

/* The same from the text of dmidecode. */
struct span memory_of_dmidecode(struct span text, struct arena *a);

/* The wanted line of /proc/meminfo, as text for the blob `memory/kernel`; "" without it. */
struct span memory_of_meminfo(struct span text, struct arena *a);

/* Reads the blob `memory/modules`; any text. */
struct memory_modules memory_modules_parse(struct span text);

/*
 * MiB of "MemTotal: 16303428 kB", from the blob `memory/kernel` or /proc/meminfo. Returns false,
 * with *mib untouched, where there is no such line.
 */
bool memory_total_parse(struct span text, uint64_t *mib);

#endif
