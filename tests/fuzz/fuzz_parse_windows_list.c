/* SPDX-License-Identifier: MIT */
/* The blob `windows` of a capture, and the forms of paths in it. What was read is written again. */
#include "fuzz/target.h"
#include "parse/windows/image_path.h"
#include "parse/windows/windows_list.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct out o;
    struct windows w;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    out_init(&o, &a);
    if (windows_list_parse(h.span, &a, &w, NULL) == ST_OK) {
        windows_write_hive(&o, &w);
        windows_write_log(&o, &w);
        windows_write_services(&o, &w);
        if (windows_list_parse(out_span(&o), &a, &w, NULL) != ST_OK)
            __builtin_trap();
    }
    const char *text = arena_text(&a, h.span);
    enum service_place place;
    (void)image_path(text, "x", &a, &place);
    (void)event_path(text, &a);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
