/* SPDX-License-Identifier: MIT */
#include "parse/windows/windows.h"

#include <string.h>

#include "parse/refuse.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

/* State while reading: the results, and the list that the next lines of systeminfo continue. */
struct walk {
    struct windows w;
    struct arena *arena;
    struct windows_list *list; /* NULL: none */
    struct windows_list again; /* receives a repeated list */
    bool services;             /* what that list holds */
    bool vbs_rows;             /* a row about virtualization-based security was seen */
    const char *wrong;
};

/* Values ----------------------------------------------------------------------------------- */

static bool has_word(struct span s, const char *word)
{
    struct span want = span_of(word);
    for (size_t i = 0; i + want.len <= s.len; i++) {
        if (span_like((struct span){s.ptr + i, want.len}, want))
            return true;
    }
    return false;
}

static void add_item(struct walk *k, struct windows_list *l, bool services, struct span item)
{
    int n = services ? windows_service(item) : windows_property(item);
    uint64_t number;
    if (n < 0 && services && !span_number(item, &number))
        return; /* newer Windows has more services; they do not describe the machine */
    if (n < 0) {
        k->wrong = services ? "a service number that Windows never prints"
                            : "a security property that Windows never prints";
        return;
    }
    l->told = k->vbs_rows = true;
    if ((l->has >> n & 1) != 0)
        k->wrong = "a list that names one number twice";
    l->has |= 1U << n;
}

/* "Base Virtualization Support, DMA Protection", "{1, 2, 3, 4...}", "[1, 2]", "1". */
static void read_list(struct walk *k, struct windows_list *l, bool services, struct span value)
{
    static const char dots[] = "...";
    struct out plain;
    struct span rest, item;
    out_init(&plain, k->arena);
    for (size_t i = 0; i < value.len; i++)
        out_char(&plain, strchr("{}[]\"", value.ptr[i]) != NULL ? ' ' : (char)value.ptr[i]);
    rest = span_trim(out_span(&plain));
    while (rest.len > 0) {
        struct span after = {0};
        if (!span_split(rest, ',', &item, &after))
            item = rest;
        rest = after;
        if (span_find(item, dots, &after) && after.len == 0) {
            l->cut = l->told = true;
            item.len -= sizeof dots - 1;
        } else if (span_find(item, "\xe2\x80\xa6", &after) && after.len == 0) {
            l->cut = l->told = true;
            item.len -= 3;
        }
        item = span_trim(item);
        if (item.len > 0 && !span_is(item, "null"))
            add_item(k, l, services, item);
    }
    if ((l->has & 1) != 0 && l->has != 1)
        k->wrong = "a list that contains 0 (none) and other numbers";
}

static enum windows_switch read_switch(struct span v)
{
    return has_word(v, "on") && !has_word(v, "elevation") ? WINDOWS_ON
           : has_word(v, "off")                           ? WINDOWS_OFF
                                                          : WINDOWS_UNTOLD;
}

/* Rows ------------------------------------------------------------------------------------- */

static void on_vbs(struct walk *k, struct span v)
{
    uint64_t n;
    struct span status;
    if (span_find(v, "Status:", &status))
        v = span_trim(status);
    if (v.len == 0 || span_is(v, "null"))
        return;
    k->vbs_rows = true;
    if (span_number(v, &n)) {
        if (n > 2)
            k->wrong = "a status of virtualization-based security that Windows never prints";
        k->w.vbs = n == 0 ? WINDOWS_VBS_OFF : n == 1 ? WINDOWS_VBS_WAITING : WINDOWS_VBS_RUNNING;
    } else if (has_word(v, "not running")) {
        k->w.vbs = WINDOWS_VBS_WAITING;
    } else if (has_word(v, "running")) {
        k->w.vbs = WINDOWS_VBS_RUNNING;
    } else if (has_word(v, "not enabled") || span_is(v, "Off")) {
        k->w.vbs = WINDOWS_VBS_OFF;
    } else {
        k->wrong = "a status of virtualization-based security that Windows never prints";
    }
}

/*
 * A row without a value has no meaning: PowerShell leaves it blank if it was not allowed to look.
 * msinfo32 prints all rows, and there a blank one is an empty list; but a Windows that looked
 * always finds some property, if only {0}.
 */
static void list_row(struct walk *k, struct windows_list *l, bool services, struct span v)
{
    struct windows_list now = {.told = k->w.source == WINDOWS_MSINFO32 && l != &k->w.available};
    k->services = services;
    if (!span_starts(v, "<")) /* "<blank>" */
        read_list(k, &now, services, v);
    k->again = (struct windows_list){0};
    k->list = l->told ? &k->again : l;
    if (l->told && now.told && !l->cut && !now.cut && l->has != now.has)
        k->wrong = "two lists of one kind that differ, as of two machines or two boots";
    if (!l->told || (l->cut && now.told && !now.cut))
        *l = now;
}

static void on_available(struct walk *k, struct span v)
{
    list_row(k, &k->w.available, false, v);
}

static void on_required(struct walk *k, struct span v)
{
    list_row(k, &k->w.required, false, v);
}

static void on_configured(struct walk *k, struct span v)
{
    list_row(k, &k->w.configured, true, v);
}

static void on_running(struct walk *k, struct span v)
{
    list_row(k, &k->w.running, true, v);
}

static void on_version(struct walk *k, struct span v)
{
    if (k->w.source != WINDOWS_DEVICE_GUARD) /* there it is the version of the class */
        k->w.version = v;
}

static void on_maker(struct walk *k, struct span v)
{
    k->w.maker = v;
}

static void on_model(struct walk *k, struct span v)
{
    if (k->w.model.len > 0 && !span_like(k->w.model, v))
        k->wrong = "the names of two machines";
    k->w.model = v;
}

static void on_type(struct walk *k, struct span v)
{
    k->w.type = v;
}

static void on_board(struct walk *k, struct span v)
{
    k->w.board = has_word(v, "not available") ? (struct span){0} : v;
}

/* "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz, 1896 Mhz, 4 Core(s), 8 Logical Processor(s)" */
static void on_processor(struct walk *k, struct span v)
{
    struct span name, rest;
    k->w.processor = span_split(v, ',', &name, &rest) ? name : v;
}

/* "LENOVO N25ET63W (1.49 ), 12/20/2022": the date after the last comma. */
static void on_firmware(struct walk *k, struct span v)
{
    size_t at = v.len;
    while (at > 0 && v.ptr[at - 1] != ',')
        at--;
    k->w.firmware = at > 0 ? span_trim((struct span){v.ptr, at - 1}) : v;
    k->w.firmware_date = at > 0 ? span_trim(span_skip(v, at)) : (struct span){0};
}

static void on_mode(struct walk *k, struct span v)
{
    k->w.uefi = span_is(v, "UEFI")     ? WINDOWS_ON
                : span_is(v, "Legacy") ? WINDOWS_OFF
                                       : WINDOWS_UNTOLD;
}

static void on_secure_boot(struct walk *k, struct span v)
{
    k->w.secure_boot = read_switch(v);
}

static void on_kernel_dma(struct walk *k, struct span v)
{
    k->w.kernel_dma = read_switch(v);
}

/* In any case of letters; the names of Windows 10 before 1709 among them. */
static const struct {
    const char *key;
    void (*on)(struct walk *k, struct span v);
} rows[] = {
    {"Virtualization-based security", on_vbs},
    {"Device Guard Virtualization based security", on_vbs},
    {"VirtualizationBasedSecurityStatus", on_vbs},
    {"Virtualization-based security Available Security Properties", on_available},
    {"Device Guard Available Security Properties", on_available},
    {"Available Security Properties", on_available},
    {"AvailableSecurityProperties", on_available},
    {"DeviceGuardAvailableSecurityProperties", on_available},
    {"Virtualization-based security Required Security Properties", on_required},
    {"Device Guard Required Security Properties", on_required},
    {"Required Security Properties", on_required},
    {"RequiredSecurityProperties", on_required},
    {"DeviceGuardRequiredSecurityProperties", on_required},
    {"Virtualization-based security Services Configured", on_configured},
    {"Device Guard Security Services Configured", on_configured},
    {"Services Configured", on_configured},
    {"SecurityServicesConfigured", on_configured},
    {"DeviceGuardSecurityServicesConfigured", on_configured},
    {"Virtualization-based security Services Running", on_running},
    {"Device Guard Security Services Running", on_running},
    {"Services Running", on_running},
    {"SecurityServicesRunning", on_running},
    {"DeviceGuardSecurityServicesRunning", on_running},
    {"Version", on_version},
    {"OS Version", on_version},
    {"System Manufacturer", on_maker},
    {"System Model", on_model},
    {"System Type", on_type},
    {"BaseBoard Product", on_board},
    {"Processor", on_processor},
    {"BIOS Version/Date", on_firmware},
    {"BIOS Version", on_firmware},
    {"BIOS Mode", on_mode},
    {"Secure Boot State", on_secure_boot},
    {"Kernel DMA Protection", on_kernel_dma},
    /* of Get-ComputerInfo */
    {"CsManufacturer", on_maker},
    {"CsModel", on_model},
    {"CsSystemType", on_type},
    {"OsVersion", on_version},
    {"BiosFirmwareType", on_mode},
};

/* Texts ------------------------------------------------------------------------------------ */

/* JSON's commas and brackets fall away, and the tags of a page. */
static bool split_row(struct span line, struct span *key, struct span *value)
{
    struct span after;
    if (!windows_row(line, key, value))
        return false;
    if (span_find(*value, "<br>", &after) && after.len == 0)
        *value = span_trim((struct span){value->ptr, value->len - 4});
    bool list = value->len > 0 && strchr("{[", value->ptr[0]) != NULL;
    while (!list && value->len > 0 && strchr(",}]", value->ptr[value->len - 1]) != NULL)
        value->len--;
    return true;
}

/* A list that continues in the next lines, up to its bracket. */
static struct span whole_list(struct span value, struct span *rest, struct arena *a)
{
    enum { MOST = 16 };
    struct span line;
    char closing = value.len > 0 && value.ptr[0] == '{'   ? '}'
                   : value.len > 0 && value.ptr[0] == '[' ? ']'
                                                          : '\0';
    if (closing == '\0')
        return value;
    for (unsigned i = 0; i < MOST && memchr(value.ptr, closing, value.len) == NULL; i++) {
        if (!span_next_line(rest, &line))
            break;
        struct span more = span_trim(line);
        value = span_of(arena_printf(a, "%.*s %.*s", (int)value.len, (const char *)value.ptr,
                                     (int)more.len, (const char *)more.ptr));
    }
    const uint8_t *end = memchr(value.ptr, closing, value.len);
    return end != NULL ? (struct span){value.ptr, (size_t)(end - value.ptr)} : value;
}

static bool take_row(struct walk *k, struct span key, struct span value, struct span *rest)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!windows_key_is(key, rows[i].key))
            continue;
        k->list = NULL;
        rows[i].on(k, whole_list(value, rest, k->arena));
        return true;
    }
    return false;
}

static void read_line(struct walk *k, struct span line, struct span *rest)
{
    struct span key, value, item = span_trim(line);
    if (split_row(line, &key, &value)) {
        if (!take_row(k, key, value, rest))
            k->list = NULL;
    } else if (k->list != NULL && k->w.source == WINDOWS_SYSTEMINFO && item.len > 0) {
        add_item(k, k->list, k->services, item);
    }
}

/* Rows that systeminfo does not have. */
static bool is_msinfo32(struct span line)
{
    static const char *const keys[] = {
        "BIOS Mode", "Secure Boot State",
        "Virtualization-based security Available Security Properties",
        "Device Guard Available Security Properties"};
    struct span key, value;
    for (size_t i = 0; windows_row(line, &key, &value) && i < COUNT(keys); i++) {
        if (windows_key_is(key, keys[i]))
            return true;
    }
    return false;
}

enum windows_source windows_source_of(struct span text)
{
    struct span line, rest = text;
    if (span_find(text, "DeviceGuardAvailableSecurityProperties", NULL))
        return WINDOWS_COMPUTER_INFO;
    if (span_find(text, "AvailableSecurityProperties", NULL) ||
        span_find(text, "VirtualizationBasedSecurityStatus", NULL))
        return WINDOWS_DEVICE_GUARD;
    while (span_next_line(&rest, &line)) {
        if ((memchr(line.ptr, '\t', line.len) != NULL && windows_opens(line)) || is_msinfo32(line))
            return WINDOWS_MSINFO32;
    }
    return WINDOWS_SYSTEMINFO;
}

static bool runs_services(const struct windows *w)
{
    enum { CREDENTIAL_GUARD = 1 << 1, MEMORY_INTEGRITY = 1 << 2 };
    return (w->running.has & (CREDENTIAL_GUARD | MEMORY_INTEGRITY)) != 0;
}

/* No Windows prints a text that contradicts itself. */
static const char *contradiction(const struct windows *w)
{
    enum { BASE = 1 << 1 };
    if (runs_services(w) && (w->vbs == WINDOWS_VBS_OFF || w->vbs == WINDOWS_VBS_WAITING))
        return "services that run while virtualization-based security does not";
    if (w->vbs == WINDOWS_VBS_RUNNING && w->available.told && !w->available.cut &&
        (w->available.has & BASE) == 0)
        return "virtualization-based security that runs without property 1, its base";
    return NULL;
}

static bool is_english(const struct walk *k)
{
    bool names = k->w.source == WINDOWS_DEVICE_GUARD || k->w.source == WINDOWS_COMPUTER_INFO;
    return names || k->vbs_rows || k->w.secure_boot != WINDOWS_UNTOLD || k->w.model.len > 0;
}

enum status windows_parse(struct span text, struct arena *a, struct windows *out,
                          struct fault *fault)
{
    struct walk k = {.arena = a, .w.source = windows_source_of(text)};
    struct span rest = windows_unfold(text, a), line;
    while (span_next_line(&rest, &line) && k.wrong == NULL)
        read_line(&k, line, &rest);
    if (k.wrong == NULL)
        k.wrong = contradiction(&k.w);
    if (k.w.vbs == WINDOWS_VBS_UNTOLD && runs_services(&k.w)) /* Get-ComputerInfo has no such row */
        k.w.vbs = WINDOWS_VBS_RUNNING;
    if (k.wrong != NULL)
        return refuse(fault, 0, k.wrong);
    if (!is_english(&k))
        return windows_localised(text, a, out);
    *out = k.w;
    return k.vbs_rows ? ST_OK : ST_NOT_COLLECTED;
}
