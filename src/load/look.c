/* SPDX-License-Identifier: MIT */
/* Classifies files before they are converted. */
#include <string.h>

#include "load/forms/forms.h"
#include "load/load.h"
#include "load/text/clean.h"
#include "probe/probe.h"

const char *load_variable(const char *file)
{
    const char *leaf = load_leaf(file);
    for (size_t i = 0; i < n_probes; i++) {
        for (const char *const *want = probes[i]->wants; *want != NULL; want++) {
            if (strncmp(*want, "efivar/", 7) == 0 && strcmp(*want + 7, leaf) == 0)
                return *want;
        }
    }
    return NULL;
}

enum load_found load_look(const struct raw_input *in, struct arena *a)
{
    enum load_found found = FOUND_NOTHING;
    for (size_t i = 0; i < in->n && found != FOUND_EVIDENCE; i++) {
        const struct raw_file *f = &in->files[i];
        unsigned done = 0;
        enum kind kind = sniff_bytes(f->data);
        enum load_found is = kind == KIND_ACPI_TABLE          ? FOUND_TABLES
                             : kind == KIND_ARCHIVE           ? FOUND_NOTHING
                             : kind != KIND_UNKNOWN           ? FOUND_EVIDENCE
                             : load_variable(f->name) != NULL ? FOUND_VARIABLES
                                                              : FOUND_NOTHING;
        if (kind == KIND_UNKNOWN && is == FOUND_NOTHING &&
            sniff(form_named(f->name, clean_text(f->data, a, &done), a)) != KIND_UNKNOWN)
            is = FOUND_EVIDENCE;
        found = is > found ? is : found;
    }
    return found;
}
