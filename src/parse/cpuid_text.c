/* SPDX-License-Identifier: MIT */
/*
 * The text forms of CPUID words:
 *
 *   basic_cpuid[1]=000206a7 00100800 1fbae3ff bfebfbff      libcpuid's serialiser, index decimal;
 *   ext_cpuid[10]=00000001 00010000 00000000 00001cff       ext_cpuid[n] is leaf 8000_0000h + n
 *   CPUID 00000007: 00000000-009C01A9-00000000-00000000 [SL 00]   AIDA64, cpuid_tool's report;
 *   CPUID 00000001  000106E5-00100800-0098E3FD-BFEBFBFF           old ones: blanks for the colon
 *   0x00000001\t\t0x000906EA\t0x00100800\t0x7FFAFBBF\t0xBFEBFBFF    CPU-Z's report
 *      0x00000001 0x00: eax=0x000806c1 ebx=0x00100800 ecx=… edx=…  Todd Allen's cpuid -r
 *
 * A fleet's worth of these is read at a time, so a line is recognised by its first characters, and
 * words are decoded only for leaves that are used.
 */
#include "parse/cpuid.h"

#include <string.h>

#include "parse/refuse.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum {
    WORD_LEN = 8,
    WORDS_LEN = 4 * WORD_LEN + 3,
    AIDA_LEAF_AT = 6,
    BASIC_INDEX_AT = 12,
    EXT_INDEX_AT = 10,
    NO_LEAF = -1,
};

enum kind {
    ROW_NONE,    /* not a CPUID line */
    ROW_IGNORED, /* of a leaf or subleaf that is not used */
    ROW_LEAF,
    ROW_BAD,
};

struct row {
    enum cpuid_leaf leaf;
    uint32_t words[4];
};

/* Leaf by last hexadecimal digit, plus one; 0 if it is not used. */
static const uint8_t basic_leaves[16] = {[0] = CPUID_0 + 1, [1] = CPUID_1 + 1, [7] = CPUID_7 + 1};
static const uint8_t ext_leaves[16] = {
    [0] = CPUID_EXT_0 + 1, [1] = CPUID_EXT_1 + 1, [2] = CPUID_EXT_2 + 1,  [3] = CPUID_EXT_3 + 1,
    [4] = CPUID_EXT_4 + 1, [8] = CPUID_EXT_8 + 1, [10] = CPUID_EXT_A + 1,
};
static const uint8_t hv_leaves[16] = {
    [0] = CPUID_HV_0 + 1, [1] = CPUID_HV_1 + 1, [2] = CPUID_HV_2 + 1, [3] = CPUID_HV_3 + 1,
    [4] = CPUID_HV_4 + 1, [5] = CPUID_HV_5 + 1, [6] = CPUID_HV_6 + 1};
static const uint8_t hv_100_leaves[16] = {[0] = CPUID_HV_100 + 1};

/* A leaf's number without its last digit. */
static const struct {
    char digits[WORD_LEN];
    const uint8_t *leaves;
} ranges[] = {
    {"0000000", basic_leaves},
    {"8000000", ext_leaves},
    {"4000000", hv_leaves},
    {"4000010", hv_100_leaves},
};

/* The byte at `i`, or 0 past the end. */
static inline uint8_t byte_at(struct span s, size_t i)
{
    return i < s.len ? s.ptr[i] : 0;
}

/* Eight hexadecimal digits at `at`. */
static inline bool word_at(struct span s, size_t at, uint32_t *out)
{
    uint32_t v = 0;
    unsigned all = 0;
    if (s.len < WORD_LEN || at > s.len - WORD_LEN)
        return false;
    for (size_t i = 0; i < WORD_LEN; i++) {
        unsigned d = hex_digit(s.ptr[at + i]);
        all |= d;
        v = v << 4 | (d & 0xf);
    }
    *out = v;
    return all < 16;
}

/* AIDA's words are separated by hyphens; people who type or convert them use blanks. */
static bool is_separator(uint8_t c, uint8_t separator)
{
    return c == separator || (separator == '-' && (c == ' ' || c == '\t'));
}

/* Four words with one `separator` between, followed by a blank or the end of the line. */
static bool read_words(struct span s, uint8_t separator, uint32_t words[4])
{
    for (size_t i = 0; i < 4; i++) {
        if (!word_at(s, i * (WORD_LEN + 1), &words[i]))
            return false;
        if (i > 0 && !is_separator(byte_at(s, i * (WORD_LEN + 1) - 1), separator))
            return false;
    }
    uint8_t after = byte_at(s, WORDS_LEN);
    return s.len == WORDS_LEN || after == ' ' || after == '\t';
}

/* Four characters at `at`: a comparison that compilers make without a call. */
static inline bool has_four(struct span s, size_t at, const char *four)
{
    return s.len >= at + 4 && memcmp(&s.ptr[at], four, 4) == 0;
}

/* The leaf that the WORD_LEN characters at `at` name; none is NO_LEAF. */
static inline int leaf_at(struct span s, size_t at)
{
    for (size_t i = 0; i < COUNT(ranges); i++) {
        if (has_four(s, at, ranges[i].digits) && has_four(s, at + 3, &ranges[i].digits[3]))
            return ranges[i].leaves[hex_digit(byte_at(s, at + WORD_LEN - 1)) & 0xf] - 1;
    }
    return NO_LEAF;
}

/* "[SL 01]" after the words: a subleaf that is not used. */
static bool is_other_subleaf(struct span after_words)
{
    struct span number;
    return span_find(after_words, "[SL ", &number) && !span_starts(number, "00]");
}

/* The words of a line whose leaf is used. */
static enum kind read_aida_words(struct span after_leaf, struct row *row)
{
    struct span s = span_trim(after_leaf);
    if (!read_words(s, '-', row->words))
        return ROW_BAD;
    return is_other_subleaf(span_skip(s, WORDS_LEN)) ? ROW_IGNORED : ROW_LEAF;
}

static inline enum kind read_aida(struct span line, struct row *row)
{
    /* Headings ("CPUID Registers", "CPUID Manufacturer :") go on with a letter. */
    uint8_t first = byte_at(line, AIDA_LEAF_AT);
    if (!has_four(line, 2, "UID ") || first < '0' || first > '9')
        return ROW_NONE;
    uint8_t after = byte_at(line, AIDA_LEAF_AT + WORD_LEN);
    uint32_t number = 0;
    if (after != ':' && after != ' ' && after != '\t')
        return ROW_BAD;
    int leaf = leaf_at(line, AIDA_LEAF_AT);
    if (leaf == NO_LEAF)
        return word_at(line, AIDA_LEAF_AT, &number) ? ROW_IGNORED : ROW_BAD;
    row->leaf = (enum cpuid_leaf)leaf;
    return read_aida_words(span_skip(line, AIDA_LEAF_AT + WORD_LEN + 1), row);
}

/* `s` is the text after "basic_cpuid[" or "ext_cpuid[". Indexes have one or two digits. */
static enum kind read_serialised(struct span s, const uint8_t leaves[16], struct row *row)
{
    unsigned index = hex_digit(byte_at(s, 0));
    size_t digits = 1;
    if (byte_at(s, 1) != ']') {
        unsigned low = hex_digit(byte_at(s, 1));
        if (low > 9)
            return ROW_BAD;
        index = index * 10 + low;
        digits = 2;
    }
    if (hex_digit(byte_at(s, 0)) > 9 || byte_at(s, digits) != ']' || byte_at(s, digits + 1) != '=')
        return ROW_BAD;
    if (index >= 16 || leaves[index] == 0)
        return ROW_IGNORED;
    if (!read_words(span_trim(span_skip(s, digits + 2)), ' ', row->words))
        return ROW_BAD;
    row->leaf = (enum cpuid_leaf)(leaves[index] - 1);
    return ROW_LEAF;
}

/* "0x00000007 0x00: eax=0x00000000 ebx=0xf3bfa7eb ecx=0x18c05fce edx=0xfc100510" */
static enum kind read_raw(struct span s, struct row *row)
{
    enum { LEAF_AT = 2, SUBLEAF_AT = 13, FIRST_AT = 23, APART = 15 };
    uint32_t number = 0;
    if (!word_at(s, LEAF_AT, &number) || !has_four(s, LEAF_AT + WORD_LEN, " 0x0") ||
        !has_four(s, FIRST_AT - 6, "eax="))
        return ROW_NONE;
    int leaf = leaf_at(s, LEAF_AT);
    if (leaf == NO_LEAF || byte_at(s, SUBLEAF_AT + 1) != '0' || byte_at(s, SUBLEAF_AT) != '0')
        return ROW_IGNORED;
    for (size_t i = 0; i < 4; i++) {
        if (!word_at(s, FIRST_AT + i * APART, &row->words[i]))
            return ROW_BAD;
    }
    row->leaf = (enum cpuid_leaf)leaf;
    return ROW_LEAF;
}

/*
 * "0x00000001\t\t0x000906EA\t0x00100800\t0x7FFAFBBF\t0xBFEBFBFF", as CPU-Z's report has it. With
 * five words, the first is a subleaf's number.
 */
static enum kind read_columns(struct span s, struct row *row)
{
    enum { LEAF_AT = 2, NUMBERS = 5 };
    uint32_t numbers[NUMBERS] = {0};
    size_t n = 0;
    struct span rest = span_skip(s, LEAF_AT + WORD_LEN), word;
    while (n < NUMBERS && span_next_word(&rest, &word)) {
        if (!span_starts(word, "0x") || word.len != 2 + WORD_LEN || !word_at(word, 2, &numbers[n]))
            return ROW_NONE;
        n++;
    }
    int leaf = leaf_at(s, LEAF_AT);
    if (n < 4 || leaf == NO_LEAF || (n == NUMBERS && numbers[0] != 0))
        return n < 4 ? ROW_NONE : ROW_IGNORED;
    for (size_t i = 0; i < 4; i++)
        row->words[i] = numbers[n - 4 + i];
    row->leaf = (enum cpuid_leaf)leaf;
    return ROW_LEAF;
}

static inline enum kind read_row(struct span line, struct row *row)
{
    uint8_t first = byte_at(line, 0);
    if (first == ' ' || first == '0') {
        struct span s = span_trim(line);
        if (!has_four(s, 0, "0x00") && !has_four(s, 0, "0x80") && !has_four(s, 0, "0x40"))
            return ROW_NONE;
        return byte_at(s, 2 + WORD_LEN) == '\t' ? read_columns(s, row) : read_raw(s, row);
    }
    if (has_four(line, 0, "CPUI"))
        return read_aida(line, row);
    if (has_four(line, 0, "basi") && has_four(line, 4, "c_cp") && has_four(line, 8, "uid["))
        return read_serialised(span_skip(line, BASIC_INDEX_AT), basic_leaves, row);
    if (has_four(line, 0, "ext_") && has_four(line, 4, "cpui") && has_four(line, 6, "uid["))
        return read_serialised(span_skip(line, EXT_INDEX_AT), ext_leaves, row);
    return ROW_NONE;
}

/* The first line of a leaf counts: in reports without numbers the next ones are its subleaves. */
static void add_row(struct cpuid_cpu *c, const struct row *row)
{
    unsigned bit = 1U << row->leaf;
    if ((c->known & bit) != 0)
        return;
    c->known |= bit;
    for (size_t i = 0; i < 4; i++)
        c->leaf[row->leaf][i] = row->words[i];
}

static enum status check_cpu(const struct cpuid *c, struct fault *fault)
{
    const struct cpuid_cpu *last = &c->cpus[c->n - 1];
    if ((last->known & 1U << CPUID_1) == 0)
        return refuse(fault, last->offset, "processor without leaf 1");
    return ST_OK;
}

static enum status add_cpu(struct cpuid *c, struct arena *a, size_t offset, struct fault *fault)
{
    if (c->n > 0 && check_cpu(c, fault) != ST_OK)
        return ST_MALFORMED;
    if (c->n == CPUID_MAX_CPUS)
        return refuse(fault, offset, "more processors than Linux can have");
    if (c->n > 0)
        c->cpus[c->n - 1].closed = true;
    c->cpus = arena_grow(a, c->cpus, c->n, sizeof *c->cpus);
    c->cpus[c->n++] = (struct cpuid_cpu){.offset = offset};
    return ST_OK;
}

/* span_next_line() inside this file, where it can be inlined: it is most of the work. */
static inline bool next_line(struct span text, size_t *at, struct span *line)
{
    if (*at == text.len)
        return false;
    const uint8_t *start = &text.ptr[*at];
    const uint8_t *end = memchr(start, '\n', text.len - *at);
    line->ptr = start;
    line->len = end != NULL ? (size_t)(end - start) : text.len - *at;
    *at += line->len + (end != NULL);
    return true;
}

enum status cpuid_parse(struct span text, struct arena *a, struct cpuid *out, struct fault *fault)
{
    struct cpuid c = {0};
    struct span line;
    size_t offset = 0;
    for (size_t at = 0; next_line(text, &at, &line); offset = at) {
        struct row row;
        enum kind kind = read_row(line, &row);
        if (kind == ROW_BAD)
            return refuse(fault, offset, "CPUID line that cannot be read");
        if (kind == ROW_NONE && c.n > 0)
            c.cpus[c.n - 1].closed |= span_trim(line).len > 0;
        if (kind != ROW_LEAF)
            continue;
        if (row.leaf == CPUID_0 && add_cpu(&c, a, offset, fault) != ST_OK)
            return ST_MALFORMED;
        if (c.n == 0)
            return refuse(fault, offset, "processor without leaf 0");
        add_row(&c.cpus[c.n - 1], &row);
    }
    if (c.n == 0)
        return refuse(fault, 0, "no CPUID line");
    if (check_cpu(&c, fault) != ST_OK)
        return ST_MALFORMED;
    *out = c;
    return ST_OK;
}

enum status cpuid_parse_hypervisor(struct span text, struct cpuid_cpu *out, struct fault *fault)
{
    struct cpuid_cpu c = {0};
    struct span line;
    size_t offset = 0;
    for (size_t at = 0; next_line(text, &at, &line); offset = at) {
        struct row row;
        enum kind kind = read_row(line, &row);
        if (kind == ROW_BAD)
            return refuse(fault, offset, "CPUID line that cannot be read");
        if (kind == ROW_LEAF)
            add_row(&c, &row);
    }
    *out = c;
    return ST_OK;
}

static const uint32_t numbers[CPUID_LEAVES] = {
    [CPUID_0] = 0,
    [CPUID_1] = 1,
    [CPUID_7] = 7,
    [CPUID_EXT_0] = 0x80000000,
    [CPUID_EXT_1] = 0x80000001,
    [CPUID_EXT_2] = 0x80000002,
    [CPUID_EXT_3] = 0x80000003,
    [CPUID_EXT_4] = 0x80000004,
    [CPUID_EXT_8] = 0x80000008,
    [CPUID_EXT_A] = 0x8000000a,
    [CPUID_HV_0] = 0x40000000,
    [CPUID_HV_1] = 0x40000001,
    [CPUID_HV_2] = 0x40000002,
    [CPUID_HV_3] = 0x40000003,
    [CPUID_HV_4] = 0x40000004,
    [CPUID_HV_5] = 0x40000005,
    [CPUID_HV_6] = 0x40000006,
    [CPUID_HV_100] = 0x40000100,
};

static void write_cpu(struct out *o, const struct cpuid_cpu *c)
{
    for (size_t i = 0; i < CPUID_LEAVES; i++) {
        const uint32_t *w = c->leaf[i];
        if ((c->known >> i & 1) != 0)
            out_printf(o, "CPUID %08X: %08X-%08X-%08X-%08X\n", (unsigned)numbers[i], (unsigned)w[0],
                       (unsigned)w[1], (unsigned)w[2], (unsigned)w[3]);
    }
}

struct span cpuid_write(const struct cpuid *c, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < c->n; i++)
        write_cpu(&o, &c->cpus[i]);
    if (c->n > 0 && c->cpus[c->n - 1].closed)
        out_str(&o, "end\n");
    return out_span(&o);
}
