/* SPDX-License-Identifier: MIT */
/*
 * `efivar -p -n GUID-NAME` and `efivar -l`:
 *
 *   GUID: 8be4df61-93ca-11d2-aa0d-00e098032b8c 8be4df61-93ca-11d2-aa0d-00e098032b8c-SecureBoot
 *   Name: "SecureBoot"
 *   Attributes:
 *           Boot Service Access
 *   Value:
 *   00000000  01                                                |.               |
 *
 * A list has names only: it does not show a variable's value, and, since it may be cut, does not
 * prove that a variable is missing.
 */
#include "load/forms/forms.h"

#include <string.h>

#include "load/hex/dump.h"
#include "load/load.h"
#include "parse/efivar.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"

enum { GUID_LEN = 36 };

/* efivar.c, show_var_print(): UEFI 2.10, section 8.2. */
static const struct {
    const char *words;
    uint32_t bit;
} attributes[] = {
    {"Non-Volatile", EFIVAR_NON_VOLATILE},
    {"Boot Service Access", EFIVAR_BOOTSERVICE_ACCESS},
    {"Runtime Service Access", EFIVAR_RUNTIME_ACCESS},
    {"Hardware Error Record", 1 << 3},
    {"Authenticated Write Access", 1 << 4},
    {"Time-Based Authenticated Write Access", 1 << 5},
    {"Append Write", 1 << 6},
};

/* A variable while it is read. */
struct variable {
    struct span guid, name;
    uint32_t attributes;
    bool in_value;
    struct hex_dump value;
};

static bool is_guid(struct span s)
{
    static const char form[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    if (s.len < GUID_LEN)
        return false;
    for (size_t i = 0; i < GUID_LEN; i++) {
        if (form[i] == 'h' ? hex_digit(s.ptr[i]) > 15 : s.ptr[i] != '-')
            return false;
    }
    return true;
}

static bool takes_guid(struct span line, struct span *guid)
{
    if (!span_starts(line, "GUID:"))
        return false;
    *guid = span_trim(span_skip(line, 5));
    return guid->len == GUID_LEN && is_guid(*guid);
}

/* A line of `efivar -l` that names a variable which some probe wants. */
static bool is_listed(struct span line, struct arena *a)
{
    struct span s = span_trim(line);
    if (!is_guid(s) || s.len < GUID_LEN + 2 || s.ptr[GUID_LEN] != '-' || s.len > 200)
        return false;
    struct span name = span_skip(s, GUID_LEN + 1);
    return a == NULL ||
           load_variable(arena_printf(a, "%.*s-%.*s", (int)name.len, (const char *)name.ptr,
                                      GUID_LEN, (const char *)s.ptr)) != NULL;
}

bool efivar_print_opens(struct span line)
{
    struct span guid;
    return takes_guid(span_trim(line), &guid) || is_listed(line, NULL);
}

static void end_variable(struct variable *v, struct form_sink *to)
{
    struct arena *a = to->out->arena;
    if (v->guid.len == 0 || v->name.len == 0 || v->name.len > 128)
        return;
    const char *blob =
        load_variable(arena_printf(a, "%.*s-%.*s", (int)v->name.len, (const char *)v->name.ptr,
                                   (int)v->guid.len, (const char *)v->guid.ptr));
    v->guid.len = 0;
    if (blob == NULL)
        return;
    struct span value = hex_bytes(&v->value, false, a);
    if (value.len == 0 || !v->value.sound || v->attributes == 0) {
        notes_add(&to->out->notes, to->file, "%s: the text of this EFI variable is cut", blob + 7);
        form_add(to, blob, ST_TRUNCATED, (struct span){0});
        return;
    }
    uint8_t *bytes = arena_alloc(a, value.len + 4, 1);
    bytes[0] = (uint8_t)v->attributes;
    if (value.len > 0)
        memcpy(bytes + 4, value.ptr, value.len);
    form_add(to, blob, ST_OK, (struct span){bytes, value.len + 4});
}

static void read_attribute(struct variable *v, struct span words)
{
    for (size_t i = 0; i < COUNT(attributes); i++)
        v->attributes |= span_is(words, attributes[i].words) ? attributes[i].bit : 0;
}

static void read_line(struct variable *v, struct span s)
{
    struct hex_line l;
    if (span_starts(s, "Name: \"") && s.ptr[s.len - 1] == '"')
        v->name = (struct span){s.ptr + 7, s.len - 8};
    else if (span_is(s, "Value:"))
        v->in_value = true;
    else if (!v->in_value)
        read_attribute(v, s);
    else if (!hex_read_line(s, &l))
        return;
    else if (s.ptr[s.len - 1] == '|')
        hex_add(&v->value, &l);
    else
        v->value.sound = false; /* the characters that end each line are cut off */
}

void efivar_print_load(struct span text, struct form_sink *to)
{
    struct variable v = {0};
    struct span line, guid;
    size_t listed = 0;
    while (span_next_line(&text, &line)) {
        struct span s = span_trim(line);
        if (takes_guid(s, &guid)) {
            end_variable(&v, to);
            v = (struct variable){.guid = guid};
            hex_start(&v.value, to->out->arena);
        } else if (v.guid.len > 0 && s.len > 0) {
            read_line(&v, s);
        } else if (listed < 64 && is_guid(s)) {
            listed += is_listed(s, to->out->arena);
        }
    }
    end_variable(&v, to);
    if (listed > 0)
        notes_add(&to->out->notes, to->file,
                  "a list of names of EFI variables, which decides nothing: copy the files from "
                  "/sys/firmware/efi/efivars (rules use %zu of the variables listed)",
                  listed);
}
