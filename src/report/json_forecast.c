/* SPDX-License-Identifier: MIT */
/* The member "forecast". */
#include "parse/windows/windows.h"
#include "report/json_parts.h"
#include "vbscheck/count.h"

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

static void write_differences(struct json *j, const struct forecast *f)
{
    json_key(j, "differences");
    json_open(j, '[');
    for (size_t i = 0; i < f->n_differences; i++) {
        const struct forecast_difference *d = &f->differences[i];
        json_item(j);
        json_open(j, '{');
        json_text(j, "what", d->what);
        json_text(j, "windows", d->windows);
        json_text(j, "evidence", d->evidence);
        json_text(j, "because", d->because);
        json_close(j, '}');
    }
    json_close(j, ']');
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

/* A member that Windows' text does not mention is null. */
static void write_windows(struct json *j, const struct forecast *f, const struct facts *facts)
{
    static const struct {
        const char *name;
        enum fact_id fact;
    } texts[] = {{"source", FACT_WINDOWS_SOURCE},
                 {"version", FACT_WINDOWS_VERSION},
                 {"vbs", FACT_WINDOWS_VBS}};
    const struct windows *w = f->windows;
    if (w == NULL) {
        json_text(j, "windows", NULL);
        return;
    }
    json_key(j, "windows");
    json_open(j, '{');
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct fact *fact = &facts->all[texts[i].fact];
        json_text(j, texts[i].name, fact->st == ST_OK ? fact->v.text : NULL);
    }
    json_key(j, "available");
    json_open(j, '[');
    for (unsigned n = 0; n < PROPERTY_END; n++) {
        if ((w->available.has >> n & 1) == 0)
            continue;
        json_item(j);
        out_printf(j->o, "%u", n);
    }
    json_close(j, ']');
    write_bool(j, "complete", w->available.told && !w->available.cut && w->available.open == 0);
    json_text(j, "message", f->said);
    write_differences(j, f);
    json_close(j, '}');
}

void json_forecast(struct json *j, const struct forecast *f, const struct facts *facts)
{
    json_key(j, "forecast");
    json_open(j, '{');
    for (unsigned i = 0; i < FORECAST_COUNT; i++) {
        write_item(j, forecast_infos[i].name, &f->items[i]);
        if (i == FORECAST_POLICY_3)
            write_properties(j, f);
    }
    write_windows(j, f, facts);
    json_key(j, "readiness_tool");
    json_open(j, '{');
    json_text(j, "value", f->readiness_tool);
    json_text(j, "because", f->readiness_because);
    write_bool(j, "inference", true);
    json_close(j, '}');
    json_close(j, '}');
}
