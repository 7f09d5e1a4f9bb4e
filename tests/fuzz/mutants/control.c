/* SPDX-License-Identifier: MIT */
/*
 * Breaks a promise on purpose, to show that the mutants see it: the linker puts these functions in
 * place of the program's (--wrap), in this program only.
 */
#include <string.h>

#include "fuzz/mutants/mutants.h"
#include "parse/acpi/acpi.h"
#include "report/escape.h"

enum { NOTHING, CHECKSUM, ESCAPE, MARKUP, FORMATS, ABSENCE };
static int broken = NOTHING;

bool control_choose(const char *name)
{
    static const char *const names[] = {[CHECKSUM] = "checksum",
                                        [ESCAPE] = "escape",
                                        [MARKUP] = "markup",
                                        [FORMATS] = "formats",
                                        [ABSENCE] = "absence"};
    for (int i = CHECKSUM; i <= ABSENCE; i++) {
        if (strcmp(names[i], name) == 0)
            broken = i;
    }
    return broken != NOTHING;
}

enum status __real_acpi_open(struct span bytes, const char *signature, struct acpi_table *out,
                             struct fault *fault);
enum status __wrap_acpi_open(struct span bytes, const char *signature, struct acpi_table *out,
                             struct fault *fault);

/* Without the test of the checksum: it is made right on a copy, which is as long as the table. */
enum status __wrap_acpi_open(struct span bytes, const char *signature, struct acpi_table *out,
                             struct fault *fault)
{
    static uint8_t copy[1 << 20];
    if (broken != CHECKSUM || bytes.len < 36 || bytes.len > sizeof copy)
        return __real_acpi_open(bytes, signature, out, fault);
    struct acpi_table t = {0};
    memcpy(copy, bytes.ptr, bytes.len);
    acpi_repair(copy, bytes.len);
    enum status st = __real_acpi_open((struct span){copy, bytes.len}, signature, &t, fault);
    if (st != ST_OK)
        return st;
    struct rd body = rd_open(bytes);
    rd_skip(&body, 36);
    t.body = rd_sub(&body, bytes.len - 36);
    *out = t;
    return ST_OK;
}

void __real_escape_terminal(struct out *o, const char *text);
void __wrap_escape_terminal(struct out *o, const char *text);
void __wrap_escape_terminal(struct out *o, const char *text)
{
    if (broken == ESCAPE)
        out_str(o, text);
    else
        __real_escape_terminal(o, text);
}

void __real_escape_xml(struct out *o, const char *text);
void __wrap_escape_xml(struct out *o, const char *text);
void __wrap_escape_xml(struct out *o, const char *text)
{
    if (broken == MARKUP)
        out_str(o, text);
    else
        __real_escape_xml(o, text);
}

const char *__real_verdict_name(enum verdict v);
const char *__wrap_verdict_name(enum verdict v);
const char *__wrap_verdict_name(enum verdict v)
{
    return __real_verdict_name(broken == FORMATS && v == V_FAIL ? V_UNKNOWN : v);
}

void __real_facts_unknown(struct facts *f, enum fact_id id, enum status why, struct origin from);
void __wrap_facts_unknown(struct facts *f, enum fact_id id, enum status why, struct origin from);

/* What could not be read is taken for true. */
void __wrap_facts_unknown(struct facts *f, enum fact_id id, enum status why, struct origin from)
{
    if (broken == ABSENCE && fact_infos[id].type == FACT_BOOL)
        facts_bool(f, id, true, from);
    else
        __real_facts_unknown(f, id, why, from);
}
