/* SPDX-License-Identifier: MIT */
#include "cli/diff/document.h"

#include "cli/trouble.h"
#include "confine/printable.h"
#include "io/output.h"
#include "judge.h"

int document_write(const struct config *c, const struct looks *looks, const struct judged *result,
                   struct arena *a)
{
    struct output output;
    const char *problem = "";
    if (result->message.len > 0)
        return trouble(a, "%s", arena_text(a, result->message));
    if (!is_printable(result->document, looks->color))
        return trouble(a, "the report was dropped because it contains terminal control codes: the "
                          "input may be hostile");
    if (output_open(c->output, a, &output, &problem) != ST_OK)
        return trouble(a, "%s", problem);
    if (output_write(&output, result->document, a, &problem) == ST_OK &&
        output_commit(&output, a, &problem) == ST_OK)
        return result->exit_status;
    output_abandon(&output);
    return trouble(a, "%s", problem);
}
