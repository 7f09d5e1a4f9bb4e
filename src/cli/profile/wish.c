/* SPDX-License-Identifier: MIT */
#include "cli/profile/wish.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/trouble.h"
#include "confine/confine.h"
#include "io/input.h"
#include "load/raw.h"
#include "vbscheck/limits.h"

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Reads a file, or a pipe, which the shell makes for <(...). */
static bool read_into(struct wish *w, struct arena *a, struct arena *room, const char **problem)
{
    struct raw_input raw = {0};
    const struct input_item item = {.path = w->file, .named = strlen(w->file)};
    const char *why = "";
    enum status st = input_read(&item, room, &raw, &why);
    if (st != ST_OK) {
        *problem = arena_text(a, span_of(why));
        return false;
    }
    bool small = raw.stream == NULL && raw.n == 1 && raw.files[0].data.len <= PROFILE_FILE_MAX;
    if (small)
        w->bytes =
            (struct span){(const uint8_t *)arena_text(a, raw.files[0].data), raw.files[0].data.len};
    else
        *problem = arena_printf(a, "%s: it is too large for a profile (over 256 KiB)", w->file);
    input_close(&raw);
    return small;
}

static bool read_file(struct wish *w, struct arena *a, const char **problem)
{
    struct arena room;
    if (is_folder(w->file)) {
        *problem = arena_printf(a, "%s is a folder; a profile is one file", w->file);
        return false;
    }
    arena_init(&room, LIMIT_DATA, out_of_memory);
    bool read = read_into(w, a, &room, problem);
    arena_reset(&room);
    return read;
}

/* "2026-11-30", in UTC. */
static const char *today(struct arena *a)
{
    enum { ROOM = 32 };
    time_t now = time(NULL);
    struct tm tm;
    char *text = arena_alloc(a, ROOM, 1);
    if (gmtime_r(&now, &tm) == NULL || strftime(text, ROOM, "%Y-%m-%d", &tm) == 0)
        return NULL;
    return text;
}

/*
 * Runs confined: the message describes what is wrong with the wish; it is empty if the wish is
 * sound.
 */
static void look_at_wish(void *context, struct arena *a, struct judged *result)
{
    struct policy policy;
    const char *problem = "";
    bool sound = policy_make(context, a, &policy, &problem);
    if (!sound)
        result->message = span_of(problem);
    result->document = span_of(sound ? "sound" : "");
}

bool wish_prepare(struct wish *w, struct arena *a, const char **problem)
{
    struct judged result = {.message =
                                span_of("no process could be started to judge the evidence")};
    const struct confinement looking = {
        .profile = &profile_memory, .work = look_at_wish, .context = w};
    struct policy policy;
    w->today = today(a);
    if (w->file == NULL)
        return policy_make(w, a, &policy, problem);
    if (!read_file(w, a, problem))
        return false;
    if (confine_run(&looking, a, &result) == ST_OK && span_is(result.document, "sound"))
        return true;
    *problem = arena_text(a, result.message);
    return false;
}
