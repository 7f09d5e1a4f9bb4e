/* SPDX-License-Identifier: MIT */
/*
 * The files of /sys/class/dmi/id, as `grep . bios_date` and so on print them or copied by name.
 * Only files on the list are read: the folder has serial numbers as well.
 */
#include "load/forms/forms.h"

#include <string.h>

#include "parse/keyval.h"
#include "parse/smbios_names.h"
#include "vbscheck/count.h"

static const struct {
    const char *file;
    size_t offset;
} files[] = {
    {"sys_vendor", offsetof(struct dmi, vendor)},
    {"product_name", offsetof(struct dmi, product)},
    {"product_version", offsetof(struct dmi, version)},
    {"board_vendor", offsetof(struct dmi, board_vendor)},
    {"board_name", offsetof(struct dmi, board)},
    {"bios_version", offsetof(struct dmi, firmware_version)},
    {"bios_date", offsetof(struct dmi, firmware_date)},
};

/* "/sys/class/dmi/id/sys_vendor:LENOVO" */
static int file_of(struct span line, struct span *value)
{
    struct span key, name, path;
    if (!span_split(line, ':', &key, value) || !span_find(key, "dmi/id/", &name))
        return -1;
    path = name;
    for (size_t i = 0; i < COUNT(files); i++) {
        if (span_is(path, files[i].file))
            return (int)i;
    }
    return -1;
}

bool dmi_id_opens(struct span line)
{
    struct span value;
    return file_of(line, &value) >= 0;
}

static bool set(struct dmi *d, size_t offset, struct span value)
{
    struct span now;
    memcpy(&now, (char *)d + offset, sizeof now);
    if (now.len > 0)
        return span_equal(now, value);
    memcpy((char *)d + offset, &value, sizeof value);
    return true;
}

void dmi_id_load(struct span text, struct form_sink *to)
{
    struct blob before = {0};
    for (size_t i = to->first; i < to->out->n; i++) {
        if (strcmp(to->out->blobs[i].name, "dmi") == 0)
            before = to->out->blobs[i];
    }
    struct dmi d = before.name != NULL ? dmi_parse(before.data) : (struct dmi){0};
    struct span line, value;
    while (span_next_line(&text, &line)) {
        int i = file_of(line, &value);
        value = i >= 0 ? span_trim(value) : (struct span){0};
        if (value.len > 0 && !set(&d, files[i].offset, value))
            machine_differs(to->machine, to->file, to->file, "names");
    }
    machine_takes_dmi(to->machine, d, to->file);
    struct span now = dmi_write(&d, to->out->arena);
    /* All files of the folder are one source. */
    for (size_t i = to->first; i < to->out->n; i++) {
        if (strcmp(to->out->blobs[i].name, "dmi") == 0) {
            to->out->blobs[i].data = now;
            return;
        }
    }
    form_add(to, "dmi", ST_OK, now);
}
