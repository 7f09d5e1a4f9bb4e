/* SPDX-License-Identifier: MIT */
/*
 * User-written profiles: JSON, docs/schema/profile-1.json. Nothing is ignored silently: an unknown
 * key, rule or word is an error, since a typo would switch off what it should require.
 */
#include <jansson.h>
#include <string.h>

#include "profile/policy.h"
#include "vbscheck/count.h"
#include "vbscheck/suggest.h"

enum { FORMAT = 1 };

struct reading {
    struct arena *arena;
    struct profile_file *out;
    const char *problem; /* the first that was found */
    struct profile_row *rows;
    struct waiver *waivers;
};

static void refuse(struct reading *r, const char *problem)
{
    if (r->problem == NULL)
        r->problem = problem;
}

/* Text from the file for a message: short, and safe for a terminal. */
static const char *shown(struct reading *r, const char *text)
{
    enum { LONGEST = 40 };
    if (policy_text_problem(text) != NULL)
        return "(a text that cannot be shown)";
    return strlen(text) <= LONGEST ? text : arena_printf(r->arena, "%.36s...", text);
}

/* Keys ------------------------------------------------------------------------------------- */

static const char *const file_keys[] = {"schema_version", "name", "summary", "page",
                                        "date",           "base", "levels",  "waivers"};
static const char *const waiver_keys[] = {"rule", "reason", "until", "owner"};
static const char *const level_keys[] = {"level", "guest"};

static const char *file_key(size_t i)
{
    return i < COUNT(file_keys) ? file_keys[i] : NULL;
}

static const char *waiver_key(size_t i)
{
    return i < COUNT(waiver_keys) ? waiver_keys[i] : NULL;
}

static const char *level_key(size_t i)
{
    return i < COUNT(level_keys) ? level_keys[i] : NULL;
}

static const char *rule_id(size_t i)
{
    const struct rule *r = rule_at(i);
    return r != NULL ? r->id : NULL;
}

static const char *profile_name(size_t i)
{
    return i < n_profiles ? profiles[i]->name : NULL;
}

static const char *level_word(size_t i)
{
    static const char *const words[] = {"required", "recommended", "info", "none"};
    return i < COUNT(words) ? words[i] : NULL;
}

static bool is_one_of(const char *word, suggest_names *names)
{
    const char *name;
    for (size_t i = 0; (name = names(i)) != NULL; i++) {
        if (strcmp(name, word) == 0)
            return true;
    }
    return false;
}

static void check_keys(struct reading *r, json_t *object, const char *where, suggest_names *names)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (r->problem == NULL && !is_one_of(key, names))
            refuse(r, suggest_in(r->arena,
                                 arena_printf(r->arena, "%s has the unknown key '%s'", where,
                                              shown(r, key)),
                                 "docs/profiles.md lists the keys", key, names));
    }
}

/* Texts ------------------------------------------------------------------------------------ */

/* NULL if the key is missing; a text that is there must be valid. */
static const char *text_of(struct reading *r, json_t *object, const char *where, const char *key)
{
    json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    if (value == NULL)
        return NULL;
    const char *problem = text == NULL ? "is not a text" : policy_text_problem(text);
    if (problem != NULL) {
        refuse(r, arena_printf(r->arena, "\"%s\" of %s %s", key, where, problem));
        return NULL;
    }
    return arena_text(r->arena, span_of(text));
}

static const char *need_text(struct reading *r, json_t *object, const char *where, const char *key)
{
    const char *text = text_of(r, object, where, key);
    if (text == NULL)
        refuse(r, arena_printf(r->arena, "%s lacks \"%s\"", where, key));
    return text;
}

static const char *known_rule(struct reading *r, const char *id)
{
    const struct rule *rule = rule_find(id);
    if (rule != NULL)
        return rule->id;
    refuse(r, suggest_in(r->arena, arena_printf(r->arena, "there is no rule '%s'", shown(r, id)),
                         "see 'vbscheck list rules'", id, rule_id));
    return NULL;
}

/* A date of the Gregorian calendar, as "2027-01-31". */
static bool is_date(const char *text)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const char form[] = "dddd-dd-dd";
    unsigned part[3] = {0}, at = 0;
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '-' ? text[i] != '-' : !digit)
            return false;
        if (form[i] == '-')
            at++;
        else
            part[at] = part[at] * 10 + (unsigned)(text[i] - '0');
    }
    bool leap = (part[0] % 4 == 0 && part[0] % 100 != 0) || part[0] % 400 == 0;
    return part[1] >= 1 && part[1] <= COUNT(days) && part[2] >= 1 &&
           part[2] <= days[part[1] - 1] + (part[1] == 2 && leap);
}

/* Levels ----------------------------------------------------------------------------------- */

static enum level level_of(struct reading *r, const char *rule, json_t *value)
{
    const char *word = json_string_value(value);
    enum level level = LEVEL_LEFT_OUT;
    if (word == NULL)
        refuse(r, arena_printf(r->arena, "the level of %s is not a text", rule));
    else if (strcmp(word, "none") != 0 && !level_from_name(word, &level))
        refuse(r, suggest_in(r->arena,
                             arena_printf(r->arena, "the level of %s is '%s', which is not a level",
                                          rule, shown(r, word)),
                             "levels are required, recommended, info and none", word, level_word));
    return level;
}

/*
 * A single word is the level on a PC. In a VM, rules that `vbs` lowers because they belong to the
 * host keep that lower level, unless {"level": …, "guest": …} sets another.
 */
static void add_level(struct reading *r, const char *id, json_t *value)
{
    const char *rule = known_rule(r, id);
    if (rule == NULL)
        return;
    const struct rule *own = rule_find(rule);
    bool two = json_is_object(value);
    if (two)
        check_keys(r, value, arena_printf(r->arena, "the level of %s", rule), level_key);
    json_t *guest = two ? json_object_get(value, "guest") : NULL;
    enum level level = level_of(r, rule, two ? json_object_get(value, "level") : value);
    struct profile_row row = {rule, level, level};
    if (guest != NULL)
        row.guest = level_of(r, rule, guest);
    else if (own->guest != LEVEL_LEFT_OUT && own->guest > own->level && own->guest > level)
        row.guest = own->guest;
    if ((row.guest == LEVEL_LEFT_OUT) != (row.level == LEVEL_LEFT_OUT))
        refuse(r, arena_printf(r->arena,
                               "%s cannot be judged on a PC or in a VM alone: give both "
                               "a level, or none",
                               rule));
    r->rows[r->out->n_rows++] = row;
}

static void read_levels(struct reading *r, json_t *levels)
{
    const char *key;
    json_t *value;
    if (levels == NULL)
        return;
    if (!json_is_object(levels))
        refuse(r, "\"levels\" is not an object of rules and their levels");
    r->rows = arena_new(r->arena, struct profile_row, rules_count());
    r->out->rows = r->rows;
    json_object_foreach(levels, key, value)
    {
        if (r->problem == NULL && r->out->n_rows < rules_count())
            add_level(r, key, value);
    }
}

/* Waivers ---------------------------------------------------------------------------------- */

static void add_waiver(struct reading *r, json_t *item, size_t number)
{
    const char *where = arena_printf(r->arena, "waiver %zu", number);
    if (!json_is_object(item)) {
        refuse(r, arena_printf(r->arena, "%s is not an object", where));
        return;
    }
    check_keys(r, item, where, waiver_key);
    const char *rule = need_text(r, item, where, "rule");
    struct waiver w = {
        .rule = rule != NULL ? known_rule(r, rule) : NULL,
        .reason = need_text(r, item, where, "reason"),
        .until = need_text(r, item, where, "until"),
        .owner = need_text(r, item, where, "owner"),
    };
    if (w.until != NULL && !is_date(w.until))
        refuse(r, arena_printf(r->arena,
                               "\"until\" of %s is '%s', which is not a date: write it as "
                               "2027-01-31",
                               where, shown(r, w.until)));
    r->waivers[r->out->n_waivers++] = w;
}

static void read_waivers(struct reading *r, json_t *waivers)
{
    size_t n = json_array_size(waivers);
    if (waivers == NULL)
        return;
    if (!json_is_array(waivers))
        refuse(r, "\"waivers\" is not a list");
    if (n > WAIVERS_MAX) {
        refuse(r, "it has more than 200 waivers");
        return;
    }
    r->waivers = arena_new(r->arena, struct waiver, n);
    r->out->waivers = r->waivers;
    for (size_t i = 0; i < n && r->problem == NULL; i++)
        add_waiver(r, json_array_get(waivers, i), i + 1);
}

/* ------------------------------------------------------------------------------------------ */

static void read_format(struct reading *r, json_t *root)
{
    json_t *version = json_object_get(root, "schema_version");
    if (version == NULL)
        refuse(r, "it lacks \"schema_version\": 1, which marks a profile");
    else if (!json_is_integer(version) || json_integer_value(version) < FORMAT)
        refuse(r, "its \"schema_version\" is not 1");
    else if (json_integer_value(version) > FORMAT)
        refuse(r, "its format is newer than this version can read (schema_version 1): use a newer "
                  "vbscheck");
}

static void read_base(struct reading *r, json_t *root)
{
    const char *base = text_of(r, root, "the profile", "base");
    if (base == NULL)
        return;
    r->out->base = profile_find(base);
    if (r->out->base == NULL)
        refuse(r,
               suggest_in(r->arena,
                          arena_printf(r->arena, "its base '%s' is not a profile", shown(r, base)),
                          "see 'vbscheck list profiles'", base, profile_name));
}

static bool judges_any(const struct profile_file *f)
{
    for (size_t i = 0; i < f->n_rows; i++) {
        if (f->rows[i].level != LEVEL_LEFT_OUT)
            return true;
    }
    return false;
}

static void read_profile(struct reading *r, json_t *root)
{
    static const char whole[] = "the profile";
    if (!json_is_object(root)) {
        refuse(r, "it is not an object");
        return;
    }
    read_format(r, root); /* first: a newer format may have other keys */
    check_keys(r, root, whole, file_key);
    struct profile *p = &r->out->profile;
    p->name = need_text(r, root, whole, "name");
    p->summary = text_of(r, root, whole, "summary");
    p->page = text_of(r, root, whole, "page");
    p->date = text_of(r, root, whole, "date");
    if (p->date != NULL && !is_date(p->date))
        refuse(r, "its \"date\" is not a date: write it as 2027-01-31");
    if (p->name != NULL && profile_find(p->name) != NULL)
        refuse(r, arena_printf(r->arena,
                               "its name is that of the built-in profile %s: give it another name",
                               p->name));
    read_base(r, root);
    read_levels(r, json_object_get(root, "levels"));
    read_waivers(r, json_object_get(root, "waivers"));
    if (r->problem == NULL && r->out->base == NULL && !judges_any(r->out))
        refuse(r, "it judges nothing: it has neither a base nor a rule with a level");
    if (p->name != NULL)
        p->goal = arena_printf(r->arena, "the profile %s", p->name);
}

/* jansson's messages quote the file's content; the line number is enough. */
static const char *why_no_json(struct arena *a, const json_error_t *e)
{
    if (json_error_code(e) == json_error_duplicate_key)
        return arena_printf(a,
                            "line %d: a key occurs twice, so a rule would have two levels: remove "
                            "one",
                            e->line);
    return arena_printf(a, "it is not JSON: look at line %d, column %d", e->line, e->column);
}

bool profile_file_parse(struct span bytes, struct arena *a, struct profile_file *out,
                        const char **problem)
{
    struct profile_file f = {0};
    struct reading r = {.arena = a, .out = &f};
    json_error_t error = {0};
    if (bytes.len > PROFILE_FILE_MAX) {
        *problem = "it is too large for a profile (over 256 KiB)";
        return false;
    }
    if (span_starts(bytes, "\xef\xbb\xbf")) /* a byte order mark, written by Windows' editors */
        bytes = span_skip(bytes, 3);
    json_t *root = json_loadb((const char *)bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        *problem = bytes.len == 0 ? "the file is empty" : why_no_json(a, &error);
        return false;
    }
    read_profile(&r, root);
    json_decref(root);
    if (r.problem != NULL) {
        *problem = r.problem;
        return false;
    }
    *out = f;
    return true;
}
