/* SPDX-License-Identifier: MIT */
#include "parse/sysfs_tpm.h"

static unsigned family_of(struct span key, struct span value)
{
    if (span_is(key, "version-major"))
        return span_is(value, "2") ? 2 : span_is(value, "1") ? 1 : 0;
    if (span_is(key, "resource-manager"))
        return 2; /* Linux makes one for TPM 2.0 only */
    if (span_is(key, "caps"))
        return 1; /* an attribute of TPM 1.x only */
    return 0;
}

static void read_line(struct sysfs_tpm *t, struct span line, struct span *chip)
{
    struct span name, key;
    if (!span_next_word(&line, &name) || !span_next_word(&line, &key))
        return;
    struct span value = span_trim(line);
    if (span_starts(name, "MSFT0101")) {
        enum { PRESENT_AND_ENABLED = 3 }; /* ACPI specification 6.5, _STA */
        uint64_t status;
        bool told = span_number(value, &status);
        t->declared |= told && (status & PRESENT_AND_ENABLED) == PRESENT_AND_ENABLED;
        t->switched_off |= told && status == 0;
        return;
    }
    if (!span_equal(name, *chip)) {
        if (t->family == 2)
            return; /* decided by an earlier chip */
        *chip = name;
        t->chips++;
        t->has_banks = false;
    }
    unsigned family = family_of(key, value);
    if (family > t->family)
        t->family = family;
    if (span_is(key, "banks")) {
        t->banks = value;
        t->has_banks = true;
    }
}

void sysfs_tpm_parse(struct span text, struct sysfs_tpm *out)
{
    struct sysfs_tpm t = {0};
    struct span line, chip = {0};
    while (span_next_line(&text, &line))
        read_line(&t, line, &chip);
    *out = t;
}
