/* SPDX-License-Identifier: MIT */
/*
 * Texts of tools that the probes have no parser for: each kind is one row of the table in forms.c,
 * and one file converts it to the blobs that the collector writes for the same data.
 */
#ifndef LOAD_FORMS_H
#define LOAD_FORMS_H

#include "load/machine.h"
#include "vbscheck/snapshot.h"
#include "vbscheck/span.h"

/* Destination of a text's content. */
struct form_sink {
    struct snapshot *out;
    struct machine *machine;
    const char *file;
    size_t first; /* blobs before this one are of the kinds that need no form */
};

struct form {
    const char *name; /* "lscpu" */
    /* True for the first line of a text of this kind, or a command that makes it. */
    bool (*opens)(struct span line);
    /* Adds the content of the text. If nothing in it can be used, a note says why. */
    void (*load)(struct span text, struct form_sink *to);
};

extern const struct form forms[]; /* FORMS_N of them */

/*
 * Adds a blob. A blob that needs no form counts more: if one with this name exists, only variables
 * are compared, and two that differ belong to two machines or boots. If a name occurs twice, the
 * facts that differ become conflicts.
 */
void form_add(struct form_sink *to, const char *name, enum status st, struct span data);

/* The same of an EFI variable of one byte, as tools print its value. */
void form_add_flag(struct form_sink *to, const char *name, bool value);

void form_note(struct form_sink *to, const char *what);

/*
 * True for text that a tool printed about an EFI variable, in a file with the variable's name: the
 * raw variable begins with attributes, whose first byte is not a letter.
 */
bool form_is_printed(struct span data);

/* For a recognised text that decides nothing: its name, and what to give instead; else NULL. */
const char *form_refusal(struct span text);

/* The rows' functions, each in a file of its own. */
bool lscpu_opens(struct span line);
void lscpu_load(struct span text, struct form_sink *to);
bool msr_tools_open(struct span line);
void msr_tools_load(struct span text, struct form_sink *to);
bool variables_open(struct span line);
void variables_load(struct span text, struct form_sink *to);
bool efivar_print_opens(struct span line);
void efivar_print_load(struct span text, struct form_sink *to);
bool secure_boot_opens(struct span line);
void secure_boot_load(struct span text, struct form_sink *to);
bool tpm_tools_open(struct span line);
void tpm_tools_load(struct span text, struct form_sink *to);
bool dmi_id_opens(struct span line);
void dmi_id_load(struct span text, struct form_sink *to);
bool sysfs_lines_open(struct span line);
void sysfs_lines_load(struct span text, struct form_sink *to);
bool arm_cpuid_opens(struct span line);
void arm_cpuid_load(struct span text, struct form_sink *to);

/*
 * A file recognised by its name, as collectors copy them: "sys_vendor" of /sys/class/dmi/id,
 * "rdmsr-0x3a.txt", "SecureBoot-8be4df61-….hex". Returns the text, preceded by a line that names
 * its content, or `data` unchanged.
 */
struct span form_named(const char *file, struct span data, struct arena *a);

#endif
