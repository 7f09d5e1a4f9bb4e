/* SPDX-License-Identifier: MIT */
#include "parse/windows/evtx.h"

#include <string.h>

#include "parse/windows/event_xml.h"
#include "parse/windows/image_path.h"
#include "vbscheck/count.h"

enum {
    RECORDS_MAX = 1 << 17,
    EVENTS_MAX = 4096,   /* images, by number */
    XML_MAX = 256 << 10, /* bytes of one event */
    READ_ACCESS = 1,     /* LIBEVTX_ACCESS_FLAG_READ */
    POLICY_EVENT = 3099,
};

/*
 * Events that name an image. 3033 and 3077 are about programs and their libraries most of the time:
 * only drivers count, recognised by their names. For 3081 only versions with the words "violated
 * Driver policy" count (event manifest of ci.dll); others belong to other policies.
 */
static const struct {
    uint32_t id;
    uint32_t versions; /* a bit for each; 0: all */
    bool drivers;      /* only for files that are named like drivers */
} wanted[] = {
    {3004, 0, false},
    {3023, 0, false},
    {3033, 0, true},
    {3077, 0, true},
    {3081, 1u << 4 | 1u << 8 | 1u << 12, false},
    {3087, 0, false},
    {3111, 0, false},
};

static uint32_t number(struct span text)
{
    uint64_t n;
    return span_number(span_trim(text), &n) && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static bool is_wanted(uint32_t id, uint32_t version, struct span image)
{
    for (size_t i = 0; i < COUNT(wanted); i++) {
        if (wanted[i].id == id)
            return (wanted[i].versions == 0 ||
                    (version < 32 && (wanted[i].versions >> version & 1) != 0)) &&
                   (!wanted[i].drivers || span_ends_like(image, ".sys"));
    }
    return false;
}

/* "2026-11-02T10:11:12Z" of "2026-11-02T10:11:12.345678900Z"; "" if it is not a date. */
static const char *when_of(struct span xml, struct arena *a)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    struct span s = event_attribute(xml, "TimeCreated", "SystemTime");
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';
        if (i >= s.len || (shape[i] == 'd' ? !digit : s.ptr[i] != (uint8_t)shape[i]))
            return "";
    }
    return arena_printf(a, "%.*sZ", (int)(sizeof shape - 1), (const char *)s.ptr);
}

static void note_dates(const char *when, struct windows *out)
{
    if (when[0] == '\0')
        return;
    if (out->log_from == NULL || strcmp(when, out->log_from) < 0)
        out->log_from = when;
    if (out->log_to == NULL || strcmp(when, out->log_to) > 0)
        out->log_to = when;
}

/* Keeps the newest event for each number and image. */
static void keep(struct windows_event e, struct arena *a, struct windows *out)
{
    for (size_t i = 0; i < out->n_events; i++) {
        struct windows_event *old = &out->events[i];
        if (old->id != e.id || !span_like(span_of(old->image), span_of(e.image)))
            continue;
        if (strcmp(e.when, old->when) >= 0)
            *old = e;
        return;
    }
    if (out->n_events == EVENTS_MAX)
        return;
    out->events = arena_grow(a, out->events, out->n_events, sizeof *out->events);
    out->events[out->n_events++] = e;
}

static struct span either(struct span xml, const char *first, const char *second)
{
    struct span s = event_data(xml, first);
    return s.len > 0 ? s : event_data(xml, second);
}

/* The policy of vulnerable drivers has this GUID; its id is its version. */
static void take_policy(struct span xml, struct arena *a, struct windows *out)
{
    struct span guid = event_data(xml, "PolicyGUID"), id = event_data(xml, "PolicyIdBuffer"), after;
    bool is_list = span_find(guid, "d2bda982-ccf6-4344-ac5b-0b44427b6816", &after) ||
                   span_find(guid, "D2BDA982-CCF6-4344-AC5B-0B44427B6816", &after);
    if (is_list && id.len > 0)
        out->policy_in_force = event_text(id, a);
}

void evtx_take(struct span xml, struct arena *a, struct windows *out)
{
    uint32_t id = number(event_element(xml, "EventID"));
    uint32_t version = number(event_element(xml, "Version"));
    if (!span_is(event_attribute(xml, "Provider", "Name"), "Microsoft-Windows-CodeIntegrity"))
        return;
    const char *when = when_of(xml, a);
    note_dates(when, out);
    if (id == POLICY_EVENT)
        take_policy(xml, a, out);
    struct span image = either(xml, "FileNameBuffer", "FileName");
    enum service_place place;
    if (image.len == 0 || !is_wanted(id, version, image))
        return;
    const char *raw = event_text(image, a);
    keep((struct windows_event){.id = id,
                                .bits = number(event_data(xml, "HVCIAuditFailures")),
                                .when = when,
                                .image = event_path(raw, a),
                                .file = image_path(raw, "", a, &place)},
         a, out);
}

/* libevtx ---------------------------------------------------------------------------------- */

struct reading {
    const struct evtx_lib *lib;
    struct libbfio_handle *io;
    struct libevtx_file *file;
    struct arena *arena;
    struct windows *out;
    size_t read, unread; /* records */
};

static bool take_record(struct reading *r, int index)
{
    struct libevtx_record *record = NULL;
    size_t size = 0;
    bool ok = r->lib->libevtx_file_get_record_by_index(r->file, index, &record, NULL) == 1 &&
              r->lib->libevtx_record_get_utf8_xml_string_size(record, &size, NULL) == 1 &&
              size > 0 && size <= XML_MAX;
    if (ok) {
        struct arena once;
        arena_init(&once, 2 * XML_MAX, r->arena->oom);
        uint8_t *xml = arena_alloc(&once, size, 1);
        ok = r->lib->libevtx_record_get_utf8_xml_string(record, xml, size, NULL) == 1;
        if (ok)
            evtx_take((struct span){xml, size - 1}, r->arena, r->out);
        arena_reset(&once);
    }
    if (record != NULL)
        (void)r->lib->libevtx_record_free(&record, NULL);
    return ok;
}

static bool open_log(struct reading *r, struct span file)
{
    uint8_t *bytes;
    memcpy(&bytes, &file.ptr, sizeof bytes); /* libbfio only reads this memory */
    return r->lib->libbfio_memory_range_initialize(&r->io, NULL) == 1 &&
           r->lib->libbfio_memory_range_set(r->io, bytes, file.len, NULL) == 1 &&
           r->lib->libevtx_file_initialize(&r->file, NULL) == 1 &&
           r->lib->libevtx_file_open_file_io_handle(r->file, r->io, READ_ACCESS, NULL) == 1;
}

static void close_log(struct reading *r)
{
    if (r->file != NULL)
        (void)r->lib->libevtx_file_free(&r->file, NULL);
    if (r->io != NULL)
        (void)r->lib->libbfio_handle_free(&r->io, NULL);
}

static bool read_records(struct reading *r)
{
    int n = 0;
    if (r->lib->libevtx_file_get_number_of_records(r->file, &n, NULL) != 1)
        return false;
    for (int i = 0; i < n && i < RECORDS_MAX; i++) {
        if (take_record(r, i))
            r->read++;
        else
            r->unread++;
    }
    return r->lib->libevtx_file_is_corrupted(r->file, NULL) == 0 && n <= RECORDS_MAX &&
           r->out->n_events < EVENTS_MAX;
}

enum status evtx_read(const struct evtx_lib *lib, struct span file, struct arena *a,
                      struct windows *out)
{
    struct reading r = {.lib = lib, .arena = a, .out = out};
    bool whole = open_log(&r, file) && read_records(&r) && r.unread == 0;
    close_log(&r);
    if (whole)
        out->log = (struct windows_part){ST_OK, NULL};
    else if (r.read > 0)
        out->log = (struct windows_part){
            ST_TRUNCATED, "a part of the code integrity log is damaged and was not read"};
    else
        out->log = (struct windows_part){ST_MALFORMED,
                                         "the code integrity log is damaged: it cannot be read"};
    return out->log.st;
}
