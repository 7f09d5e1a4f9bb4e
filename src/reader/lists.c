/* SPDX-License-Identifier: MIT */
#include "reader/lists.h"

#include <string.h>

#include "reader/efivars.h"
#include "reader/pci_names.h"
#include "reader/tpm_talk.h"

#define TPM_DEVICE "device:/dev/tpmrm0"

/* Variables -------------------------------------------------------------------------------- */

/* "Name-8be4df61-93ca-11d2-aa0d-00e098032b8c": a file directly below efivars. */
static bool is_variable(const char *name, size_t n)
{
    enum { GUID_LEN = 36 };
    return n > GUID_LEN + 1 && n <= ASK_PATH_MAX && memchr(name, '/', n) == NULL &&
           name[n - GUID_LEN - 1] == '-';
}

static size_t split_names(struct span list, const char **names)
{
    size_t n = 0;
    while (list.len > 0) {
        const uint8_t *end = memchr(list.ptr, '\0', list.len);
        size_t len = end != NULL ? (size_t)(end - list.ptr) : 0;
        if (n == ASK_ITEMS_MAX || !is_variable((const char *)list.ptr, len))
            return 0;
        names[n++] = (const char *)list.ptr;
        list = span_skip(list, len + 1);
    }
    return n;
}

static bool answer_variables(const struct reader *r, const struct question *q, struct arena *a,
                             struct answer *out)
{
    const char *names[ASK_ITEMS_MAX];
    size_t n = split_names(q->list, names);
    if (n == 0 || !r->live)
        return false;
    *out = (struct answer){.st = ST_OK, .data = efivars_read(names, n, a)};
    return true;
}

/* Names of PCI functions ------------------------------------------------------------------- */

static bool answer_names(const struct question *q, struct arena *a, struct answer *out)
{
    size_t n = q->list.len / sizeof(struct ask_pci_id);
    if (q->list.len % sizeof(struct ask_pci_id) != 0 || n > PCI_FUNCTIONS_MAX)
        return false;
    struct ask_pci_id *ids = arena_new(a, struct ask_pci_id, n);
    memcpy(ids, q->list.ptr, q->list.len);
    const struct ask_pci_name *names = pci_names(NULL, ids, n, a);
    *out = (struct answer){.st = ST_OK, .data = {(const uint8_t *)names, n * sizeof *names}};
    return true;
}

/* The TPM ---------------------------------------------------------------------------------- */

/* Adds one item: a word for its trouble, a NUL, the response. */
static void put_reply(struct arena *a, const struct tpm_reply *reply, struct span *all)
{
    const char *word = reply->trouble != NULL ? reply->trouble : "";
    struct span bytes = reply->st == ST_OK ? reply->response : (struct span){0};
    size_t len = strlen(word) + 1;
    const struct ask_item item = {(int32_t)reply->st, 0, (uint32_t)(len + bytes.len)};
    uint8_t *to = arena_alloc(a, all->len + sizeof item + item.size, 1);
    if (all->len > 0)
        memcpy(to, all->ptr, all->len);
    memcpy(to + all->len, &item, sizeof item);
    memcpy(to + all->len + sizeof item, word, len);
    if (bytes.len > 0)
        memcpy(to + all->len + sizeof item + len, bytes.ptr, bytes.len);
    *all = (struct span){to, all->len + sizeof item + item.size};
}

static bool answer_tpm(const struct reader *r, const struct question *q, struct arena *a,
                       struct answer *out)
{
    struct ask_tpm asked[ASK_ITEMS_MAX];
    size_t n = q->list.len / sizeof asked[0];
    const char *conf = r->tcti != NULL ? r->tcti : r->live ? TPM_DEVICE : NULL;
    if (q->list.len % sizeof asked[0] != 0 || n > ASK_ITEMS_MAX || conf == NULL)
        return false;
    memcpy(asked, q->list.ptr, q->list.len);
    const struct tpm_reply *replies = tpm_talk(conf, asked, n, TPM_TALK_MILLISECONDS, a);
    struct span all = {0};
    for (size_t i = 0; i < n; i++)
        put_reply(a, &replies[i], &all);
    *out = (struct answer){.st = ST_OK, .data = all};
    return true;
}

bool lists_answer(const struct reader *r, const struct question *q, struct arena *a,
                  struct answer *out)
{
    if (q->path[0] != '\0')
        return false;
    if (q->kind == ASK_VARIABLES)
        return answer_variables(r, q, a, out);
    if (q->kind == ASK_PCI_NAMES)
        return answer_names(q, a, out);
    return q->kind == ASK_TPM && answer_tpm(r, q, a, out);
}
