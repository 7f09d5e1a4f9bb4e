/* SPDX-License-Identifier: MIT */
/* A machine made of a few blobs, judged by the whole pipeline. */
#ifndef SUPPORT_SCENE_H
#define SUPPORT_SCENE_H

#include "report/report.h"

struct scene {
    struct arena arena;
    struct snapshot snap;
    struct judge_options options;
    const struct libs *libs; /* those that tests link, unless a test takes them away */
    struct report report;
};

/* An empty machine of loose evidence. */
void scene_begin(struct scene *s);
void scene_end(struct scene *s);

/* Adds a blob that was read, or one that was not. */
void scene_text(struct scene *s, const char *name, const char *text);
void scene_bytes(struct scene *s, const char *name, struct span data);
void scene_missing(struct scene *s, const char *name, enum status why);

/* Adds FACP and APIC, which make "not there" provable, and say "metal" and "x86". */
void scene_complete_acpi(struct scene *s);

/* The same with the OEM id of this maker, 6 characters, in the FACP. */
void scene_oem_acpi(struct scene *s, const char *oem_id);

/*
 * Adds raw CPUID of `n` like CPUs: vendor of 12 characters, leaf 1 ECX, leaf 8000_0001h ECX and
 * EDX, leaf 8000_000Ah EDX (its maximum extended leaf is that one).
 */
struct scene_cpu {
    const char *vendor;
    uint32_t leaf1_ecx, ext1_ecx, ext1_edx, svm_edx;
};
void scene_cpuid(struct scene *s, struct scene_cpu cpu, unsigned n);

/* Judges all that was added. */
void scene_judge(struct scene *s);

/* After judging. A rule or fact that is not there fails the test. */
const struct outcome *scene_rule(const struct scene *s, const char *id);
enum verdict scene_verdict(const struct scene *s, const char *id);
enum status scene_reason(const struct scene *s, const char *id);
const struct fact *scene_fact(const struct scene *s, const char *name);

/* The verdict, or the reason of an unknown, is this one; else both are printed in words. */
#define assert_verdict(s, id, want) scene_assert_verdict(s, id, want, __FILE__, __LINE__)
#define assert_reason(s, id, want)  scene_assert_reason(s, id, want, __FILE__, __LINE__)
void scene_assert_verdict(const struct scene *s, const char *id, enum verdict want,
                          const char *file, int line);
void scene_assert_reason(const struct scene *s, const char *id, enum status want, const char *file,
                         int line);

/* True if a note holds these words. */
bool scene_notes(const struct scene *s, const char *words);

#endif
