/* SPDX-License-Identifier: MIT */
#include "load/redact.h"

#include <string.h>

#include "parse/cpuid.h"
#include "parse/cpuinfo.h"
#include "parse/kernel_words.h"
#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "parse/windows/windows.h"
#include "probe/probe.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

/* Names ------------------------------------------------------------------------------------ */

static bool is_letter(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c >= 0x80;
}

static void hide(uint8_t *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text[i] = is_letter(text[i]) ? 'x' : text[i];
}

/* Is this of the form, in which 'h' is a hexadecimal digit and '-' a colon or a hyphen? */
static bool has_form(struct span s, const char *form)
{
    size_t n = strlen(form);
    struct span after = span_skip(s, n);
    bool goes_on = after.len > 1 && after.ptr[0] == ':' && hex_digit(after.ptr[1]) < 16;
    if (s.len < n || goes_on || (after.len > 0 && hex_digit(after.ptr[0]) < 16))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool hex = hex_digit(s.ptr[i]) < 16, parts = s.ptr[i] == ':' || s.ptr[i] == '-';
        if (form[i] == 'h' ? !hex : !parts)
            return false;
    }
    return true;
}

/* RFC 9562's form of UUIDs, which LUKS and EFI use as well; IEEE 802's of addresses. */
static const char *const forms[] = {"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh", "hh-hh-hh-hh-hh-hh"};

static void hide_ids(uint8_t *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool inside = i > 0 && (is_letter(text[i - 1]) || text[i - 1] == ':');
        for (size_t k = 0; k < COUNT(forms) && !inside; k++) {
            if (has_form((struct span){text + i, n - i}, forms[k]))
                hide(text + i, strlen(forms[k]));
        }
    }
}

/* "(user@host)": the builder of the kernel, who may be a private person. */
static void hide_builders(uint8_t *text, size_t n)
{
    for (size_t i = 0, start = 0; i <= n; i++) {
        bool ends = i == n || text[i] == ' ' || text[i] == '(' || text[i] == ')';
        if (!ends)
            continue;
        if (memchr(text + start, '@', i - start) != NULL)
            hide(text + start, i - start);
        start = i + 1;
    }
}

/* Hides the text before " kernel: " (time and host), except the kernel's own stamps. */
static void hide_host(uint8_t *text, size_t n)
{
    static const char tag[] = " kernel";
    size_t from = 0, to = n;
    if (n > 2 && text[0] == '<')
        from = text[2] == '>' ? 3 : 4;
    while (from < n && text[from] == '[') {
        const uint8_t *end = memchr(text + from, ']', n - from);
        from = end != NULL ? (size_t)(end - text) + 1 : n;
        from += from < n && text[from] == ' ';
    }
    while (to > from && (n - to < sizeof tag - 1 || memcmp(text + to, tag, sizeof tag - 1) != 0))
        to--;
    if (to > from)
        hide(text + from, to - from);
}

/* Blobs ------------------------------------------------------------------------------------ */

/* Keeps the length of the line: lengths show whether the line of tables is whole. */
static void put_line(struct out *o, struct span line, struct arena *a)
{
    struct span message = klog_message(line);
    if (message.len == 0 || !klog_matters(message))
        return;
    size_t at = (size_t)(message.ptr - line.ptr);
    uint8_t *text = (uint8_t *)arena_text(a, line);
    hide_host(text, at);
    if (span_starts(message, "Linux version "))
        hide_builders(text + at, message.len);
    hide_ids(text + at, message.len);
    struct span now = {text, line.len};
    if (klog_message(now).len != message.len) /* the text before the message is removed */
        now = span_skip(now, at);
    out_bytes(o, (const char *)now.ptr, now.len);
}

static void redact_log(struct blob *b, struct arena *a)
{
    struct span rest = b->data, line;
    struct out o;
    out_init(&o, a);
    while (span_next_line(&rest, &line)) {
        size_t before = o.len;
        put_line(&o, line, a);
        if (o.len > before && (rest.len > 0 || b->data.ptr[b->data.len - 1] == '\n'))
            out_char(&o, '\n');
    }
    b->data = out_span(&o);
}

static void redact_cpuid(struct blob *b, struct arena *a)
{
    struct cpuid c;
    enum status st = cpuid_parse(b->data, a, &c, NULL);
    if (st == ST_OK)
        b->data = cpuid_write(&c, a);
    else
        *b = (struct blob){.name = b->name, .st = st};
}

/*
 * Keeps a missing end of the last line, and the length of every line: both show whether the text
 * was cut.
 */
static void redact_cpuinfo(struct blob *b, struct arena *a)
{
    uint8_t *text = (uint8_t *)arena_text(a, b->data);
    struct span rest = b->data, line;
    struct cpuinfo c;
    bool of_words = false;
    enum status st = cpuinfo_parse(b->data, &c, NULL);
    if (st != ST_OK) {
        *b = (struct blob){.name = b->name, .st = st};
        return;
    }
    while (span_next_line(&rest, &line)) {
        if (!cpuinfo_reads(line, &of_words))
            hide(text + (line.ptr - b->data.ptr), line.len);
    }
    b->data.ptr = text;
}

static void redact_dmi(struct blob *b, struct arena *a)
{
    struct dmi d = dmi_parse(b->data);
    b->data = dmi_write(&d, a);
}

static void redact_windows(struct blob *b, struct arena *a)
{
    struct windows w;
    enum status st = windows_read(b->data, &w);
    b->data = windows_write(&w, st, a);
}

static void redact_text(struct blob *b, struct arena *a)
{
    uint8_t *text = (uint8_t *)arena_text(a, b->data);
    hide_ids(text, b->data.len);
    b->data.ptr = text;
}

/* Edited captures, or those of another program, may hold the whole command line. */
static void redact_kernel(struct blob *b, struct arena *a)
{
    struct span rest = b->data, line;
    struct out o;
    out_init(&o, a);
    while (span_next_line(&rest, &line)) {
        bool options = span_starts(line, "cmdline:");
        if (!options && !kernel_line_is_known(line))
            continue;
        struct span words = options ? line : (struct span){0}, word;
        if (!options)
            out_bytes(&o, (const char *)line.ptr, line.len);
        while (span_next_word(&words, &word)) {
            bool first = word.ptr == line.ptr;
            if (!first && !kernel_word_decides(word))
                continue;
            out_str(&o, first ? "" : " ");
            out_bytes(&o, (const char *)word.ptr, word.len);
        }
        out_char(&o, '\n');
    }
    b->data = out_span(&o);
    redact_text(b, a);
}

/* The first row that fits counts. Blobs without a row are bytes from firmware or TPM. */
static const struct {
    const char *prefix;
    void (*redact)(struct blob *b, struct arena *a);
} rows[] = {
    {"efi/kernel-log", redact_log},
    {"cpuid-hypervisor", redact_text},
    {"cpuid", redact_cpuid},
    {"cpuinfo", redact_cpuinfo},
    {"dmi", redact_dmi},
    {"kernel", redact_kernel},
    {"windows", redact_windows},
    {"pci", redact_text},
    {"sys/", redact_text},
    {"msr", redact_text},
};

static void redact_blob(struct blob *b, struct arena *a)
{
    bool bytes = b->st == ST_OK || b->st == ST_TRUNCATED;
    for (size_t i = 0; i < COUNT(rows) && bytes && b->data.len > 0; i++) {
        if (strncmp(b->name, rows[i].prefix, strlen(rows[i].prefix)) != 0)
            continue;
        rows[i].redact(b, a);
        break;
    }
    b->sha256 = NULL;
    b->from = "the evidence given";
}

/* A probe's name, or one of its tables: "acpi/WSMT2". */
static bool is_wanted(const char *name)
{
    for (size_t i = 0; i < n_probes; i++) {
        for (const char *const *want = probes[i]->wants; *want != NULL; want++) {
            size_t n = strlen(*want);
            if (strncmp(name, *want, n) == 0 && name[n + strspn(name + n, "0123456789")] == '\0')
                return true;
        }
    }
    return false;
}

/* Several of one kind ---------------------------------------------------------------------- */

/* Blobs that evidence_load() adds several times if they contradict each other. */
static const char *const alternatives[] = {
    "cpuid", "cpuinfo", "dmi", "efi/kernel-log", "memory/kernel", "memory/modules", "storage",
};

static bool is_alternative(const char *name, size_t n)
{
    for (size_t i = 0; i < COUNT(alternatives); i++) {
        if (strlen(alternatives[i]) == n && strncmp(alternatives[i], name, n) == 0)
            return true;
    }
    return false;
}

/* ".1" to ".99" */
static bool is_number(const char *dot)
{
    size_t n = strspn(dot + 1, "0123456789");
    return dot[1] != '0' && (n == 1 || n == 2) && dot[1 + n] == '\0';
}

void redact_unnumber(struct snapshot *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const char *name = s->blobs[i].name, *dot = strchr(name, '.');
        size_t n = dot != NULL ? (size_t)(dot - name) : 0;
        if (dot != NULL && is_number(dot) && is_alternative(name, n))
            s->blobs[i].name = arena_text(s->arena, (struct span){(const uint8_t *)name, n});
    }
}

/* Numbers blobs of one name from `first` on and drops copies. Returns how many are left. */
static size_t number(struct snapshot *s, size_t first, size_t n)
{
    struct blob *b = &s->blobs[first];
    const char *name = b->name;
    size_t kept = 1;
    for (size_t i = 1; i < n; i++) {
        if (!span_equal(b[i].data, b[kept - 1].data))
            b[kept++] = b[i];
    }
    for (size_t i = 0; i < kept && kept > 1; i++)
        b[i].name = arena_printf(s->arena, "%s.%zu", name, i + 1);
    return kept;
}

void redact(struct snapshot *s)
{
    size_t n = 0, first = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!is_wanted(s->blobs[i].name))
            continue;
        if (n > first && strcmp(s->blobs[first].name, s->blobs[i].name) != 0) {
            n = first + number(s, first, n - first);
            first = n;
        }
        s->blobs[n] = s->blobs[i];
        redact_blob(&s->blobs[n++], s->arena);
    }
    s->n = n > first ? first + number(s, first, n - first) : n;
}
