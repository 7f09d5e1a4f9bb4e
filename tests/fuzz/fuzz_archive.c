/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends an archive supplies these bytes: a capture, a bundle of another tool, or a
 * compressed text. libarchive unpacks them under our calls, and what comes out goes the whole way.
 */
#include "fuzz/target.h"
#include "fuzz/whole.h"
#include "io/libs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct raw_file file = {.name = "", .st = ST_OK, .data = {data, size}};
    struct raw_input in = {.path = "input.tar", .files = &file, .n = 1};
    whole_judge(&in, libs_archive(NULL));
    return 0;
}
