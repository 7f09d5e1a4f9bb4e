/* SPDX-License-Identifier: MIT */
/*
 * libpci calls error(), which must not return, for a list that it cannot parse
 * (pci_load_name_list() in its lib/names-parse.c). So a child looks names up: such a list costs the
 * names and not the scan. pci_init() is not called: it looks for a way to read configuration space,
 * which no look-up needs.
 */
#include "reader/pci_names.h"

#if VBSCHECK_HAVE_LIBPCI

#include <fcntl.h>
#include <pci/pci.h>
#include <unistd.h>

#include "confine/sandbox.h"
#include "io/libs.h"
#include "io/pipe.h"
#include "io/root.h"

enum { NAMES_SECONDS = 2 };

/* The child -------------------------------------------------------------------------------- */

/* An attribute belongs to the type, _Noreturn does not: some releases of libpci need it. */
static __attribute__((noreturn)) void give_up(char *message, ...)
{
    (void)message;
    _exit(1);
}

static void say_nothing(char *message, ...)
{
    (void)message;
}

/*
 * Uses only the list: no DNS, no cache of earlier answers in a home folder (id_lookup_mode), no
 * udev database.
 */
static struct pci_access *open_list(const struct pci_lib *lib, char *list)
{
    struct pci_access *access = lib->pci_alloc();
    access->error = give_up;
    access->warning = say_nothing;
    access->debug = say_nothing;
    access->id_lookup_mode = 0;
    if (list != NULL)
        lib->pci_set_name_list_path(access, list, 0);
    return access;
}

/* Does not call pci_cleanup(), since the process ends. */
static _Noreturn void run_child(int fd, char *list, const struct ask_pci_id *ids, size_t n)
{
    const int flags =
        PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB;
    const struct pci_lib *lib = sandbox_helper(&fd) ? libs_pci(NULL) : NULL;
    if (lib == NULL)
        _exit(1);
    struct pci_access *access = open_list(lib, list);
    for (size_t i = 0; i < n; i++) {
        struct ask_pci_name name = {0};
        const char *found = lib->pci_lookup_name(access, name.text, sizeof name.text, flags,
                                                 ids[i].vendor, ids[i].device);
        if (found == NULL)
            name.text[0] = '\0';
        if (!pipe_send(fd, &name, sizeof name))
            _exit(1);
    }
    _exit(0);
}

/* The parent ------------------------------------------------------------------------------- */

static void receive_names(int fd, struct ask_pci_name *names, size_t n)
{
    int64_t deadline = pipe_deadline(NAMES_SECONDS);
    for (size_t i = 0; i < n; i++) {
        struct ask_pci_name name;
        if (pipe_receive(fd, deadline, &name, sizeof name) != ST_OK)
            return;
        name.text[PCI_NAME_MAX] = '\0';
        names[i] = name;
    }
}

const struct ask_pci_name *pci_names(const char *list, const struct ask_pci_id *ids, size_t n,
                                     struct arena *a)
{
    struct ask_pci_name *names = arena_new(a, struct ask_pci_name, n);
    char *path = list != NULL ? arena_text(a, span_of(list)) : NULL;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return names;
    scoped_fd from = ends[0];
    int to = ends[1];
    pid_t child = fork();
    if (child == 0)
        run_child(to, path, ids, n);
    close_fd(&to);
    if (child < 0)
        return names;
    receive_names(from, names, n);
    (void)pipe_end(child);
    return names;
}

#else

const struct ask_pci_name *pci_names(const char *list, const struct ask_pci_id *ids, size_t n,
                                     struct arena *a)
{
    (void)list;
    (void)ids;
    return arena_new(a, struct ask_pci_name, n);
}

#endif
