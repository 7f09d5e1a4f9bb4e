/* SPDX-License-Identifier: MIT */
/*
 * mutants [--first N] [--count N] [--control NAME] [--tables FOLDER EVERY] BASE...: judges that
 * many mutants, numbered from N on, and prints a line for each promise that one broke and a line of
 * figures. A mutant is the same each time for the same bases. Promises: docs/fuzzing.md.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz/mutants/mutants.h"
#include "vbscheck/count.h"

enum { SLOWEST_S = 10, TOLD_MOST = 200 };

/* Shared with the process that judges, which may die of a mutant. */
struct figures {
    size_t at; /* the number of the mutant that is judged */
    size_t kinds[MUTANT_KINDS];
    size_t judged, ready, ready_anew, to_pass, to_fail, less, unsound, moved, findings, crashes;
    long longest_us, peak_kib;
    size_t longest;
};

struct run {
    struct bases bases;
    size_t first, count;
    const char *folder; /* for tables; NULL: none are written */
    size_t every;
    const char *written; /* folder for all files of the first mutant, or NULL */
    struct figures *figures;
    /* Of the mutant at hand. */
    struct mutant mutant;
    struct judgement now;
    struct arena names;
};

static void tell(void *context, const char *promise, const char *text)
{
    struct run *run = context;
    if (++run->figures->findings <= TOLD_MOST)
        (void)printf("finding %zu %s: %s (base %s)\n", run->figures->at, promise, text,
                     run->mutant.base != NULL ? run->mutant.base->name : "-");
    (void)fflush(stdout);
}

static void tell_rule(struct run *run, const char *promise, const struct rule *r, const char *what)
{
    char text[200];
    (void)snprintf(text, sizeof text, "%s %s", r->id, what);
    tell(run, promise, text);
}

/* The blob of this name, or the first of several that was read; NULL: there is none. */
static const struct blob *blob_of(const struct snapshot *snap, const char *name)
{
    const struct blob *found = NULL;
    for (size_t i = 0; i < snap->n; i++) {
        bool read = found != NULL && (found->st == ST_OK || found->st == ST_TRUNCATED);
        if (!read && strcmp(snap->blobs[i].name, name) == 0)
            found = &snap->blobs[i];
    }
    return found;
}

/*
 * Promise "positive": a rule passes by facts that were read. Each known fact that it needs is from
 * a blob that was read, or is not there (which proves an absence), and one at least from bytes.
 */
static void check_pass(struct run *run, const struct report *r, const struct rule *rule)
{
    bool any = false;
    for (size_t i = 0; i < RULE_CLAUSES; i++) {
        for (size_t k = 0; k < CLAUSE_CONDS && rule->need[i].any[k].op != OP_NONE; k++) {
            const struct fact *f = &r->facts.all[rule->need[i].any[k].fact];
            if (f->st != ST_OK || f->from.blob == NULL)
                continue;
            const struct blob *b = blob_of(r->snap, f->from.blob);
            bool read = b != NULL && (b->st == ST_OK || b->st == ST_TRUNCATED);
            any |= read && b->data.len > 0;
            if (b != NULL && !read && b->st != ST_ABSENT && b->st != ST_NOT_COLLECTED)
                tell_rule(run, "positive", rule,
                          arena_printf(&run->names, "passes by %s, which was not read: %s", b->name,
                                       status_name(b->st)));
        }
    }
    if (!any)
        tell_rule(run, "positive", rule, "passes, and no bytes tell so");
}

static void use(void *context, const struct report *r, struct arena *a)
{
    struct run *run = context;
    const struct judgement *truth = &run->mutant.base->truth;
    const struct tell to = {tell, run};
    (void)a;
    judgement_take(&run->now, r);
    formats_check(r, &to);
    /* Another machine, or seen from elsewhere: other rules decide. */
    run->figures->moved += run->now.viewpoint != truth->viewpoint;
    for (size_t i = 0; i < run->now.n; i++) {
        enum verdict now = run->now.verdicts[i], was = i < truth->n ? truth->verdicts[i] : now;
        if (now == V_PASS)
            check_pass(run, r, r->outcomes[i].rule);
        run->figures->to_pass += now == V_PASS && was != V_PASS;
        run->figures->to_fail += now == V_FAIL && was != V_FAIL;
        run->figures->less += now == V_UNKNOWN && (was == V_PASS || was == V_FAIL);
    }
    run->figures->ready_anew += run->now.readiness == READY && truth->readiness != READY;
}

static bool is_unsound(const struct raw_file *f)
{
    return table_is_blob(f->name) && strchr(f->name, '=') == NULL && !table_adds_up(f->data);
}

/* Promise "checksum": a table that does not add up decides no more than one that was not read. */
static void check_sums(struct run *run)
{
    static struct raw_file files[MUTANT_FILES];
    const struct mutant *m = &run->mutant;
    struct judgement without;
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        files[i] = m->files[i];
        if (!is_unsound(&files[i]))
            continue;
        n++;
        files[i] =
            (struct raw_file){.name = arena_printf(&run->names, "%s=malformed", m->files[i].name)};
    }
    if (n == 0)
        return;
    run->figures->unsound++;
    mutants_judge(files, m->n, true, &without);
    for (size_t i = 0; i < run->now.n && i < without.n; i++) {
        enum verdict with = run->now.verdicts[i];
        if (with != without.verdicts[i] && (with == V_PASS || with == V_FAIL))
            tell_rule(run, "checksum", run->now.rules[i],
                      with == V_PASS ? "passes by a table that does not add up"
                                     : "fails by a table that does not add up");
    }
    if (run->now.readiness == READY && without.readiness != READY)
        tell(run, "checksum", "ready by a table that does not add up");
}

static void write_file(const char *path, struct span data)
{
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(data.ptr, 1, data.len, f) != data.len || fclose(f) != 0) {
        perror(path);
        exit(2); // NOLINT(concurrency-mt-unsafe)
    }
}

/* One of so many tables is kept for iasl, with what our parser says in its name. */
static void keep_table(const struct run *run, size_t number)
{
    const struct mutant *m = &run->mutant;
    char path[600];
    if (run->folder == NULL || m->kind != MUTANT_TABLE || number % run->every != 0 ||
        m->table.len < 4)
        return;
    (void)snprintf(path, sizeof path, "%s/%zu-%s-%s.aml", run->folder, number,
                   table_adds_up(m->table) ? "sound" : "unsound",
                   status_name(table_parse(m->table)));
    write_file(path, m->table);
}

/* For a look at one mutant: its files, "/" in names as "%". */
static void write_mutant(const struct run *run)
{
    const struct mutant *m = &run->mutant;
    char path[900];
    for (size_t i = 0; run->written != NULL && i < m->n; i++) {
        int n = snprintf(path, sizeof path, "%s/", run->written);
        (void)snprintf(path + n, sizeof path - (size_t)n, "%s", m->files[i].name);
        for (char *p = path + n; *p != '\0'; p++)
            *p = *p == '/' ? '%' : *p;
        write_file(path, m->files[i].data);
    }
}

static void judge_one(struct run *run, size_t number)
{
    struct mutant *m = &run->mutant;
    const struct mutants_use used = {use, run};
    test_arena(&run->names);
    mutant_make(m, &run->bases, number);
    run->figures->kinds[m->kind]++;
    run->now = (struct judgement){0};
    run->now.st = mutants_report(m->files, m->n, m->base->capture, &used);
    if (run->now.st == ST_OK) {
        run->figures->judged++;
        run->figures->ready += run->now.readiness == READY;
    }
    if (run->now.st == ST_OK && m->base->capture)
        check_sums(run);
    keep_table(run, number);
    write_mutant(run);
    mutant_free(m);
    arena_reset(&run->names);
}

static long microseconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* In the process that judges. */
static void judge_from(struct run *run, size_t number)
{
    struct figures *f = run->figures;
    const struct itimerval limit = {.it_value = {.tv_sec = SLOWEST_S}};
    for (; number < run->first + run->count; number++) {
        f->at = number;
        (void)setitimer(ITIMER_PROF, &limit, NULL);
        long begun = microseconds();
        judge_one(run, number);
        long took = microseconds() - begun;
        if (took > f->longest_us) {
            f->longest_us = took;
            f->longest = number;
        }
    }
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    f->peak_kib = used.ru_maxrss > f->peak_kib ? used.ru_maxrss : f->peak_kib;
    exit(0); // NOLINT(concurrency-mt-unsafe)
}

/* A mutant that ends the process is a finding, and the next ones go on. */
static void judge_all(struct run *run)
{
    size_t next = run->first, end = run->first + run->count;
    while (next < end) {
        int how = 0;
        pid_t pid = fork();
        if (pid == 0)
            judge_from(run, next);
        if (pid < 0 || waitpid(pid, &how, 0) != pid) {
            perror("mutants");
            exit(2); // NOLINT(concurrency-mt-unsafe)
        }
        if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
            return;
        (void)printf("finding %zu alive: its process ended with %s %d\n", run->figures->at,
                     WIFSIGNALED(how) ? "signal" : "status",
                     WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how));
        (void)fflush(stdout);
        run->figures->findings++;
        run->figures->crashes++;
        next = run->figures->at + 1;
    }
}

static size_t number_of(const char *text)
{
    uint64_t n = 0;
    return text != NULL && span_number(span_of(text), &n) ? (size_t)n : 0;
}

/* Options come first; *argv stands at the first base then. */
static bool read_options(struct run *run, char ***argv)
{
    char **a = *argv + 1;
    for (; *a != NULL && strncmp(*a, "--", 2) == 0 && a[1] != NULL; a += 2) {
        if (strcmp(*a, "--first") == 0)
            run->first = number_of(a[1]);
        else if (strcmp(*a, "--count") == 0)
            run->count = number_of(a[1]);
        else if (strcmp(*a, "--tables") == 0) {
            run->folder = a[1];
            run->every = number_of(a[2]);
            a++;
        } else if (strcmp(*a, "--write") == 0)
            run->written = a[1];
        else if (strcmp(*a, "--control") != 0 || !control_choose(a[1]))
            return false;
    }
    *argv = a;
    return run->folder == NULL || run->every > 0;
}

static void print_figures(const struct run *run)
{
    const struct figures *f = run->figures;
    (void)printf("figures mutants=%zu loose=%zu blobs=%zu tables=%zu judged=%zu ready=%zu "
                 "ready_anew=%zu to_pass=%zu to_fail=%zu less=%zu unsound=%zu moved=%zu "
                 "findings=%zu crashes=%zu longest_us=%ld "
                 "longest=%zu peak_kib=%ld bases=%zu donors=%zu\n",
                 run->count, f->kinds[MUTANT_LOOSE], f->kinds[MUTANT_BLOB], f->kinds[MUTANT_TABLE],
                 f->judged, f->ready, f->ready_anew, f->to_pass, f->to_fail, f->less, f->unsound,
                 f->moved, f->findings, f->crashes, f->longest_us, f->longest, f->peak_kib,
                 run->bases.n, run->bases.n_tables);
}

int main(int argc, char **argv)
{
    static struct run run = {.count = 1000};
    (void)argc;
    run.figures =
        mmap(NULL, sizeof *run.figures, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_arena(&run.bases.arena);
    if (run.figures == MAP_FAILED || !read_options(&run, &argv)) {
        (void)fprintf(stderr, "usage: mutants [--first N] [--count N] [--control NAME] "
                              "[--tables FOLDER EVERY] BASE...\n");
        return 2;
    }
    for (; *argv != NULL; argv++) {
        if (!bases_add(&run.bases, *argv))
            (void)fprintf(stderr, "mutants: %s: cannot be read\n", *argv);
    }
    if (run.bases.n == 0) {
        (void)fprintf(stderr, "mutants: there is no base\n");
        return 2;
    }
    judge_all(&run);
    print_figures(&run);
    return run.figures->findings > 0;
}
