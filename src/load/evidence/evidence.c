/* SPDX-License-Identifier: MIT */
/*
 * Loose evidence: files of one machine, each recognised by its content. All files are read first;
 * then files of one kind are processed together, so that the order of names does not matter.
 */
#include "load/evidence/items.h"

#include <string.h>

#include "load/forms/forms.h"
#include "load/text/clean.h"
#include "load/text/split.h"

static void add_item(struct evidence *e, enum kind kind, const char *file, struct span data)
{
    e->items = arena_grow(e->out->arena, e->items, e->n, sizeof *e->items);
    e->items[e->n++] = (struct item){kind, file, data};
    e->used++;
}

static const char *const kind_names[KIND_FORMS] = {
    [KIND_ACPIDUMP] = "acpidump",
    [KIND_CPUID] = "CPUID",
    [KIND_CPUINFO] = "cpuinfo",
    [KIND_LSPCI] = "lspci",
    [KIND_KERNEL_LOG] = "kernel log",
    [KIND_DMIDECODE] = "dmidecode",
    [KIND_WINDOWS] = "report of Windows",
    [KIND_MEMINFO] = "meminfo",
    [KIND_LSBLK] = "lsblk",
    [KIND_HEX] = "tables in hexadecimal",
    [KIND_BASE64] = "tables in base64",
};

static const char *kind_name(enum kind kind)
{
    return kind >= KIND_FORMS ? forms[kind - KIND_FORMS].name : kind_names[kind];
}

/* A text, cleaned and split. Returns false if nothing in it is recognised. */
static bool add_text(struct evidence *e, const char *file, struct span data)
{
    struct part parts[SPLIT_MAX];
    unsigned done = 0;
    const char *names = "";
    struct span text = clean_text(data, e->out->arena, &done);
    text = form_named(file, text, e->out->arena);
    size_t n = split_text(text, e->out->arena, parts);
    for (size_t i = 0; i < n; i++) {
        add_item(e, parts[i].kind, file, parts[i].text);
        names = arena_printf(e->out->arena, "%s%s%s", names, i > 0 ? ", " : "",
                             kind_name(parts[i].kind));
    }
    if (n > 0)
        clean_note(&e->out->notes, file, done);
    if (n > 1)
        notes_add(&e->out->notes, file, "the text of several commands: %s", names);
    return n > 0;
}

static bool add_plain(struct evidence *e, const char *file, struct span data)
{
    enum kind kind = sniff_bytes(data);
    if (kind == KIND_UNKNOWN)
        return add_text(e, file, data);
    add_item(e, kind, file, data);
    return true;
}

/* A compressed text beside other files. An archive of several files is a machine of its own. */
static bool add_packed(struct evidence *e, const char *file, struct span data, const char **problem)
{
    struct raw_input in = {.folder = true};
    *problem = "";
    if (archive_unpack(data, NULL, e->libs->archive, e->out->arena, &in, problem) != ST_OK)
        return false;
    bool single = in.n == 1 && !load_is_archive(in.files[0].data);
    *problem = single ? "not recognised as evidence, and not used"
                      : "is an archive beside other files, and is not used: give it alone";
    e->left.archive = single ? e->left.archive : file;
    return single && add_plain(e, file, in.files[0].data);
}

static void add_file(struct evidence *e, const char *file, struct span data)
{
    const char *problem = "not recognised as evidence, and not used";
    bool taken;
    if (leftover_is_report(data)) {
        e->left.reports++;
        return;
    }
    if (evidence_take_variable(e, file, data)) {
        e->used++;
        return;
    }
    const char *refusal = form_refusal(data);
    if (sniff_bytes(data) == KIND_ARCHIVE)
        taken = add_packed(e, file, data, &problem);
    else
        taken = add_plain(e, file, data);
    if (!taken)
        notes_add(&e->out->notes, file, "%s",
                  data.len == 0     ? "the file is empty"
                  : refusal != NULL ? refusal
                                    : problem);
    if (!taken && refusal != NULL)
        e->left.refusal = refusal;
}

enum status evidence_load(const struct raw_input *in, const struct libs *libs, struct snapshot *out,
                          const char **problem)
{
    struct evidence e = {.out = out, .libs = libs, .machine = {.arena = out->arena}};
    for (size_t i = 0; i < in->n; i++) {
        const struct raw_file *f = &in->files[i];
        const char *name = in->folder && f->name[0] != '\0' ? bundle_shown_name(f->name) : in->path;
        if (f->st == ST_OK)
            add_file(&e, name, f->data);
        else if (f->st == ST_UNSUPPORTED)
            e.left.links++;
        else
            notes_add(&out->notes, name, "could not be read: it %s", status_meaning(f->st));
    }
    evidence_make_blobs(&e);
    machine_takes_fadts(&e.machine, out);
    machine_takes_tables(&e.machine, out);
    if (e.machine.problem != NULL) {
        *problem = e.machine.problem;
        return ST_CONFLICT;
    }
    if (e.used == 0) {
        *problem = leftover_problem(&e.left, in->folder, out->arena);
        return ST_NOT_COLLECTED;
    }
    leftover_note(&e.left, in->path, &out->notes);
    if (tables_are_whole(&e.dump, true) || tables_are_whole(&e.raw, false))
        tables_add_absent(out);
    return ST_OK;
}
