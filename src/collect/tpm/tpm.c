/* SPDX-License-Identifier: MIT */
/* TPMs as the kernel's drivers show them: Linux Documentation/ABI/stable/sysfs-class-tpm. */
#include <stdio.h>
#include <string.h>

#include "collect/lines.h"
#include "vbscheck/count.h"

#define TPM_CLASS "sys/class/tpm"

enum { CHIPS_MAX = 64, PATH_ROOM = 64 };

/* "tpm0 banks sha1 sha256": one folder pcr-NAME per bank, since 5.12. */
static void put_banks(const struct collector *c, struct out *o, const char *chip)
{
    const char *const *names;
    size_t n = 0;
    bool any = false;
    (void)ask_list(c->asker, arena_printf(c->arena, TPM_CLASS "/%s", chip), &names, &n);
    for (size_t i = 0; i < n; i++) {
        struct span name = span_of(names[i]);
        if (!span_starts(name, "pcr-"))
            continue;
        if (!any) {
            out_str(o, chip);
            out_str(o, " banks");
            any = true;
        }
        out_char(o, ' ');
        lines_value(o, span_skip(name, strlen("pcr-")));
    }
    if (any)
        out_char(o, '\n');
}

/* "tpm0 caps TCG version: 1.2": only drivers of family 1.x have the file. */
static void put_caps(const struct collector *c, struct out *o, const char *chip)
{
    static const char *const files[] = {"caps", "device/caps"};
    struct span text = {0}, line;
    for (size_t i = 0; i < COUNT(files) && text.len == 0; i++) {
        const char *path = arena_printf(c->arena, TPM_CLASS "/%s/%s", chip, files[i]);
        (void)ask_file(c->asker, path, &text);
    }
    while (span_next_line(&text, &line)) {
        if (!span_find(line, "TCG version", NULL))
            continue;
        out_str(o, chip);
        out_str(o, " caps ");
        lines_value(o, span_trim(line));
        out_char(o, '\n');
        return;
    }
}

static void put_chip(const struct collector *c, struct out *o, const char *chip)
{
    const char *dir = arena_printf(c->arena, TPM_CLASS "/%s", chip);
    struct span major = {0};
    (void)lines_read(c, arena_printf(c->arena, "%s/tpm_version_major", dir), &major);
    if (major.len > 0) {
        out_str(o, chip);
        out_str(o, " version-major ");
        lines_value(o, major);
        out_char(o, '\n');
    }
    put_banks(c, o, chip);
    if (!span_is(major, "2"))
        put_caps(c, o, chip);
    (void)lines_file(c, o, arena_printf(c->arena, "%s description ", chip),
                     arena_printf(c->arena, "%s/device/description", dir));
    const char *number = chip + strlen("tpm");
    if (lines_exists(c, arena_printf(c->arena, "sys/class/tpmrm/tpmrm%s", number)))
        out_printf(o, "%s resource-manager\n", chip);
}

/* The ACPI device of a TPM 2.0, which exists even if no driver uses it. */
static void put_devices(const struct collector *c, struct out *o)
{
    for (unsigned i = 0; i < CHIPS_MAX; i++) {
        struct span status;
        char path[PATH_ROOM];
        (void)snprintf(path, sizeof path, "sys/bus/acpi/devices/MSFT0101:%02X/status", i);
        if (lines_read(c, path, &status) != ST_OK)
            return;
        out_printf(o, "MSFT0101:%02X status ", i);
        lines_value(o, status);
        out_char(o, '\n');
    }
}

static bool is_chip(const char *name)
{
    uint64_t number;
    struct span s = span_of(name);
    return span_starts(s, "tpm") && span_number(span_skip(s, strlen("tpm")), &number);
}

static void fetch(struct collector *c)
{
    if (!collect_wants("sys/tpm"))
        return;
    struct out o;
    out_init(&o, c->arena);
    const char *const *chips;
    size_t n = 0;
    enum status st = ask_list(c->asker, TPM_CLASS, &chips, &n);
    for (size_t i = 0; i < n; i++) {
        if (is_chip(chips[i]))
            put_chip(c, &o, chips[i]);
    }
    put_devices(c, &o);
    if (st == ST_ABSENT)
        st = lines_exists(c, "sys/class") ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    collect_add(c, "sys/tpm", "/" TPM_CLASS, st, out_span(&o));
}

const struct source source_tpm = {
    .prefix = "sys/tpm",
    .summary = "TPMs as the kernel's drivers show them",
    .needs = "nothing",
    .fetch = fetch,
};
