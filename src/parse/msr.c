/* SPDX-License-Identifier: MIT */
#include "parse/msr.h"

#include "parse/refuse.h"

const uint32_t msr_numbers[MSR_COUNT] = {
#define X(id, number, name) [MSR_##id] = number,
    MSR_TABLE(X)
#undef X
};

struct row {
    uint64_t number;
    enum status st;
    uint64_t value; /* if `st` is ST_OK */
};

static bool take_hex_word(struct span *line, uint64_t *out)
{
    struct span word;
    return span_next_word(line, &word) && span_starts(word, "0x") && span_number(word, out);
}

/* A reason why there is no value. "ok" is not a reason. */
static bool is_reason(struct span word, enum status *out)
{
    for (unsigned i = 0; i < ST_COUNT; i++) {
        if (i != ST_OK && span_is(word, status_name((enum status)i))) {
            *out = (enum status)i;
            return true;
        }
    }
    return false;
}

static bool read_row(struct span line, struct row *out)
{
    struct row row = {.st = ST_OK};
    struct span word;
    uint64_t cpu = 0;
    if (!span_next_word(&line, &word) || !span_take_dec(&word, &cpu) || word.len != 0)
        return false;
    if (!take_hex_word(&line, &row.number))
        return false;
    struct span rest = line;
    if (!take_hex_word(&line, &row.value)) {
        if (!span_next_word(&rest, &word) || !is_reason(word, &row.st))
            return false;
        line = rest;
    }
    *out = row;
    return span_trim(line).len == 0;
}

static void add_row(struct msr_values *v, const struct row *row, bool first, size_t offset)
{
    if (first)
        v->st = ST_OK;
    if (row->st != ST_OK) {
        if (v->st == ST_OK)
            v->st = row->st;
        return;
    }
    if (v->known++ == 0) {
        v->first = row->value;
        v->all = row->value;
        v->offset = offset;
    }
    v->any |= row->value;
    v->all &= row->value;
}

enum status msr_parse(struct span text, struct msrs *out, struct fault *fault)
{
    struct msrs m = {0};
    bool seen[MSR_COUNT] = {false};
    struct span rest = text;
    struct span line;
    size_t offset = 0;
    for (; span_next_line(&rest, &line); offset = text.len - rest.len) {
        struct row row;
        if (span_trim(line).len == 0)
            continue;
        if (!read_row(line, &row))
            return refuse(fault, offset, "line without CPU, register and value");
        for (size_t i = 0; i < MSR_COUNT; i++) {
            if (msr_numbers[i] != row.number)
                continue;
            add_row(&m.reg[i], &row, !seen[i], offset);
            seen[i] = true;
        }
    }
    *out = m;
    return ST_OK;
}

bool msr_find_unlike(struct span text, enum msr_id id, uint64_t mask, uint64_t expected,
                     uint64_t *value, size_t *offset)
{
    struct span rest = text;
    struct span line;
    size_t at = 0;
    for (; span_next_line(&rest, &line); at = text.len - rest.len) {
        struct row row;
        if (!read_row(line, &row) || row.st != ST_OK || row.number != msr_numbers[id] ||
            (row.value & mask) == expected)
            continue;
        *value = row.value;
        *offset = at;
        return true;
    }
    return false;
}
