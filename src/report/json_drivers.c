/* SPDX-License-Identifier: MIT */
#include "report/escape.h"
#include "report/json_parts.h"
#include "vbscheck/driver.h"

static void write_check(struct json *j, const struct driver_check *c)
{
    json_item(j);
    json_open(j, '{');
    json_key(j, "bit");
    if (c->bit != 0)
        out_uint(j->o, c->bit);
    else
        out_str(j->o, "null");
    json_key(j, "code");
    if (c->code != 0)
        out_uint(j->o, c->code);
    else
        out_str(j->o, "null");
    json_text(j, "section", c->section);
    json_text(j, "kind", driver_check_kind_name(c->kind));
    json_close(j, '}');
}

/* "A, B" as a list. */
static void write_denied_by(struct json *j, const char *rules)
{
    struct span rest = span_of(rules != NULL ? rules : ""), rule, more;
    json_key(j, "denied_by");
    if (rules == NULL) {
        out_str(j->o, "null");
        return;
    }
    json_open(j, '[');
    for (; rest.len > 0; rest = more) {
        if (!span_split(rest, ',', &rule, &more)) {
            rule = rest;
            more = (struct span){0};
        }
        json_item(j);
        escape_json(j->o, arena_text(j->o->arena, span_trim(rule)));
    }
    json_close(j, ']');
}

static void write_driver(struct json *j, const struct driver *d)
{
    json_item(j);
    json_open(j, '{');
    json_text(j, "path", d->path);
    json_text(j, "sha256", d->sha256);
    json_text(j, "authentihash_sha1", d->authentihash_sha1);
    json_text(j, "authentihash_sha256", d->authentihash_sha256);
    json_text(j, "arch", d->arch);
    json_text(j, "group", driver_group_name(d->group));
    json_text(j, "result", driver_result_name(d->result));
    json_key(j, "checks");
    json_open(j, '[');
    for (size_t i = 0; i < d->n_checks; i++)
        write_check(j, &d->checks[i]);
    json_close(j, ']');
    write_denied_by(j, d->denied_by);
    json_text(j, "company", d->company);
    json_text(j, "product", d->product);
    json_text(j, "version", d->version);
    json_text(j, "signers", d->signers);
    json_text(j, "signatures", d->signatures);
    json_text(j, "signer_tbs", d->tbs);
    json_text(j, "first_page_sha1", d->first_page_sha1);
    json_text(j, "first_page_sha256", d->first_page_sha256);
    json_text(j, "catalog", d->catalog);
    json_text(j, "inf", d->inf);
    json_uint(j, "straddling_relocations", d->straddling);
    bool both = d->what != NULL && d->policy_says != NULL;
    json_text(j, "message",
              both ? arena_printf(j->o->arena, "%s; %s", d->what, d->policy_says)
                   : (d->what != NULL ? d->what : d->policy_says));
    json_close(j, '}');
}

/* Writes nothing if no files were examined. */
void json_drivers(struct json *j, const struct driver_list *l)
{
    if (l == NULL)
        return;
    json_key(j, "drivers");
    json_open(j, '[');
    for (size_t i = 0; i < l->n; i++)
        write_driver(j, &l->items[i]);
    json_close(j, ']');
}
