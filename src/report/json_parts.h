/* SPDX-License-Identifier: MIT */
/* Parts of the JSON report that have their own files. */
#ifndef REPORT_JSON_PARTS_H
#define REPORT_JSON_PARTS_H

#include "report/json_writer.h"
#include "report/report.h"

/* The member "drivers", if files were examined. */
void json_drivers(struct json *j, const struct driver_list *l);

/* The member "forecast". */
void json_forecast(struct json *j, const struct forecast *f, const struct facts *facts);
/* The members about the profile, if it is not the default. */
void json_policy(struct json *j, const struct policy *p);

/* The members "rows" and "fixes". */
void json_advice(struct json *j, const struct advice *a);

#endif
