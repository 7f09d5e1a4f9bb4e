/* SPDX-License-Identifier: MIT */
/*
 * A few files of sysfs as `grep . FILE...` and `ls -d` print them, one a line:
 *
 *   /sys/firmware/efi/fw_platform_size:64
 *   /sys/class/tpm/tpm0/tpm_version_major:2
 *   /sys/class/tpm/tpm0/pcr-sha256
 *
 * They become the blobs `efi/platform` and `sys/tpm`. A missing line proves nothing: only the
 * SHA-256 bank is reported.
 */
#include "load/forms/forms.h"

#include "vbscheck/out.h"

#define PLATFORM "/sys/firmware/efi/fw_platform_size:"
#define CHIP     "/sys/class/tpm/tpm0/"

static bool takes(struct span line, const char *start, struct span *value)
{
    struct span s = span_trim(line);
    if (!span_starts(s, start))
        return false;
    *value = span_trim(span_skip(s, span_of(start).len));
    return true;
}

bool sysfs_lines_open(struct span line)
{
    struct span value;
    return takes(line, PLATFORM, &value) || takes(line, CHIP "tpm_version_major:", &value) ||
           takes(line, CHIP "pcr-", &value);
}

void sysfs_lines_load(struct span text, struct form_sink *to)
{
    struct span line, value, family = {0};
    bool sha256 = false, ends = text.len > 0 && text.ptr[text.len - 1] == '\n';
    while (span_next_line(&text, &line)) {
        if (text.len == 0 && !ends)
            break; /* the last line may be cut */
        if (takes(line, PLATFORM, &value) && (span_is(value, "64") || span_is(value, "32")))
            form_add(to, "efi/platform", ST_OK, value);
        else if (takes(line, CHIP "tpm_version_major:", &value))
            family = value;
        sha256 |= takes(line, CHIP "pcr-sha256", &value) && value.len == 0;
    }
    if (!span_is(family, "1") && !span_is(family, "2"))
        return;
    struct out o;
    out_init(&o, to->out->arena);
    out_printf(&o, "tpm0 version-major %c\n%s", family.ptr[0], sha256 ? "tpm0 banks sha256\n" : "");
    form_add(to, "sys/tpm", ST_OK, out_span(&o));
}
