/* SPDX-License-Identifier: MIT */
/*
 * Data that mokutil and fwupd read from variables and the TPM:
 *
 *   SecureBoot enabled                                      mokutil --sb-state
 *   { "AppstreamId" : "org.fwupd.hsi.Uefi.SecureBoot", … "HsiResult" : "enabled", …
 *   ✔ UEFI secure boot:              Enabled                fwupdmgr security
 *
 * mokutil prints the first line only from the variable itself. A result that fwupd did not find
 * proves nothing: its plugin may have been off, and a report was once wrong for every machine
 * (fwupd issue 7547).
 */
#include "load/forms/forms.h"

#include <string.h>

#include "load/forms/tpm_blob.h"
#include "parse/tpm_response.h"
#include "vbscheck/count.h"

#define GUID        "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SECURE_BOOT "efivar/SecureBoot-" GUID
#define SETUP_MODE  "efivar/SetupMode-" GUID

static void secure_boot_on(struct form_sink *to)
{
    form_add_flag(to, SECURE_BOOT, true);
}

static void secure_boot_off(struct form_sink *to)
{
    form_add_flag(to, SECURE_BOOT, false);
}

static void setup_mode(struct form_sink *to)
{
    form_add_flag(to, SETUP_MODE, true);
}

static void tpm_found(struct form_sink *to)
{
    const struct tpm_property family = {TPM2_PT_FAMILY_INDICATOR, TPM_FAMILY_2_0};
    tpm_blob_add_properties(to, &family, 1);
}

static void tpm_not_found(struct form_sink *to)
{
    form_note(to, "fwupd found no TPM 2.0, which does not prove that there is none");
}

/* Lines of mokutil, whole. */
static const struct {
    const char *line;
    void (*says)(struct form_sink *to);
} words[] = {
    {"SecureBoot enabled", secure_boot_on},
    {"SecureBoot disabled", secure_boot_off},
    {"Platform is in Setup Mode", setup_mode},
};

/* fwupd's attributes: their id, their name in text, and results in both. */
static const struct {
    const char *id, *name, *result, *text;
    void (*says)(struct form_sink *to);
} attributes[] = {
    {"org.fwupd.hsi.Uefi.SecureBoot", "UEFI secure boot:", "enabled", "Enabled", secure_boot_on},
    {"org.fwupd.hsi.Uefi.SecureBoot", "UEFI secure boot:", "not-enabled", "Disabled",
     secure_boot_off},
    {"org.fwupd.hsi.Tpm.Version20", "TPM v2.0:", "found", "Found", tpm_found},
    {"org.fwupd.hsi.Tpm.Version20", "TPM v2.0:", "not-found", "Not found", tpm_not_found},
};

bool secure_boot_opens(struct span line)
{
    struct span s = span_trim(line);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_is(s, words[i].line))
            return true;
    }
    return span_starts(s, "\"SecurityAttributes\"") || span_starts(s, "Host Security ID: HSI:");
}

/* The value of "key" : "value" in s, up to the next object. */
static bool value_in(struct span s, const char *key, struct span *out)
{
    struct span after, end, object = s;
    if (span_find(s, "\"AppstreamId\"", &end))
        object.len -= end.len;
    if (!span_find(object, key, &after))
        return false;
    after = span_trim(after);
    after = span_trim(span_skip(after, span_starts(after, ":") ? 1 : 0));
    if (!span_starts(after, "\""))
        return false;
    after = span_skip(after, 1);
    if (!span_find(after, "\"", &end))
        return false;
    *out = (struct span){after.ptr, after.len - end.len - 1};
    return true;
}

static void read_json(struct span text, struct form_sink *to)
{
    struct span rest = text, id, result, end;
    while (span_find(rest, "\"AppstreamId\"", &rest)) {
        struct span s = span_trim(rest);
        s = span_trim(span_skip(s, span_starts(s, ":") ? 1 : 0));
        if (!span_starts(s, "\"") || !span_find(span_skip(s, 1), "\"", &end))
            continue;
        id = (struct span){s.ptr + 1, s.len - end.len - 2};
        if (!value_in(end, "\"HsiResult\"", &result))
            continue;
        for (size_t i = 0; i < COUNT(attributes); i++) {
            if (span_is(id, attributes[i].id) && span_is(result, attributes[i].result))
                attributes[i].says(to);
        }
    }
}

static void read_line(struct span line, struct form_sink *to)
{
    struct span s = span_trim(line), after;
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_is(s, words[i].line))
            words[i].says(to);
    }
    for (size_t i = 0; i < COUNT(attributes); i++) {
        if (span_find(s, attributes[i].name, &after) &&
            span_is(span_trim(after), attributes[i].text))
            attributes[i].says(to);
    }
}

void secure_boot_load(struct span text, struct form_sink *to)
{
    struct span rest = text, line;
    if (span_find(text, "\"SecurityAttributes\"", NULL)) {
        read_json(text, to);
        return;
    }
    while (span_next_line(&rest, &line))
        read_line(line, to);
}
