/* SPDX-License-Identifier: MIT */
/* Dumps of real processors, against libcpuid's results and a second reading of their words. */
#include <stdlib.h>
#include <string.h>

#include "parse/cpuid.h"
#include "support/cmocka.h"
#include "support/load.h"

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

static enum status parse_in(struct arena *a, struct span text, struct cpuid *out)
{
    arena_init(a, 64U << 20, out_of_memory);
    return cpuid_parse(text, a, out, NULL);
}

/* Does the space-separated list have this word? */
static bool has_word(struct span list, const char *word)
{
    struct span w;
    while (span_next_word(&list, &w)) {
        if (span_is(w, word))
            return true;
    }
    return false;
}

/* An independent reading of one register: the first line that starts with `label`. */
static uint32_t raw_word(struct span cpu, const char *label, size_t word)
{
    struct span line;
    while (span_next_line(&cpu, &line)) {
        if (!span_starts(line, label))
            continue;
        struct span s = span_skip(line, strlen(label));
        uint64_t v[4] = {0};
        for (size_t i = 0; i < 4; i++) {
            while (s.len > 0 && strchr(":= \t-", s.ptr[0]) != NULL)
                s = span_skip(s, 1);
            assert_true(span_take_hex(&s, &v[i]));
        }
        return (uint32_t)v[word];
    }
    return 0;
}

static uint32_t svm_features(struct span cpu)
{
    uint32_t max = raw_word(cpu, "ext_cpuid[0]", 0) | raw_word(cpu, "CPUID 80000000", 0);
    if (max < 0x8000000a || max > 0x8000ffff)
        return 0;
    return raw_word(cpu, "ext_cpuid[10]", 3) | raw_word(cpu, "CPUID 8000000A", 3);
}

struct expected {
    unsigned sections;
    bool lm, svm, vmx;
};

/* After each line of dashes come the expected results of one kind of core; last their flags. */
static struct expected expected_of(struct span after)
{
    struct expected e = {0};
    struct span line;
    struct span flags = {0};
    while (after.len > 0) {
        bool got = span_next_line(&after, &line);
        assert_true(got);
        bool dashes = span_starts(line, "----");
        if (!dashes && span_find(line, " ", NULL) && has_word(line, "fpu"))
            flags = line;
        if (!dashes && after.len > 0)
            continue;
        bool first = e.sections++ == 0;
        struct expected now = {e.sections, has_word(flags, "lm"), has_word(flags, "svm"),
                               has_word(flags, "vmx")};
        assert_true(first || (now.lm == e.lm && now.svm == e.svm && now.vmx == e.vmx));
        e = now;
    }
    return e;
}

static void check_cpus(const struct cpuid *c, struct span text, const struct expected *e)
{
    for (size_t i = 0; i < c->n; i++) {
        char vendor[13];
        const struct cpuid_cpu *cpu = &c->cpus[i];
        size_t end = i + 1 < c->n ? c->cpus[i + 1].offset : text.len;
        uint32_t svm = svm_features((struct span){text.ptr + cpu->offset, end - cpu->offset});
        assert_int_equal(cpuid_bit(cpu, CPUID_EXT_1, CPUID_EDX, 29), e->lm);
        assert_int_equal(cpuid_bit(cpu, CPUID_EXT_1, CPUID_ECX, 2), e->svm);
        /* libcpuid looks for VMX on Intel's only; Zhaoxin's have it too. */
        cpuid_vendor(cpu, vendor);
        if (strcmp(vendor, "CentaurHauls") != 0)
            assert_int_equal(cpuid_bit(cpu, CPUID_1, CPUID_ECX, 5), e->vmx);
        assert_int_equal(cpuid_bit(cpu, CPUID_EXT_A, CPUID_EDX, 0), svm & 1);
        assert_int_equal(cpuid_bit(cpu, CPUID_EXT_A, CPUID_EDX, 17), svm >> 17 & 1);
    }
}

static void check_libcpuid(const char *path, struct span data)
{
    struct arena a;
    struct cpuid c;
    struct span after;
    (void)path;
    assert_true(span_find(data,
                          "\n----------------------------------------------------------"
                          "----------------------\n",
                          &after));
    struct expected e = expected_of(after);
    struct span text = {data.ptr, data.len - after.len};
    assert_int_equal(parse_in(&a, text, &c), ST_OK);
    assert_true(c.n > 0);
    check_cpus(&c, text, &e);
    arena_reset(&a);
}

static void agrees_with_libcpuid_on_its_dumps(void **state)
{
    (void)state;
    print_message("%u dumps\n", each_corpus_file("cpuid/libcpuid", check_libcpuid));
}

static void check_instlatx64(const char *path, struct span data)
{
    struct arena a;
    struct cpuid c;
    char vendor[13];
    const char *name = strrchr(path, '/') + 1;
    assert_int_equal(parse_in(&a, data, &c), ST_OK);
    cpuid_vendor(&c.cpus[0], vendor);
    assert_memory_equal(name, vendor, 12); /* GenuineIntel00906ED_… */
    for (size_t i = 0; i < c.n; i++) {
        const struct cpuid_cpu *cpu = &c.cpus[i];
        size_t end = i + 1 < c.n ? c.cpus[i + 1].offset : data.len;
        uint32_t svm = svm_features((struct span){data.ptr + cpu->offset, end - cpu->offset});
        assert_int_equal(cpuid_bit(cpu, CPUID_EXT_A, CPUID_EDX, 0), svm & 1);
        assert_int_equal(cpuid_bit(cpu, CPUID_EXT_A, CPUID_EDX, 17), svm >> 17 & 1);
    }
    arena_reset(&a);
}

static void reads_every_instlatx64_dump(void **state)
{
    (void)state;
    print_message("%u dumps\n", each_corpus_file("cpuid/instlatx64", check_instlatx64));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_libcpuid_on_its_dumps),
        cmocka_unit_test(reads_every_instlatx64_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
