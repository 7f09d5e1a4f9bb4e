/* SPDX-License-Identifier: MIT */
/*
 * Whoever made a driver pack supplies these bytes: zip, cab, 7z or tar with images, catalogs and
 * INF files in it, or one of these alone.
 */
#include "fuzz/target.h"
#include "fuzz/whole.h"
#include "io/libs.h"
#include "load/driver_pack.h"
#include "support/libs.h"

static void look(struct span bytes, struct arena *a)
{
    const struct pack_options options = {.archive = libs_archive(NULL),
                                         .image = {.digest = test_digest, .digests = true}};
    struct pack pack;
    struct out out;
    out_init(&out, a);
    pack_begin(&pack, &options, a, &out);
    pack_look(&pack, "pack/driver.zip", true, bytes);
    pack_look(&pack, "pack/driver.inf", false, bytes);
    pack_end(&pack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    whole_in_arena(look, (struct span){data, size});
    return 0;
}
