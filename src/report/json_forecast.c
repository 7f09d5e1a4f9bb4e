/* SPDX-License-Identifier: MIT */
/* The member "forecast". */
#include "report/json_parts.h"

static void write_bool(struct json *j, const char *name, bool yes)
{
    json_key(j, name);
    out_str(j->o, yes ? "true" : "false");
}

static void write_item(struct json *j, const char *name, const struct forecast_item *i)
{
    json_key(j, name);
    json_open(j, '{');
    if (i->is == ANSWER_OPEN)
        json_text(j, "value", NULL);
    else
        write_bool(j, "value", i->is == ANSWER_YES);
    json_text(j, "because", i->because);
    write_bool(j, "inference", i->inference);
    json_close(j, '}');
}

static void write_properties(struct json *j, const struct forecast *f)
{
    static const char *const names[PROPERTY_END] = {"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    json_key(j, "properties");
    json_open(j, '{');
    for (unsigned i = PROPERTY_FIRST; i < PROPERTY_END; i++)
        write_item(j, names[i], &f->properties[i]);
    json_close(j, '}');
}

void json_forecast(struct json *j, const struct forecast *f)
{
    json_key(j, "forecast");
    json_open(j, '{');
    for (unsigned i = 0; i < FORECAST_COUNT; i++) {
        write_item(j, forecast_infos[i].name, &f->items[i]);
        if (i == FORECAST_POLICY_3)
            write_properties(j, f);
    }
    json_key(j, "readiness_tool");
    json_open(j, '{');
    json_text(j, "value", f->readiness_tool);
    json_text(j, "because", f->readiness_because);
    write_bool(j, "inference", true);
    json_close(j, '}');
    json_close(j, '}');
}
