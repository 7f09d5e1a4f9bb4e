/* SPDX-License-Identifier: MIT */
/*
 * A tar archive of captures on standard input: "tar c captures | vbscheck --from -". A confined
 * process unpacks it and hands over one capture after another; this process stores their bytes and
 * looks at none of them.
 */
#ifndef CLI_INPUTS_OUTER_H
#define CLI_INPUTS_OUTER_H

#include "cli/inputs/members.h"
#include "vbscheck/libs.h"

/*
 * The confined work (confine.h); `context` is a const struct archive_lib. A member that is an
 * archive by its name and its content is an input, and so is a folder with a manifest. *result:
 * exit status 0, the document says OUTER_MANY or OUTER_ONE, the message is empty, or why the
 * archive could not be read to its end.
 */
void outer_unpack(void *context, struct arena *a, struct judged *result);

#define OUTER_ONE  "one"
#define OUTER_MANY "many"

#endif
