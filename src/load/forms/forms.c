/* SPDX-License-Identifier: MIT */
#include "load/forms/forms.h"

#include <string.h>

#include "load/load.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

/* If two rows add the same blob, the first one counts. */
const struct form forms[] = {
    {"lscpu", lscpu_opens, lscpu_load},
    {"CPUID of an Arm processor", arm_cpuid_opens, arm_cpuid_load},
    {"processor registers", msr_tools_open, msr_tools_load},
    {"efivar", efivar_print_opens, efivar_print_load},
    {"EFI variables in hexadecimal", variables_open, variables_load},
    {"TPM tools", tpm_tools_open, tpm_tools_load},
    {"Secure Boot's state", secure_boot_opens, secure_boot_load},
    {"names of the machine", dmi_id_opens, dmi_id_load},
    {"files of sysfs", sysfs_lines_open, sysfs_lines_load},
};
_Static_assert(COUNT(forms) == FORMS_N, "sniffing counts kinds by FORMS_N");

static bool is_variable(const char *name)
{
    return strncmp(name, "efivar/", 7) == 0;
}

/* Blobs that may be there several times, which probes_run_alternatives() compares. */
static bool may_differ(const char *name)
{
    return strcmp(name, "cpuinfo") == 0 || strcmp(name, "dmi") == 0;
}

void form_add(struct form_sink *to, const char *name, enum status st, struct span data)
{
    for (size_t i = 0; i < to->out->n; i++) {
        const struct blob *b = &to->out->blobs[i];
        if (strcmp(b->name, name) != 0)
            continue;
        if (span_equal(b->data, data))
            return;
        /* Attributes are not in every tool's text: only the value has to be the same. */
        struct span value = span_skip(b->data, 4);
        bool same = st != ST_OK || b->st != ST_OK || span_equal(value, span_skip(data, 4));
        if (is_variable(name) && !same)
            machine_differs(to->machine, b->from, to->file, "firmware, or boots (EFI variables)");
        if (i < to->first || !may_differ(name))
            return;
    }
    snap_add(to->out, (struct blob){.name = name, .from = to->file, .st = st, .data = data});
}

void form_add_flag(struct form_sink *to, const char *name, bool value)
{
    enum { BS_RT = 6 };
    uint8_t *bytes = arena_alloc(to->out->arena, 5, 1);
    bytes[0] = BS_RT;
    bytes[4] = value;
    form_add(to, name, ST_OK, (struct span){bytes, 5});
}

void form_note(struct form_sink *to, const char *what)
{
    notes_add(&to->out->notes, to->file, "%s", what);
}

/* Files recognised by their names ---------------------------------------------------------- */

static const char *const dmi_files[] = {
    "sys_vendor", "product_name", "product_version", "board_vendor",
    "board_name", "bios_version", "bios_date",
};

static struct span behind_line(const char *line, struct span data, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    out_str(&o, line);
    out_bytes(&o, (const char *)data.ptr, data.len);
    return out_span(&o);
}

static bool is_one_line(struct span data)
{
    enum { LONGEST = 256 };
    struct span rest = data, line;
    return data.len <= LONGEST && span_next_line(&rest, &line) && rest.len == 0 && line.len > 0 &&
           memchr(data.ptr, '\0', data.len) == NULL;
}

/* "SecureBoot-8be4df61-….txt": load_variable() wants the part before the dot. */
static const char *variable_of(const char *leaf, struct arena *a)
{
    const char *dot = strchr(leaf, '.');
    if (dot == NULL)
        return load_variable(leaf);
    return load_variable(arena_text(a, (struct span){(const uint8_t *)leaf, (size_t)(dot - leaf)}));
}

struct span form_named(const char *file, struct span data, struct arena *a)
{
    enum { LARGEST = 64 << 10 };
    const char *leaf = load_leaf(file);
    if (data.len > LARGEST || data.len == 0)
        return data;
    for (size_t i = 0; i < COUNT(dmi_files); i++) {
        if (strcmp(leaf, dmi_files[i]) == 0 && is_one_line(data))
            return behind_line(arena_printf(a, "/sys/class/dmi/id/%s:", leaf), data, a);
    }
    if (strncmp(leaf, "rdmsr", 5) == 0) {
        char *words = arena_text(a, span_of(leaf));
        for (char *c = words; *c != '\0'; c++) {
            bool parts = *c == '_' || *c == '.' || (*c == '-' && c[1] >= '0' && c[1] <= '9');
            *c = parts ? ' ' : *c;
        }
        return behind_line(arena_printf(a, "# rdmsr %s\n", words + 5), data, a);
    }
    if (variable_of(leaf, a) != NULL && memchr(data.ptr, '\0', data.len) == NULL)
        return behind_line(arena_printf(a, "# %s\n", variable_of(leaf, a) + 7), data, a);
    return data;
}

bool form_is_printed(struct span data)
{
    enum { SHORTEST = 8 };
    for (size_t i = 0; i < data.len; i++) {
        bool text = (data.ptr[i] >= ' ' && data.ptr[i] < 0x7f) || data.ptr[i] == '\n' ||
                    data.ptr[i] == '\t' || data.ptr[i] == '\r';
        if (!text)
            return false;
    }
    return data.len >= SHORTEST;
}

/* Texts that decide nothing ---------------------------------------------------------------- */

static const struct {
    const char *sign; /* of its first lines */
    const char *says;
} refused[] = {
    {"-[0000:00]-",
     "is a tree of `lspci -t`, which does not show classes: give the text of `lspci -nn`"},
    {"Coreinfo v",
     "is the text of Coreinfo, which does not show what firmware left on: give `systeminfo`, or a "
     "CPUID dump of AIDA64"},
    {"Coreinfo64 v", "is the text of Coreinfo, which does not show what firmware left on: give "
                     "`systeminfo`, or a CPUID dump of AIDA64"},
    {"CPU 0:\n   vendor_id = ", "is the text of `cpuid` in words: give the text of `cpuid -r`"},
    {"CPU:\n   vendor_id = ", "is the text of `cpuid -1` in words: give the text of `cpuid -1 -r`"},
    {"BootCurrent: ", "is the text of efibootmgr, which no rule uses: give `dmesg`"},
};

const char *form_refusal(struct span text)
{
    enum { LOOK_AT = 1024 };
    text.len = text.len > LOOK_AT ? LOOK_AT : text.len;
    for (size_t i = 0; i < COUNT(refused); i++) {
        if (span_find(text, refused[i].sign, NULL))
            return refused[i].says;
    }
    return NULL;
}
