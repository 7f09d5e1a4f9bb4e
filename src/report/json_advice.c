/* SPDX-License-Identifier: MIT */
#include "report/json_parts.h"

static void write_rows(struct json *j, const struct advice *a)
{
    json_key(j, "rows");
    json_open(j, '[');
    for (size_t i = 0; i < a->n_rows; i++) {
        const struct advice_row *r = &a->rows[i];
        json_item(j);
        json_open(j, '{');
        json_text(j, "id", r->row->name);
        json_text(j, "title", r->row->title);
        json_text(j, "level", level_name(r->level));
        json_text(j, "status", verdict_name(r->status));
        json_text(j, "detail", r->detail);
        json_names(j, "rules", r->rules, r->n_rules);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_fixes(struct json *j, const struct advice *a)
{
    json_key(j, "fixes");
    json_open(j, '[');
    for (size_t i = 0; i < a->n_fixes; i++) {
        const struct fix *f = &a->fixes[i];
        json_item(j);
        json_open(j, '{');
        json_text(j, "action", action_name(step_infos[f->step].action));
        json_text(j, "text", f->text);
        json_names(j, "rules", f->rules, f->n_rules);
        json_names(j, "rows", f->rows, f->n_rows);
        json_key(j, "certain");
        out_str(j->o, f->certain ? "true" : "false");
        json_key(j, "needed");
        out_str(j->o, f->needed ? "true" : "false");
        json_close(j, '}');
    }
    json_close(j, ']');
}

void json_advice(struct json *j, const struct advice *a)
{
    write_rows(j, a);
    write_fixes(j, a);
}
