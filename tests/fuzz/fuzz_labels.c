/* SPDX-License-Identifier: MIT */
/* --labels FILE: whoever makes the table supplies these bytes. There is nothing to repair. */
#include <stdlib.h>
#include <string.h>

#include "cli/inputs/label_file.h"
#include "fuzz/target.h"
#include "io/input.h"
#include "support/build.h"

static struct heap file;

enum status __wrap_input_read(const struct input_item *item, struct arena *a, struct raw_input *out,
                              const char **problem);

enum status __wrap_input_read(const struct input_item *item, struct arena *a, struct raw_input *out,
                              const char **problem)
{
    (void)problem;
    struct raw_file *f = arena_new(a, struct raw_file, 1);
    *f = (struct raw_file){.name = "", .st = ST_OK, .data = file.span};
    *out = (struct raw_input){.path = item->path, .files = f, .n = 1};
    return ST_OK;
}

/* Each row is found by its name, and all its labels are ones that a report may hold. */
static void hold(struct label_file *f, struct arena *a)
{
    for (size_t i = 0; i < f->n; i++) {
        struct span labels = label_file_find(f, f->rows[i].name, a), line;
        while (span_next_line(&labels, &line)) {
            const uint8_t *is = memchr(line.ptr, '=', line.len);
            size_t n = is != NULL ? (size_t)(is - line.ptr) : line.len;
            if (is == NULL || label_problem((struct span){line.ptr, n}, span_skip(line, n + 1)))
                abort();
        }
    }
    label_file_sum_up(f, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct label_file f = {0};
    struct arena a;
    test_arena(&a);
    file = heap_copy((struct span){data, size});
    if (label_file_read("labels.csv", &a, &f))
        hold(&f, &a);
    heap_free(&file);
    arena_reset(&a);
    return 0;
}
