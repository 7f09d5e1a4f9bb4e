/* SPDX-License-Identifier: MIT */
/*
 * The exact rules behind bits 0x40 to 0x800 are not public: a file that violates this reading of
 * them is undecided, neither a violation nor clean.
 */
#include "probe/drivers/image_checks.h"

#include "vbscheck/count.h"

enum { PAGE = 0x1000 };

static const struct {
    uint32_t bit, code, own;
    enum driver_check_kind kind;
    const char *text;
} meanings[] = {
    {HVCI_SECTION_ALIGNMENT, DV_ALIGNMENT, 0, CHECK_VIOLATION,
     "sections are not aligned to pages (SectionAlignment)"},
    {HVCI_SECTION_ADDRESS, DV_ALIGNMENT, 0, CHECK_VIOLATION, "section does not start at a page"},
    {HVCI_WRITABLE_EXECUTABLE, DV_WRITABLE_EXECUTABLE, 0, CHECK_VIOLATION,
     "section is writable and executable"},
    {HVCI_SHARED_WRITABLE_EXECUTABLE, DV_WRITABLE_EXECUTABLE, 0, CHECK_VIOLATION,
     "section is shared, writable and executable"},
    {HVCI_IAT_EXECUTABLE, DV_IAT_EXECUTABLE, 0, CHECK_VIOLATION,
     "the import address table is in an executable section"},
    {HVCI_IAT_LOCATION, 0, 0, CHECK_UNDECIDED,
     "unusual layout: the import address table is not inside one section"},
    {HVCI_IAT_MISSING, 0, 0, CHECK_UNDECIDED,
     "unusual layout: there are imports but no import address table"},
    {HVCI_NOT_CONTIGUOUS, 0, 0, CHECK_UNDECIDED,
     "unusual layout: sections do not follow each other in the file"},
    {HVCI_NOT_ASCENDING, 0, 0, CHECK_UNDECIDED,
     "unusual layout: sections are not in ascending order, or overlap"},
    {HVCI_SIZING, 0, 0, CHECK_UNDECIDED, "unusual layout: section has an invalid size"},
    {HVCI_AUTHENTICODE, 0, 0, CHECK_UNDECIDED, "unusual layout: the certificate table"},
    {0, DV_WRITABLE_EXECUTABLE, OWN_DISCARDABLE, CHECK_NOTE,
     "section is writable and executable, but discardable, which Windows accepts"},
    {0, 0, OWN_SHARED_WRITABLE, CHECK_UNDECIDED, "section is shared and writable"},
    {0, 0, OWN_NO_SECTIONS, CHECK_UNDECIDED, "unusual layout: the image has no section"},
    {0, 0, OWN_ENTRY_POINT, CHECK_UNDECIDED,
     "unusual layout: the entry point is not in an executable section"},
    {0, 0, OWN_THUNKS, CHECK_UNDECIDED,
     "unusual layout: the loader writes import addresses into an executable section outside the "
     "import address table"},
    {0, 0, OWN_NOT_RUNNABLE, CHECK_UNDECIDED,
     "unusual layout: the image is not marked as executable"},
    {0, 0, OWN_IMAGE_SIZE, CHECK_UNDECIDED,
     "unusual layout: section ends after the end of the image (SizeOfImage)"},
};

const char *image_check_text(const struct driver_check *c)
{
    for (size_t i = 0; i < COUNT(meanings); i++) {
        if (meanings[i].bit == c->bit && meanings[i].own == c->own)
            return meanings[i].text;
    }
    return "a check that this version does not know";
}

/* The row of `bit`, or of `own` if `bit` is 0. */
static void add(struct image_checks *l, uint32_t bit, uint32_t own, const char *section)
{
    for (size_t i = 0; i < COUNT(meanings); i++) {
        if (meanings[i].bit != bit || meanings[i].own != own)
            continue;
        l->items = arena_grow(l->arena, l->items, l->n, sizeof *l->items);
        l->items[l->n++] =
            (struct driver_check){bit, meanings[i].code, own, meanings[i].kind, section};
        return;
    }
}

static void add_bit(struct image_checks *l, enum hvci_bit bit, const char *section)
{
    add(l, (uint32_t)bit, 0, section);
}

static void add_own(struct image_checks *l, enum own_check own, const char *section)
{
    add(l, 0, (uint32_t)own, section);
}

static bool has(const struct pe_section *s, uint32_t flags)
{
    return (s->flags & flags) == flags;
}

static void check_flags(const struct pe_section *s, struct image_checks *out)
{
    if (!has(s, PE_SCN_MEM_WRITE | PE_SCN_MEM_EXECUTE)) {
        if (has(s, PE_SCN_MEM_WRITE | PE_SCN_MEM_SHARED))
            add_own(out, OWN_SHARED_WRITABLE, s->name);
    } else if (has(s, PE_SCN_MEM_SHARED)) {
        add_bit(out, HVCI_SHARED_WRITABLE_EXECUTABLE, s->name);
    } else if (!has(s, PE_SCN_MEM_DISCARDABLE)) {
        add_bit(out, HVCI_WRITABLE_EXECUTABLE, s->name);
    } else {
        add_own(out, OWN_DISCARDABLE, s->name);
    }
}

static bool has_odd_size(const struct pe_image *pe, const struct pe_section *s)
{
    uint64_t rounded = ((uint64_t)s->virtual_size + PAGE - 1) / PAGE * PAGE;
    return s->virtual_size == 0 || pe->file_alignment == 0 ||
           s->raw_size % pe->file_alignment != 0 || s->raw_size > rounded;
}

/* Each section by itself, and relative to the one before it. */
static void check_sections(const struct pe_image *pe, struct image_checks *out)
{
    const struct pe_section *before = NULL, *before_in_file = NULL;
    bool descending = false, gap = false;
    for (size_t i = 0; i < pe->n_sections; i++) {
        const struct pe_section *s = &pe->sections[i];
        check_flags(s, out);
        if (s->virtual_address % PAGE != 0)
            add_bit(out, HVCI_SECTION_ADDRESS, s->name);
        if (has_odd_size(pe, s))
            add_bit(out, HVCI_SIZING, s->name);
        if ((uint64_t)s->virtual_address + s->virtual_size > pe->size_of_image)
            add_own(out, OWN_IMAGE_SIZE, s->name);
        if (before != NULL)
            descending |=
                (uint64_t)before->virtual_address + before->virtual_size > s->virtual_address;
        before = s;
        if (s->raw_size == 0)
            continue;
        if (before_in_file != NULL)
            gap |= (uint64_t)before_in_file->raw_offset + before_in_file->raw_size != s->raw_offset;
        before_in_file = s;
    }
    if (gap)
        add_bit(out, HVCI_NOT_CONTIGUOUS, NULL);
    if (descending)
        add_bit(out, HVCI_NOT_ASCENDING, NULL);
}

static void check_iat(const struct pe_image *pe, const struct pe_imports *imports,
                      struct image_checks *out)
{
    struct pe_directory iat = pe->dirs[PE_DIR_IAT];
    bool there = iat.at != 0 && iat.size != 0;
    uint32_t first = there ? iat.at : imports->executable_thunk;
    const struct pe_section *s = pe_section_of(pe, first);
    if ((there || first != 0) && s != NULL && has(s, PE_SCN_MEM_EXECUTE))
        add_bit(out, HVCI_IAT_EXECUTABLE, s->name);
    else if (imports->executable_thunk != 0)
        add_own(out, OWN_THUNKS, pe_section_of(pe, imports->executable_thunk)->name);
    if (!there && imports->dlls > 0)
        add_bit(out, HVCI_IAT_MISSING, NULL);
    if (there &&
        (s == NULL || (uint64_t)iat.at + iat.size >
                          (uint64_t)s->virtual_address +
                              (s->virtual_size > s->raw_size ? s->virtual_size : s->raw_size)))
        add_bit(out, HVCI_IAT_LOCATION, s != NULL ? s->name : NULL);
}

/*
 * Windows never loads a driver whose first instruction is not executable, that has no section or
 * that is not marked as linked: "nothing found" would be misleading. Address 0 means no entry
 * point, which kernel libraries do not need; on Itanium it is the address of a function descriptor,
 * which is data.
 */
static void check_entry(const struct pe_image *pe, struct image_checks *out)
{
    const struct pe_section *s = pe_section_of(pe, pe->entry);
    if ((pe->characteristics & PE_EXECUTABLE_IMAGE) == 0)
        add_own(out, OWN_NOT_RUNNABLE, NULL);
    if (pe->n_sections == 0)
        add_own(out, OWN_NO_SECTIONS, NULL);
    else if (pe->entry != 0 && pe->machine != PE_IA64 && (s == NULL || !has(s, PE_SCN_MEM_EXECUTE)))
        add_own(out, OWN_ENTRY_POINT, s != NULL ? s->name : NULL);
}

void image_checks_run(const struct pe_image *pe, const struct pe_imports *imports,
                      const struct pe_certificates *certificates, struct image_checks *out)
{
    if (pe->section_alignment == 0 || pe->section_alignment % PAGE != 0)
        add_bit(out, HVCI_SECTION_ALIGNMENT, NULL);
    check_sections(pe, out);
    check_entry(pe, out);
    check_iat(pe, imports, out);
    if (certificates->unusual != NULL)
        add_bit(out, HVCI_AUTHENTICODE, NULL);
}
