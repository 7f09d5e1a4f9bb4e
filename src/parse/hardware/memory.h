/* SPDX-License-Identifier: MIT */
/*
 * Memory that is fitted: the blob `memory/modules` (docs/vbscheck-snapshot.5), whether it was made
 * from SMBIOS (DMTF DSP0134 3.7, types 16 and 17) or from the text of dmidecode; and the blob
 * `memory/kernel`. Of a module only its size is taken: no serial number, no part number.
 */
#ifndef PARSE_HARDWARE_MEMORY_H
#define PARSE_HARDWARE_MEMORY_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum { MEMORY_SLOTS_MAX = 1024 };

struct memory_modules {
    uint64_t mib;     /* of all modules whose size is told */
    size_t slots;     /* listed, those that are empty too */
    size_t told;      /* that there are, as the arrays of slots say; 0: not told */
    size_t not_sized; /* modules of which the size is not told */
};

/* What the slots hold, as text for the blob: from an SMBIOS structure table. "" where it has none.
 */
struct span memory_of_smbios(struct span table, struct arena *a);

/* The same from the text of dmidecode. */
struct span memory_of_dmidecode(struct span text, struct arena *a);

/* Of /proc/meminfo the line that is wanted, as text for the blob `memory/kernel`; "" without it. */
struct span memory_of_meminfo(struct span text, struct arena *a);

/* Reads the blob `memory/modules`; any text. */
struct memory_modules memory_modules_parse(struct span text);

/*
 * MiB of "MemTotal: 16303428 kB", from the blob `memory/kernel` or /proc/meminfo. Returns false,
 * with *mib untouched, where there is no such line.
 */
bool memory_total_parse(struct span text, uint64_t *mib);

#endif
