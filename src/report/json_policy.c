/* SPDX-License-Identifier: MIT */
/* The judged profile, if it is not the unmodified default. */
#include "report/json_parts.h"

static void write_waivers(struct json *j, const struct policy *p)
{
    json_key(j, "waivers");
    json_open(j, '[');
    for (size_t i = 0; i < p->n_waivers; i++) {
        const struct waiver *w = &p->waivers[i];
        json_item(j);
        json_open(j, '{');
        json_text(j, "rule", w->rule);
        json_text(j, "reason", w->reason);
        json_text(j, "until", w->until);
        json_text(j, "owner", w->owner);
        json_key(j, "in_force");
        out_str(j->o, w->expired ? "false" : "true");
        json_close(j, '}');
    }
    json_close(j, ']');
}

void json_policy(struct json *j, const struct policy *p)
{
    if (p->plain)
        return;
    json_text(j, "profile_page", p->page);
    json_text(j, "profile_date", p->date);
    json_text(j, "profile_file", p->file);
    json_names(j, "profile_required", p->required, p->n_required);
    write_waivers(j, p);
}
