/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends a file to be judged supplies these bytes: any loose evidence, or a manifest. They
 * go the whole way, from telling what they are to the printed report. Nothing is repaired; the
 * tables inside have targets of their own.
 */
#include "fuzz/target.h"
#include "fuzz/whole.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct raw_file file = {.name = "", .st = ST_OK, .data = {data, size}};
    struct raw_input single = {.path = "input", .files = &file, .n = 1};
    struct raw_file manifest = {.name = "manifest.json", .st = ST_OK, .data = {data, size}};
    struct raw_input capture = {.path = "input", .folder = true, .files = &manifest, .n = 1};
    whole_judge(&single, NULL);
    whole_judge(&capture, NULL);
    return 0;
}
