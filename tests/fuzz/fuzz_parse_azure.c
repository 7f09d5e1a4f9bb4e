/* SPDX-License-Identifier: MIT */
/*
 * The answer comes from whoever stands at the metadata service's address; the size from that
 * answer or from the command line. Behind the input the same bytes are read as the body of an
 * answer that is well-formed, so that mutations get to the JSON.
 */
#include "fuzz/target.h"
#include "parse/azure/azure_size.h"
#include "parse/azure/imds.h"
#include "support/build.h"

#include <stdlib.h>
#include <string.h>

static void give_up(struct arena *a)
{
    (void)a;
    abort();
}

static void look(struct span s)
{
    struct arena a;
    struct imds answer = {0};
    struct azure_size size;
    const char *problem = NULL;
    arena_init(&a, 64 << 20, give_up);
    if (imds_parse(s, &a, &answer, &problem) != ST_OK)
        answer.size = s;
    if (azure_size_parse(answer.size, &size) == ST_OK)
        (void)azure_series_name(&size, &a);
    arena_reset(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
    struct heap h = heap_copy((struct span){data, size});
    look(h.span);
    heap_free(&h);
    uint8_t *whole = malloc(sizeof head - 1 + size);
    if (whole == NULL)
        return 0;
    memcpy(whole, head, sizeof head - 1);
    if (size > 0)
        memcpy(whole + sizeof head - 1, data, size);
    look((struct span){whole, sizeof head - 1 + size});
    free(whole);
    return 0;
}
