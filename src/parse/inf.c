/* SPDX-License-Identifier: MIT */
#include "parse/inf.h"

#include <string.h>

#include "parse/pe/utf16.h"
#include "parse/refuse.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

struct inf_string {
    struct span token, value;
};

struct reading {
    struct arena *arena, *scratch;
    struct span text;
    bool has_version;
    struct inf_string *strings; /* in scratch, like everything outside `inf` */
    size_t n_strings;
    struct inf_models {
        struct span name, decoration;
    } * models; /* sections that [Manufacturer] names */
    size_t n_models;
    const uint8_t *section; /* the last argument of is_models(), and its result */
    bool is_models;
    const char *arch;
    struct inf inf;
};

/* Text ------------------------------------------------------------------------------------- */

/* A code page; the file does not name it. */
static struct span decode_bytes(struct span file, struct arena *scratch)
{
    char *text = arena_new(scratch, char, file.len + 1);
    for (size_t i = 0; i < file.len; i++) {
        bool plain = file.ptr[i] < 0x7f && (file.ptr[i] >= ' ' || file.ptr[i] == '\n');
        text[i] = (char)(plain                                        ? file.ptr[i]
                         : file.ptr[i] == '\t' || file.ptr[i] == '\r' ? ' '
                                                                      : '?');
    }
    return (struct span){(const uint8_t *)text, file.len};
}

static struct span decode(struct span file, struct arena *scratch)
{
    if (span_starts(file, "\xff\xfe"))
        return span_of(utf16_lines(span_skip(file, 2), false, scratch));
    if (span_starts(file, "\xfe\xff"))
        return span_of(utf16_lines(span_skip(file, 2), true, scratch));
    if (span_starts(file, "\xef\xbb\xbf"))
        return span_skip(file, 3);
    return decode_bytes(file, scratch);
}

/*
 * The text before the first `;` or, for values, `,` outside quotation marks; *rest gets the rest.
 */
static struct span until(struct span s, char separator, struct span *rest)
{
    bool quoted = false;
    size_t i = 0;
    while (i < s.len && (quoted || s.ptr[i] != (uint8_t)separator)) {
        quoted ^= s.ptr[i] == '"';
        i++;
    }
    *rest = span_skip(s, i + 1);
    return span_trim((struct span){s.ptr, i});
}

static struct span unquoted(struct span s)
{
    s = span_trim(s);
    if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
        return (struct span){s.ptr + 1, s.len - 2};
    return s;
}

typedef void entry_fn(struct reading *r, struct span section, struct span key, struct span value);

/* Each line of each section: "key = value", or a key alone. */
static void walk(struct reading *r, entry_fn *entry)
{
    struct span rest = r->text, line, section = {0}, more, key, value;
    while (span_next_line(&rest, &line)) {
        line = until(line, ';', &more);
        if (line.len == 0)
            continue;
        if (line.ptr[0] == '[') {
            section = until(span_skip(line, 1), ']', &more);
            continue;
        }
        key = until(line, '=', &value);
        entry(r, section, unquoted(key), span_trim(value));
    }
}

/* What is where ------------------------------------------------------------------------------ */

static const char *kept(struct reading *r, struct span s)
{
    return arena_short_text(r->arena, s);
}

static bool is_driver(struct span name)
{
    return span_ends_like(name, ".sys") || span_ends_like(name, ".dll");
}

static void add_file(struct reading *r, struct span path)
{
    size_t start = path.len;
    while (start > 0 && path.ptr[start - 1] != '\\' && path.ptr[start - 1] != '/')
        start--;
    struct span name = unquoted(span_skip(path, start));
    if (!is_driver(name) || r->inf.n_files == INF_FILES_MAX)
        return;
    r->inf.files = arena_grow(r->arena, r->inf.files, r->inf.n_files, sizeof *r->inf.files);
    r->inf.files[r->inf.n_files++] = kept(r, name);
}

static void add_string(struct reading *r, struct span token, struct span value)
{
    if (r->n_strings == INF_STRINGS_MAX)
        return;
    r->strings = arena_grow(r->scratch, r->strings, r->n_strings, sizeof *r->strings);
    r->strings[r->n_strings++] = (struct inf_string){token, unquoted(value)};
}

/* "Section, NTamd64, NTarm64.10.0": the section itself, and with each of these appended. */
static void add_models(struct reading *r, struct span value)
{
    struct span more, name = until(value, ',', &more), decoration = {0};
    while (r->n_models < INF_MODELS_MAX && name.len > 0) {
        r->models = arena_grow(r->scratch, r->models, r->n_models, sizeof *r->models);
        r->models[r->n_models++] = (struct inf_models){name, decoration};
        if (more.len == 0)
            return;
        decoration = until(more, ',', &more);
    }
}

/* First walk: reads the sections that models and their names are looked up in. */
static void take_entry(struct reading *r, struct span section, struct span key, struct span value)
{
    static const char files[] = "SourceDisksFiles";
    struct span start = {section.ptr,
                         section.len < sizeof files - 1 ? section.len : sizeof files - 1};
    r->has_version |= span_like(section, span_of("Version"));
    if (span_like(section, span_of("Strings")))
        add_string(r, key, value);
    else if (span_like(section, span_of("Manufacturer")))
        add_models(r, value.len > 0 ? value : key);
    else if (span_like(start, span_of(files)))
        add_file(r, key);
    else if (span_like(key, span_of("ServiceBinary")))
        add_file(r, value);
}

/* Models ------------------------------------------------------------------------------------- */

/* "%Token%" or text. */
static struct span resolve(const struct reading *r, struct span s)
{
    if (s.len < 3 || s.ptr[0] != '%' || s.ptr[s.len - 1] != '%')
        return s;
    struct span token = {s.ptr + 1, s.len - 2};
    for (size_t i = 0; i < r->n_strings; i++) {
        if (span_like(r->strings[i].token, token))
            return r->strings[i].value;
    }
    return token;
}

/* "NTamd64.10.0...16299" */
static const char *arch_of(struct span decoration)
{
    static const struct {
        const char *start, *arch;
    } names[] = {{"ntamd64", "amd64"},
                 {"ntarm64", "arm64"},
                 {"ntx86", "i386"},
                 {"ntarm", "armnt"},
                 {"ntia64", "ia64"}};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct span start = span_of(names[i].start);
        if (decoration.len >= start.len &&
            span_like((struct span){decoration.ptr, start.len}, start))
            return names[i].arch;
    }
    return NULL;
}

static bool is_section_of(struct span section, const struct inf_models *m)
{
    size_t dot = m->decoration.len > 0;
    if (section.len != m->name.len + dot + m->decoration.len ||
        !span_like((struct span){section.ptr, m->name.len}, m->name))
        return false;
    return dot == 0 || (section.ptr[m->name.len] == '.' &&
                        span_like(span_skip(section, m->name.len + 1), m->decoration));
}

/* True for a section that [Manufacturer] names; r->arch becomes its architecture. */
static bool is_models(struct reading *r, struct span section)
{
    if (section.ptr == r->section)
        return r->is_models;
    r->section = section.ptr;
    r->is_models = false;
    for (size_t i = 0; i < r->n_models && !r->is_models; i++) {
        r->is_models = is_section_of(section, &r->models[i]);
        r->arch = arch_of(r->models[i].decoration);
    }
    return r->is_models;
}

static bool is_known(const struct inf *inf, struct span id, const char *arch)
{
    for (size_t i = 0; i < inf->n_devices; i++) {
        const struct inf_device *d = &inf->devices[i];
        if (d->arch == arch && span_like(span_of(d->id), id))
            return true;
    }
    return false;
}

/* Second walk: "description = install section, hardware id, compatible ids". */
static void take_model(struct reading *r, struct span section, struct span key, struct span value)
{
    struct inf *inf = &r->inf;
    struct span more;
    if (value.len == 0 || inf->n_devices == INF_DEVICES_MAX || !is_models(r, section))
        return;
    (void)until(value, ',', &more);
    struct span id = unquoted(until(more, ',', &more));
    if (is_known(inf, id, r->arch))
        return;
    inf->devices = arena_grow(r->arena, inf->devices, inf->n_devices, sizeof *inf->devices);
    inf->devices[inf->n_devices++] =
        (struct inf_device){kept(r, resolve(r, key)), kept(r, resolve(r, id)), r->arch};
}

enum status inf_parse(struct span file, struct arena *a, struct arena *scratch, struct inf *out,
                      struct fault *fault)
{
    struct reading r = {.arena = a, .scratch = scratch};
    if (file.len > INF_MAX)
        return refuse(fault, INF_MAX, "an INF file that is larger than any");
    r.text = decode(file, scratch);
    walk(&r, take_entry);
    if (!r.has_version)
        return refuse(fault, 0, "an INF file without the section [Version]");
    for (size_t i = 0; i < r.n_models; i++) /* the section's name may be a token, too */
        r.models[i].name = resolve(&r, r.models[i].name);
    walk(&r, take_model);
    *out = r.inf;
    return ST_OK;
}

/* Asking ------------------------------------------------------------------------------------- */

bool inf_installs(const struct inf *inf, const char *name)
{
    for (size_t i = 0; i < inf->n_files; i++) {
        if (span_like(span_of(inf->files[i]), span_of(name)))
            return true;
    }
    return false;
}

static bool serves(const struct inf_device *d, const char *arch)
{
    return d->arch == NULL || arch == NULL || strcmp(d->arch, arch) == 0;
}

const char *inf_hardware(const struct inf *inf, const char *arch, struct arena *a)
{
    enum { SHOWN = 3 };
    struct out o;
    size_t n = 0;
    out_init(&o, a);
    for (size_t i = 0; i < inf->n_devices; i++) {
        const struct inf_device *d = &inf->devices[i];
        if (!serves(d, arch) || n++ >= SHOWN)
            continue;
        out_printf(&o, "%s%s", o.len > 0 ? ", " : "", d->name);
        if (d->id[0] != '\0')
            out_printf(&o, " (%s)", d->id);
    }
    if (n > SHOWN)
        out_printf(&o, " and %zu more", n - SHOWN);
    return n > 0 ? arena_text(a, out_span(&o)) : NULL;
}
