/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/cpuinfo.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE(parse, struct cpuinfo, cpuinfo_parse)

#define CPU(n)                                                                                     \
    "processor\t: " #n "\nvendor_id\t: GenuineIntel\n"                                             \
    "cpu family\t: 6\nmodel\t\t: 158\n"
#define NAME      "model name\t: Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz\nstepping\t: 10\n"
#define FLAGS     "flags\t\t: fpu vme lm vmx smx nx ept vpid\n"
#define VMX_FLAGS "vmx flags\t: vnmi ept vpid ept_mode_based_exec\n"

static void reads_an_x86_machine(void **state)
{
    (void)state;
    struct cpuinfo c;
    const char *text = CPU(0) NAME FLAGS VMX_FLAGS "\n" CPU(1) NAME FLAGS VMX_FLAGS "\n";
    assert_int_equal(cpuinfo_parse(span_of(text), &c, NULL), ST_OK);
    assert_int_equal(c.processors, 2);
    assert_true(c.x86);
    assert_false(c.arm64);
    assert_true(c.has_flags);
    assert_true(c.has_vmx_line);
    assert_true(span_is(c.vendor, "GenuineIntel"));
    assert_true(span_is(c.model_name, "Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz"));
    assert_int_equal(c.family, 6);
    assert_int_equal(c.model, 158);
    assert_int_equal(c.stepping, 10);
    assert_true(cpuinfo_has(&c, CPUINFO_LM));
    assert_true(cpuinfo_has(&c, CPUINFO_VMX));
    assert_true(cpuinfo_has(&c, CPUINFO_SMX));
    assert_true(cpuinfo_has(&c, CPUINFO_EPT));
    assert_true(cpuinfo_has(&c, CPUINFO_VMX_EPT));
    assert_true(cpuinfo_has(&c, CPUINFO_VMX_MBEC));
    assert_false(cpuinfo_has(&c, CPUINFO_SVM));
    assert_false(cpuinfo_has(&c, CPUINFO_NPT));
    assert_false(cpuinfo_has(&c, CPUINFO_HYPERVISOR));
}

/* A byte that was lost from one of sixteen lines of flags made a processor without 64 bits. */
static void processors_that_differ_are_a_damaged_copy(void **state)
{
    (void)state;
    static const char *const texts[] = {
        CPU(0) FLAGS CPU(1) "flags\t\t: lm vmx ept\n",
        CPU(0) "flags\t\t: vmx \xe0\xa8\xa0\n", /* UTF-16 that lost a byte, decoded */
        CPU(0) "flags\t\t: fpu vme de\npse lm vmx ept\nbugs\t: \n", /* wrapped by mail */
        CPU(0) "flags\t\t: vmx bogomips\t: 4800.00\n",
        CPU(0) "flags\t\t: l vmx ept\n" CPU(1) "flags\t\t: lm vmx ept\n",
        CPU(0) FLAGS VMX_FLAGS CPU(1) FLAGS "vmx flags\t: ept\n" CPU(2) FLAGS VMX_FLAGS,
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct cpuinfo c;
        assert_int_equal(cpuinfo_parse(span_of(texts[i]), &c, NULL), ST_OK);
        if (!c.cut)
            fail_msg("text %zu", i);
    }
}

static void a_line_must_be_there_on_every_processor(void **state)
{
    (void)state;
    struct cpuinfo c;
    assert_int_equal(cpuinfo_parse(span_of(CPU(0) FLAGS VMX_FLAGS CPU(1) FLAGS), &c, NULL), ST_OK);
    assert_true(c.has_flags);
    assert_false(c.has_vmx_line);
    assert_false(cpuinfo_has(&c, CPUINFO_VMX_EPT));
    assert_true(cpuinfo_has(&c, CPUINFO_VMX));
    assert_int_equal(cpuinfo_parse(span_of(CPU(0) CPU(1) FLAGS), &c, NULL), ST_OK);
    assert_false(c.has_flags);
    assert_int_equal(c.all, 0);
}

static void words_are_whole(void **state)
{
    (void)state;
    struct cpuinfo c;
    const char *text = "processor\t: 0\nflags\t\t: lahf_lm svm_locks nptx xept vmxx\n"
                       "flagsy\t: lm\nmodel nameless\t: x\n";
    assert_int_equal(cpuinfo_parse(span_of(text), &c, NULL), ST_OK);
    assert_int_equal(c.all, 1u << CPUINFO_BEHIND_LM); /* lahf_lm is not lm */
    assert_int_equal(c.model_name.len, 0);
}

#define LONG "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov "

/* Terminals cut lines, mail programs wrap them: a word that is gone is not absent. */
static void lines_that_were_cut_or_wrapped_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool cut, svm;
    } rows[] = {
        {"processor\t: 0\nflags\t\t: " LONG "svm lm\nbugs\t\t: x\n", false, true},
        {"processor\t: 0\nflags\t\t: " LONG "svm\nvmx flags\t: " LONG "a\n", false, true},
        {"processor\t: 0\nflags\t\t: " LONG "\nvmx flags\t: " LONG "\n", true, false},
        {"processor\t: 0\nflags\t\t: " LONG "s\nbugs\t\t: " LONG "s\n", true, false},
        {"processor\t: 0\nflags\t\t: " LONG "\n" LONG "svm lm\n\n", true, true},
        {"processor\t: 0\nflags\t\t: " LONG "\n\n" LONG "svm lm\n", false, false},
        {"processor\t: 0\nbugs\t\t: " LONG "\n" LONG "svm lm\n", false, false},
        {"processor\t: 0\nflags\t\t: lm svm npt\nprocessor\t: 1\nflags\t\t: lm svm n\n", true,
         true},
        {"processor\t: 0\nflags\t\t: lm\nprocessor\t: 1\nflags\t\t: svm\n", true, false},
        {"processor\t: 0\nflags\t\t: lm svm\nprocessor\t: 1\nflags\t\t: lm svm\n", false, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cpuinfo c;
        assert_int_equal(cpuinfo_parse(span_of(rows[i].text), &c, NULL), ST_OK);
        if (c.cut != rows[i].cut || cpuinfo_has(&c, CPUINFO_SVM) != rows[i].svm)
            fail_msg("row %zu: cut %d", i, c.cut);
    }
}

/* A 32-bit kernel names implementers, too; which bits its core has it does not say. */
static void a_32_bit_arm_kernel_is_no_arm64_machine(void **state)
{
    (void)state;
    const char text[] = "processor\t: 0\nmodel name\t: ARMv7 Processor rev 4 (v7l)\n"
                        "CPU implementer\t: 0x41\nCPU architecture: 7\nCPU part\t: 0xc0f\n";
    struct cpuinfo c;
    assert_int_equal(cpuinfo_parse(span_of(text), &c, NULL), ST_OK);
    assert_false(c.arm64);
    assert_true(c.arm32);
}

static void reads_an_arm64_machine(void **state)
{
    (void)state;
    struct cpuinfo c;
    const char *text = "processor\t: 0\nBogoMIPS\t: 125.00\nFeatures\t: fp asimd\n"
                       "CPU implementer\t: 0x51\nCPU architecture: 8\n";
    assert_int_equal(cpuinfo_parse(span_of(text), &c, NULL), ST_OK);
    assert_true(c.arm64);
    assert_false(c.x86);
    assert_false(c.has_flags);
}

static void refuses_a_text_without_a_processor(void **state)
{
    (void)state;
    assert_int_equal(parse(span_of("")), ST_MALFORMED);
    assert_int_equal(parse(span_of("flags\t: lm\n")), ST_MALFORMED);
    assert_int_equal(parse(span_of("processors\t: 0\n")), ST_MALFORMED);
    assert_int_equal(parse(span_of("processor")), ST_MALFORMED);
    assert_int_equal(parse(span_of("processor:")), ST_MALFORMED); /* cut */
    assert_int_equal(parse(span_of("processor:\n")), ST_OK);
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse, span_of(CPU(0) NAME FLAGS VMX_FLAGS CPU(1) FLAGS VMX_FLAGS));
}

static void reads_the_corpus_hosts(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        unsigned processors;
        bool vmx, svm, vmx_line, mbec;
    } hosts[] = {
        {"hosts/acer-extensa-5630/cpuinfo.txt", 2, true, false, true, false},
        {"hosts/dell-latitude-e6430/cpuinfo.txt", 4, true, false, true, false},
        {"hosts/ecs-h310ch5-m2/cpuinfo.txt", 12, true, false, true, true},
        {"hosts/huananzhi-x99-qd4/cpuinfo.txt", 20, true, false, true, false},
        {"hosts/msi-ms7721/cpuinfo.txt", 4, false, true, false, false},
    };
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct heap h = load_corpus(hosts[i].path);
        struct cpuinfo c;
        assert_int_equal(cpuinfo_parse(h.span, &c, NULL), ST_OK);
        assert_int_equal(c.processors, hosts[i].processors);
        assert_true(c.has_flags && c.x86 && cpuinfo_has(&c, CPUINFO_LM));
        assert_int_equal(cpuinfo_has(&c, CPUINFO_VMX), hosts[i].vmx);
        assert_int_equal(cpuinfo_has(&c, CPUINFO_SVM), hosts[i].svm);
        assert_int_equal(c.has_vmx_line, hosts[i].vmx_line);
        assert_int_equal(cpuinfo_has(&c, CPUINFO_VMX_MBEC), hosts[i].mbec);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_x86_machine),
        cmocka_unit_test(processors_that_differ_are_a_damaged_copy),
        cmocka_unit_test(a_line_must_be_there_on_every_processor),
        cmocka_unit_test(words_are_whole),
        cmocka_unit_test(lines_that_were_cut_or_wrapped_are_told),
        cmocka_unit_test(reads_an_arm64_machine),
        cmocka_unit_test(a_32_bit_arm_kernel_is_no_arm64_machine),
        cmocka_unit_test(refuses_a_text_without_a_processor),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(reads_the_corpus_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
