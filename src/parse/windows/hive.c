/* SPDX-License-Identifier: MIT */
#include "parse/windows/hive.h"

#include <string.h>

#include "parse/pe/utf16.h"
#include "parse/windows/image_path.h"

enum {
    SERVICES_MAX = 1 << 14,
    KERNEL_DRIVER = 1, /* [MS-SCMR] 3.1.4.11, dwServiceType */
    FILE_SYSTEM_DRIVER = 2,
    RECOGNIZER_DRIVER = 8,
    START_MAX = 4,
    REG_DWORD = 4, /* [MS-RRP] 2.2.9 */
};

struct reading {
    const struct hivex_lib *lib;
    struct hive_h *h;
    struct arena *arena;
    struct windows *out;
    size_t unread; /* services that could not be read */
};

bool hive_is_dirty(struct span hive)
{
    struct rd r = rd_open(hive);
    rd_skip(&r, 4);
    uint32_t first = rd_le32(&r), second = rd_le32(&r);
    return rd_ok(&r) && first != second;
}

/* Values ----------------------------------------------------------------------------------- */

/* The bytes of a value, copied; an empty span where there is none. */
static struct span value_of(struct reading *r, size_t node, const char *key, int *type)
{
    size_t value = r->lib->hivex_node_get_value(r->h, node, key), len = 0;
    char *bytes = value != 0 ? r->lib->hivex_value_value(r->h, value, type, &len) : NULL;
    struct span copy = {0};
    if (bytes != NULL && len > 0) {
        uint8_t *to = arena_alloc(r->arena, len, 1);
        memcpy(to, bytes, len);
        copy = (struct span){to, len};
    }
    r->lib->release(bytes);
    return copy;
}

static bool number_of(struct reading *r, size_t node, const char *key, uint32_t *out)
{
    int type = 0;
    struct rd rd = rd_open(value_of(r, node, key, &type));
    uint32_t n = rd_le32(&rd);
    if (!rd_ok(&rd) || type != REG_DWORD)
        return false;
    *out = n;
    return true;
}

static bool has_value(struct reading *r, size_t node, const char *key)
{
    return r->lib->hivex_node_get_value(r->h, node, key) != 0;
}

/* False if there is a value that is not text; *out is NULL if there is none. */
static bool text_of(struct reading *r, size_t node, const char *key, const char **out)
{
    enum { TEXT = 1, TEXT_WITH_NAMES = 2, PATH_BYTES_MAX = 2 * 1024 }; /* [MS-RRP] 2.2.9 */
    int type = 0;
    *out = NULL;
    struct span s = value_of(r, node, key, &type);
    if (s.len == 0)
        return type == TEXT || type == TEXT_WITH_NAMES || !has_value(r, node, key);
    if (s.len > PATH_BYTES_MAX || (type != TEXT && type != TEXT_WITH_NAMES))
        return false;
    *out = utf16_text(s, r->arena);
    return true;
}

/* The node at "a/b/c" below `node`; 0 where there is none. */
static size_t node_at(struct reading *r, size_t node, const char *path)
{
    while (node != 0 && path[0] != '\0') {
        size_t n = strcspn(path, "/");
        char *part = arena_text(r->arena, (struct span){(const uint8_t *)path, n});
        node = r->lib->hivex_node_get_child(r->h, node, part);
        path += n + (path[n] == '/');
    }
    return node;
}

/* Services --------------------------------------------------------------------------------- */

/*
 * Since Windows 8 the value "0" of StartOverride replaces Start where this installation does not
 * need the driver to start.
 */
static bool start_of(struct reading *r, size_t node, uint32_t *out)
{
    uint32_t n;
    bool found = number_of(r, node, "Start", out);
    size_t override = node_at(r, node, "StartOverride");
    if (override != 0 && number_of(r, override, "0", &n) && n <= START_MAX) {
        *out = n;
        found = true;
    }
    return found && *out <= START_MAX;
}

/* A node without a type is not a service; one whose values cannot be read may be one. */
static bool is_readable(struct reading *r, size_t node)
{
    size_t *values = r->lib->hivex_node_values(r->h, node);
    bool ok = values != NULL;
    for (size_t i = 0; ok && values[i] != 0; i++) {
        char *key = r->lib->hivex_value_key(r->h, values[i]);
        ok = key != NULL;
        r->lib->release(key);
    }
    r->lib->release(values);
    return ok;
}

/* [MS-SCMR] 3.1.4.11: a driver has exactly one type; programs may combine types. */
static bool is_type(uint32_t type)
{
    enum { DRIVERS = 0xf, PROGRAMS = 0x3f0 };
    bool one = (type & (type - 1)) == 0;
    return (type & ~(uint32_t)(DRIVERS | PROGRAMS)) == 0 && ((type & DRIVERS) == 0 || one);
}

static struct windows_service service_of(struct reading *r, size_t node, const char *name,
                                         uint32_t start)
{
    const char *raw = NULL;
    struct windows_service s = {.name = name, .place = PLACE_ASTRAY, .start = start};
    if (text_of(r, node, "ImagePath", &raw))
        s.image = image_path(raw, name, r->arena, &s.place);
    s.image = s.image != NULL ? s.image : name;
    return s;
}

static void read_service(struct reading *r, size_t node)
{
    struct windows *w = r->out;
    uint32_t type, start = 0;
    bool typed = number_of(r, node, "Type", &type);
    r->unread += typed ? !is_type(type) : has_value(r, node, "Type") || !is_readable(r, node);
    if (!typed ||
        (type != KERNEL_DRIVER && type != FILE_SYSTEM_DRIVER && type != RECOGNIZER_DRIVER))
        return;
    char *raw = r->lib->hivex_node_name(r->h, node);
    if (raw == NULL || !start_of(r, node, &start)) {
        r->unread++;
        r->lib->release(raw);
        return;
    }
    const char *name = arena_short_text(r->arena, span_of(raw));
    r->lib->release(raw);
    w->services = arena_grow(r->arena, w->services, w->n_services, sizeof *w->services);
    w->services[w->n_services++] = service_of(r, node, name, start);
}

static bool read_services(struct reading *r, size_t set)
{
    size_t node = node_at(r, set, "Services");
    size_t *all = node != 0 ? r->lib->hivex_node_children(r->h, node) : NULL;
    for (size_t i = 0; all != NULL && all[i] != 0; i++) {
        if (i < SERVICES_MAX)
            read_service(r, all[i]);
        else
            r->unread++;
    }
    r->lib->release(all);
    return all != NULL && r->out->n_services > 0;
}

/* Settings --------------------------------------------------------------------------------- */

static enum windows_switch switch_of(struct reading *r, size_t set, const char *path,
                                     const char *key)
{
    uint32_t n;
    size_t node = node_at(r, set, path);
    if (node == 0 || !number_of(r, node, key, &n))
        return SWITCH_UNSET;
    return n != 0 ? SWITCH_ON : SWITCH_OFF;
}

static void read_switches(struct reading *r, size_t set)
{
    r->out->memory_integrity = switch_of(
        r, set, "Control/DeviceGuard/Scenarios/HypervisorEnforcedCodeIntegrity", "Enabled");
    r->out->vbs = switch_of(r, set, "Control/DeviceGuard", "EnableVirtualizationBasedSecurity");
    r->out->blocklist = switch_of(r, set, "Control/CI/Config", "VulnerableDriverBlocklistEnable");
}

/* The control set that Windows used last; 0 if unknown. */
static size_t current_set(struct reading *r, size_t root)
{
    enum { SETS_MAX = 999 };
    uint32_t n = 0;
    size_t select = node_at(r, root, "Select");
    if (select == 0 || !number_of(r, select, "Current", &n) || n == 0 || n > SETS_MAX)
        return 0;
    return node_at(r, root, arena_printf(r->arena, "ControlSet%03u", (unsigned)n));
}

static enum status fail(struct windows *out, const char *says)
{
    out->hive = (struct windows_part){ST_MALFORMED, says};
    return ST_MALFORMED;
}

enum status hive_read(const struct hivex_lib *lib, const char *path, struct span hive,
                      struct arena *a, struct windows *out)
{
    enum { NO_FLAGS = 0 };
    struct reading r = {.lib = lib, .arena = a, .out = out};
    out->dirty = hive_is_dirty(hive);
    r.h = lib->hivex_open(path, NO_FLAGS);
    if (r.h == NULL)
        return fail(out, "the hive SYSTEM is damaged: it cannot be read");
    size_t set = current_set(&r, lib->hivex_root(r.h));
    if (set != 0)
        read_switches(&r, set);
    bool found = set != 0 && read_services(&r, set);
    (void)lib->hivex_close(r.h);
    if (set == 0)
        return fail(out, "the hive SYSTEM is damaged: it has no control set that Select names");
    if (!found)
        return fail(out, "the hive SYSTEM is damaged: no driver's service can be read in it");
    if (r.unread > 0)
        return fail(out, arena_printf(a,
                                      "the hive SYSTEM is damaged: %zu drivers' services cannot "
                                      "be read in it",
                                      r.unread));
    out->hive.st = ST_OK;
    return ST_OK;
}
