/* SPDX-License-Identifier: MIT */
/* Runs each file named on the command line through a fuzz target, where there is no libFuzzer. */
#include "fuzz/target.h"

#include <stdio.h>
#include <stdlib.h>

static int run(const char *path)
{
    enum { MOST = 1 << 20 };
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        (void)fprintf(stderr, "%s: cannot be opened\n", path);
        return 1;
    }
    uint8_t *bytes = malloc(MOST);
    size_t n = bytes != NULL ? fread(bytes, 1, MOST, f) : 0;
    (void)fclose(f);
    /* A block of exactly its size, so that the address sanitizer sees an over-read. */
    uint8_t *exact = bytes != NULL ? realloc(bytes, n > 0 ? n : 1) : NULL;
    if (exact != NULL)
        (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact != NULL ? exact : bytes);
    return exact == NULL;
}

int main(int argc, char **argv)
{
    int failed = argc < 2; /* a target without seeds tests nothing */
    for (int i = 1; i < argc; i++)
        failed |= run(argv[i]);
    if (fuzz_reached_nothing != NULL && fuzz_reached_nothing()) {
        (void)fprintf(stderr, "not one of the seeds was judged\n");
        failed = 1;
    }
    return failed;
}
