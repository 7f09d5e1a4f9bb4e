/* SPDX-License-Identifier: MIT */
#include "collect/collect.h"

#include <unistd.h>

#include "collect/source.h"
#include "vbscheck/count.h"

/* In the order in which they run. */
const struct source *const sources[] = {
    &source_kernel, &source_klog,    &source_cpuid,   &source_cpuinfo, &source_msr,
    &source_acpi,   &source_efi,     &source_memattr, &source_efivar,  &source_mortest,
    &source_dmi,    &source_tpm,     &source_tpm_ask, &source_sys,     &source_pci,
    &source_memory, &source_storage, &source_psp,
};
const size_t n_sources = COUNT(sources);

/* RFC 3339 in UTC: gmtime_r() knows UTC even if it may not read /etc/localtime. */
static const char *text_of(time_t now, struct arena *a)
{
    char text[sizeof "1970-01-01T00:00:00Z" + 8];
    struct tm utc;
    if (gmtime_r(&now, &utc) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return "";
    return arena_text(a, span_of(text));
}

static const char *release_of(const struct collector *c)
{
    struct span text;
    if (c->live)
        return c->from->system.release;
    if (ask_file(c->asker, "proc/sys/kernel/osrelease", &text) != ST_OK)
        return "";
    return arena_text(c->arena, span_trim(text));
}

void collect_start(const char *root, const char *tcti, bool sysfs, struct collect_from *out)
{
    *out = (struct collect_from){
        .root = root, .tcti = tcti, .sysfs = sysfs, .now = time(NULL), .user = geteuid()};
    if (uname(&out->system) != 0)
        out->system = (struct utsname){0};
}

enum status collect_lacks(const struct collector *c)
{
    return c->live || c->from->sysfs ? ST_ABSENT : ST_NOT_COLLECTED;
}

void collect(const struct collect_from *from, const struct asker *by, struct snapshot *out)
{
    bool live = from->root == NULL;
    snap_init(out, by->arena, live ? SOURCE_LIVE : SOURCE_ROOT, from->root);
    out->collected_at = text_of(from->now, by->arena);
    struct collector c = {.arena = by->arena, .snap = out, .asker = by, .from = from, .live = live};
    c.release = release_of(&c);
    for (size_t i = 0; i < n_sources; i++) {
        size_t at = 0;
        if (collect_wanted(sources[i]->prefix, &at) != NULL)
            sources[i]->fetch(&c);
    }
    snap_sort(out);
}
