/* SPDX-License-Identifier: MIT */
/* Writers for a fleet. */
#ifndef FLEET_PRINT_H
#define FLEET_PRINT_H

#include "fleet/fleet.h"
#include "report/report.h"

typedef void fleet_print(struct out *o, const struct fleet *f, const struct looks *looks);

/* Text for people, Markdown for tickets, an HTML page, and docs/schema/summary-1.json. */
fleet_print fleet_print_text, fleet_print_markdown, fleet_print_html, fleet_print_json;

#endif
