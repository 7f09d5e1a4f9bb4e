/* SPDX-License-Identifier: MIT */
/* lspci of real machines: what it decoded against the registers it dumped. */
#include <stdlib.h>
#include <string.h>

#include "parse/pci/pci.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "vbscheck/count.h"

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

static struct pci_tree tree_of(struct arena *a, struct span text)
{
    struct pci_tree t;
    arena_init(a, 48U << 20, out_of_memory);
    assert_int_equal(lspci_parse(text, a, &t, NULL), ST_OK);
    assert_false(t.cut);
    return t;
}

/* "00:1f.2 ..." or "0000:00:1f.2 ..."; an independent look. */
static bool is_header(struct span line)
{
    struct span s = line.len > 12 && line.ptr[4] == ':' ? span_skip(line, 5) : line;
    return s.len > 8 && s.ptr[2] == ':' && s.ptr[5] == '.' && s.ptr[7] == ' ';
}

/* "00: 86 80 ..." or "100: 86 80 ..." */
static bool is_dump(struct span line)
{
    struct span after;
    return line.len > 50 && line.ptr[0] != '\t' && span_find(line, ": ", &after) &&
           line.len - after.len <= 5 && after.len == 47;
}

static struct pci_address address_of(struct span line)
{
    struct pci_address at;
    assert_true(pci_take_address(&line, &at));
    return at;
}

/* The bridges' buses are those on their lines; all have a class. */
static void check_whole(struct span text, const struct pci_tree *t)
{
    const struct pci_function *f = NULL;
    struct span line;
    size_t headers = 0;
    size_t bridges = 0;
    while (span_next_line(&text, &line)) {
        struct span rest;
        uint64_t v = 0;
        if (is_header(line)) {
            headers++;
            f = pci_find(t, address_of(line));
            assert_non_null(f);
            assert_int_equal(f->class_told, TOLD_YES);
        } else if (f != NULL && span_starts(line, "\tBus: primary=")) {
            assert_int_equal(f->is_bridge, TOLD_YES);
            assert_int_equal(f->has_buses, TOLD_YES);
            assert_true(span_find(line, "primary=", &rest) && span_take_hex(&rest, &v));
            assert_int_equal(f->primary, v);
            assert_true(span_find(line, "secondary=", &rest) && span_take_hex(&rest, &v));
            assert_int_equal(f->secondary, v);
            assert_true(span_find(line, "subordinate=", &rest) && span_take_hex(&rest, &v));
            assert_int_equal(f->subordinate, v);
            bridges++;
        }
    }
    assert_int_equal(t->n, headers);
    for (size_t i = 0; i < t->n; i++)
        bridges -= t->functions[i].is_bridge == TOLD_YES;
    assert_int_equal(bridges, 0);
}

/* A copy of `text` without its dumps, or with nothing but its dumps and their addresses. */
static struct heap part_of(struct span text, bool dumps)
{
    struct heap h = {.bytes = malloc(text.len)};
    struct span line;
    assert_non_null(h.bytes);
    size_t n = 0;
    while (span_next_line(&text, &line)) {
        if (is_dump(line) ? !dumps : dumps && line.len > 0 && !is_header(line))
            continue;
        for (size_t i = 0; i < line.len && !(dumps && is_header(line) && line.ptr[i] == ' '); i++)
            h.bytes[n++] = line.ptr[i];
        h.bytes[n++] = '\n';
    }
    h.span = (struct span){h.bytes, n};
    return h;
}

static void assert_same(const struct pci_function *decoded, const struct pci_function *dumped)
{
    assert_int_equal(decoded->class_code, dumped->class_code);
    assert_int_equal(decoded->vendor, dumped->vendor);
    assert_int_equal(decoded->device, dumped->device);
    assert_int_equal(decoded->is_bridge, dumped->is_bridge);
    assert_int_equal(decoded->has_buses, dumped->has_buses);
    assert_int_equal(decoded->primary, dumped->primary);
    assert_int_equal(decoded->secondary, dumped->secondary);
    assert_int_equal(decoded->subordinate, dumped->subordinate);
    assert_int_equal(decoded->bus_master, dumped->bus_master);
    /* A list may be empty though there is one: then nothing is decoded, and the dump says no. */
    if (decoded->express == NOT_TOLD)
        assert_int_equal(dumped->express, TOLD_NO);
    else
        assert_int_equal(dumped->express, decoded->express);
}

/* Returns how many functions were told both ways. */
static unsigned compare_halves(struct span text, const struct pci_tree *whole)
{
    struct arena a;
    struct arena b;
    struct heap decoded_text = part_of(text, false);
    struct heap dumped_text = part_of(text, true);
    struct pci_tree decoded = tree_of(&a, decoded_text.span);
    struct pci_tree dumped = tree_of(&b, dumped_text.span);
    unsigned n = 0;
    assert_int_equal(decoded.n, whole->n);
    assert_int_equal(dumped.n, whole->n);
    assert_int_equal(decoded.tells_groups, whole->tells_groups);
    for (size_t i = 0; i < whole->n; i++) {
        const struct pci_function *d = &decoded.functions[i];
        const struct pci_function *x = &dumped.functions[i];
        assert_int_equal(d->group, whole->functions[i].group);
        assert_int_equal(d->name.len, whole->functions[i].name.len);
        if (d->bus_master == NOT_TOLD || x->bus_master == NOT_TOLD)
            continue;
        assert_same(d, x);
        assert_same(x, &whole->functions[i]);
        n++;
    }
    arena_reset(&a);
    arena_reset(&b);
    heap_free(&decoded_text);
    heap_free(&dumped_text);
    return n;
}

static void reads_the_corpus_hosts(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        unsigned functions, both; /* as grep counts */
    } hosts[] = {
        {"hosts/acer-extensa-5630/lspci.txt", 25, 25},
        {"hosts/dell-latitude-e6430/lspci.txt", 22, 21}, /* one is dead */
        {"hosts/ecs-h310ch5-m2/lspci.txt", 14, 14},
        {"hosts/gigabyte-h61m-ds2/lspci.txt", 11, 11},
        {"hosts/huananzhi-x99-qd4/lspci.txt", 87, 87},
        {"hosts/msi-ms7721/lspci.txt", 24, 24},
        {"hosts/radxa-orion-o6/lspci.txt", 6, 0}, /* no dumps */
        {"hosts/samsung-np350v5c/lspci.txt", 16, 16},
    };
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct arena a;
        struct heap h = load_corpus(hosts[i].path);
        print_message("%s\n", hosts[i].path);
        struct pci_tree t = tree_of(&a, h.span);
        check_whole(h.span, &t);
        assert_int_equal(t.n, hosts[i].functions);
        assert_int_equal(compare_halves(h.span, &t), hosts[i].both);
        arena_reset(&a);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_corpus_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
