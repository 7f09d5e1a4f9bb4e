/* SPDX-License-Identifier: MIT */
/* DMAR, IVRS and IORT piece by piece, and questions to a judged scene about who is behind what. */
#ifndef SUPPORT_IOMMU_H
#define SUPPORT_IOMMU_H

#include "support/build.h"
#include "support/scene.h"
#include "support/tables.h"
#include "vbscheck/iommu_map.h"

/* Lines of the blob `pci`. `more` is further keys, each with a blank in front. */
#define FN(at, class, more) at " class=" class more "\n"
#define BRIDGE(at, from, to, more)                                                                 \
    at " class=060400 header=01 primary=00 secondary=" from " subordinate=" to more "\n"

/*
 * DMAR. Scopes are words "KBUS:PATH" with kinds e (endpoint), b (bridge), i (IOAPIC), h (HPET) and
 * n (namespace device): "e00:02.0 b00:1c.4/00.0" has one of one hop and one of two. dmar_begin()
 * starts, acpi_end() ends.
 */
enum { LISTED = 0, ALL = 1 }; /* flags of a DRHD */
void dmar_begin(struct build *b, unsigned flags);
void dmar_unit(struct build *b, unsigned flags, unsigned segment, uint64_t base,
               const char *scopes);
void dmar_memory(struct build *b, uint64_t base, uint64_t limit, const char *scopes);

/* IVRS. Device entries follow ivhd_open(), which tells what ivhd_close() wants. */
struct ivhd_head {
    unsigned type, device, segment;
    uint64_t base;
    uint32_t attributes;
    uint64_t efr;
};
void ivrs_begin(struct build *b, uint32_t ivinfo);
size_t ivhd_open(struct build *b, struct ivhd_head head);
void ivhd_close(struct build *b, size_t opened);
void put_alias_entry(struct build *b, unsigned type, unsigned id, unsigned alias);
void put_ivmd(struct build *b, unsigned type, unsigned flags, unsigned first, unsigned last);

/* IORT. Each node tells its offset in the table, for the mappings that lead to it. */
enum { IORT_STARTS = 48 };
void iort_begin(struct build *b, unsigned nodes);
uint32_t iort_its(struct build *b);
uint32_t iort_smmu(struct build *b, unsigned type, uint64_t base);
uint32_t iort_root(struct build *b, unsigned segment, unsigned mappings);
/* `count` is the field of the table: the number of ids less one. */
void iort_map(struct build *b, uint32_t first, uint32_t count, uint32_t target, uint32_t flags);
/* A named component: a device of the platform, by its path in the ACPI namespace. */
void iort_component(struct build *b, const char *name, unsigned mappings);
void iort_memory(struct build *b, unsigned ranges);

/* A machine of metal with one table, of which `pci` lists the functions; it is judged. */
void iommu_scene(struct scene *s, const char *name, struct span table, const char *pci);

/* What is uncovered where that is not known. */
enum { UNTOLD = -1 };

struct counts {
    int functions, uncovered, disputed;
};

/* Fails unless iommu.coverage and the facts that count functions are these. */
void assert_coverage(const struct scene *s, enum verdict verdict, enum status reason,
                     struct counts counts);
void assert_units(const struct scene *s, unsigned units, unsigned in_use);

/* Name of the unit that the function at this address is behind; NULL: none. */
const char *unit_behind(const struct scene *s, const char *at);
void assert_behind(const struct scene *s, const char *at, const char *unit);
const struct iommu_function *function_at(const struct scene *s, const char *at);

/* The one finding of this rule with this subject; fails where there is none, or two. */
const char *finding_on(const struct scene *s, const char *rule, const char *subject);
void assert_finding(const struct scene *s, const char *rule, const char *subject,
                    const char *words);
size_t findings_of(const struct scene *s, const char *rule);

/* A note on what belongs to this boot and not to the machine. */
bool scene_boot_notes(const struct scene *s, const char *words);

#endif
