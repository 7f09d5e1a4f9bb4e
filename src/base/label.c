/* SPDX-License-Identifier: MIT */
#include "vbscheck/label.h"

#include <string.h>

#include "vbscheck/utf8.h"

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A key that every consumer accepts: as a column, or, after replacement, as a Prometheus label. */
static bool is_key(struct span key)
{
    for (size_t i = 0; i < key.len; i++) {
        uint8_t c = key.ptr[i];
        if (!is_alphanumeric(c) && (i == 0 || (c != '.' && c != '_' && c != '-')))
            return false;
    }
    return true;
}

static bool is_printable(struct span value)
{
    while (value.len > 0) {
        unsigned char bytes[5] = {0};
        unsigned long cp = 0;
        memcpy(bytes, value.ptr, value.len < 4 ? value.len : 4);
        size_t n = utf8_length(bytes, &cp);
        if (n == 0 || utf8_is_hidden(cp))
            return false;
        value = span_skip(value, n);
    }
    return true;
}

const char *label_problem(struct span key, struct span value)
{
    if (key.len == 0)
        return "the key before '=' is missing";
    if (key.len > LABEL_KEY_MAX)
        return "the key is longer than 63 bytes";
    if (!is_key(key))
        return "a key may contain only letters, digits, '.', '_' and '-', and must begin with a "
               "letter or a digit";
    if (value.len == 0)
        return "the value after '=' is missing";
    if (value.len > LABEL_VALUE_MAX)
        return "the value is longer than 255 bytes";
    return is_printable(value) ? NULL : "the value contains characters that cannot be printed";
}

/* Index of the first label whose key is not before `key`. */
static size_t find(const struct labels *l, const char *key)
{
    size_t i = 0;
    while (i < l->n && strcmp(l->items[i].key, key) < 0)
        i++;
    return i;
}

enum status labels_set(struct labels *l, struct span key, struct span value)
{
    const char *name = arena_text(l->arena, key);
    size_t at = find(l, name);
    if (at < l->n && strcmp(l->items[at].key, name) == 0) {
        l->items[at].value = arena_text(l->arena, value);
        return ST_OK;
    }
    if (l->n == LABELS_MAX)
        return ST_TRUNCATED;
    if (l->items == NULL)
        l->items = arena_new(l->arena, struct label, LABELS_MAX);
    memmove(&l->items[at + 1], &l->items[at], (l->n - at) * sizeof *l->items);
    l->items[at] = (struct label){name, arena_text(l->arena, value)};
    l->n++;
    return ST_OK;
}

const char *labels_get(const struct labels *l, const char *key)
{
    size_t at = find(l, key);
    return at < l->n && strcmp(l->items[at].key, key) == 0 ? l->items[at].value : NULL;
}
