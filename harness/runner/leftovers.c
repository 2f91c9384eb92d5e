/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/clock.h"
#include "runner/habits.h"
#include "runner/journal_content.h"
#include "runner/test_journal.h"
#include "runner/undo_names.h"
#include "runner/undo_values.h"

/* --- finding journals --------------------------------------------------------------------------
 */

static void pause_briefly(void)
{
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000L};

    nanosleep(&pause, NULL);
}

/* Open and lock it. -1: it is in use (`*running`), or gone. */
static int open_journal(const char *path, bool *running)
{
    static const double patience_s = 2;
    double end = parity_clock_s() + patience_s;
    int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    struct stat info;

    *running = false;
    if (fd < 0)
        return -1;
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || parity_clock_s() > end) {
            *running = errno == EWOULDBLOCK;
            close(fd);
            return -1;
        }
        pause_briefly();
    }
    /* Its run has ended well in the meantime, and removed it. */
    if (fstat(fd, &info) < 0 || info.st_nlink == 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int add_journal(struct parity_leftovers *out, const char *path, struct parity_error *err)
{
    struct parity_leftover *leftover;
    bool running;
    int fd = open_journal(path, &running);

    out->running += running;
    if (fd < 0)
        return 0;
    if (parity_grow(&out->items, &out->capacity, out->count + 1, sizeof *out->items) < 0) {
        close(fd);
        parity_fail_nomem(err);
        return -1;
    }
    leftover = &out->items[out->count];
    memset(leftover, 0, sizeof *leftover);
    if (parity_journal_read(path, &leftover->record, err) < 0) {
        parity_journal_record_clear(&leftover->record);
        close(fd);
        return -1;
    }
    leftover->journal = parity_journal_resume(path, fd, leftover->record.aws, err);
    if (!leftover->journal) {
        parity_journal_record_clear(&leftover->record);
        return -1;
    }
    if (leftover->record.count > 0) {
        out->count++;
        return 0;
    }
    parity_journal_record_clear(&leftover->record);
    parity_journal_close(leftover->journal, true);
    return 0;
}

static int is_journal(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');

    return end && strcmp(end, ".jsonl") == 0;
}

size_t parity_leftovers_count(const char *folder)
{
    char *own = folder ? NULL : parity_journal_folder(NULL);
    const char *where = folder ? folder : own;
    DIR *directory = where ? opendir(where) : NULL;
    const struct dirent *entry;
    size_t count = 0;

    while (directory && (entry = readdir(directory))) {
        int fd =
            is_journal(entry) ? openat(dirfd(directory), entry->d_name, O_RDONLY | O_CLOEXEC) : -1;

        if (fd < 0)
            continue;
        count += flock(fd, LOCK_SH | LOCK_NB) == 0;
        close(fd);
    }
    if (directory)
        closedir(directory);
    parity_free(own);
    return count;
}

static int is_older(const void *a, const void *b)
{
    const struct parity_leftover *x = a, *y = b;

    return strcmp(x->record.at ? x->record.at : "", y->record.at ? y->record.at : "");
}

int parity_leftovers_find(const char *folder, struct parity_leftovers *out,
                          struct parity_error *err)
{
    char *own = folder ? NULL : parity_journal_folder(err);
    const char *where = folder ? folder : own;
    struct dirent **names = NULL;
    int count, rc = 0;

    memset(out, 0, sizeof *out);
    if (!where)
        return -1;
    count = scandir(where, &names, is_journal, alphasort);
    if (count < 0 && errno != ENOENT) {
        parity_fail(err, PARITY_E_IO, where, "cannot read the journals of earlier runs: %s",
                    strerror(errno));
        rc = -1;
    }
    for (int i = 0; i < count; i++) {
        char *path = parity_path_join(where, names[i]->d_name);

        if (rc == 0)
            rc = path ? add_journal(out, path, err) : -1;
        if (!path)
            parity_fail_nomem(err);
        parity_free(path);
        free(names[i]);
    }
    free(names);
    parity_free(own);
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, is_older);
    return rc;
}

void parity_leftovers_clear(struct parity_leftovers *leftovers)
{
    for (size_t i = 0; i < leftovers->count; i++) {
        struct parity_leftover *leftover = &leftovers->items[i];
        struct parity_journal_record now;
        bool empty = parity_journal_read(parity_journal_path(leftover->journal), &now, NULL) == 0 &&
                     now.count == 0;

        parity_journal_record_clear(&now);
        parity_journal_record_clear(&leftover->record);
        parity_journal_close(leftover->journal, empty);
    }
    parity_free(leftovers->items);
    memset(leftovers, 0, sizeof *leftovers);
}

/* --- deleting ----------------------------------------------------------------------------------
 */

enum { PASSES = 6 };

/* An entry while it is dealt with. */
struct item {
    const struct parity_journal_entry *entry;
    enum parity_leftover_fate fate;
    json_t *call; /* the last one made for it, or that would be; owned */
    char reason[512];
};

struct work {
    struct parity_leftover *leftover;
    const struct parity_leftover_options *options;
    struct parity_test *t;
    struct item *items; /* newest first */
    size_t count;
    json_t *deleted; /* owned: inputs of calls that have deleted something */
    bool retry;      /* the next pass may succeed where this one failed */
};

static bool is_open(const struct item *item)
{
    return item->fate >= PARITY_LEFTOVER_FAILED;
}

static void make(struct work *work, struct item *item, json_t *call)
{
    char text[sizeof item->reason];
    enum parity_cleanup_result result;

    if (parity_journal_is_concealed(json_object_get(call, "input"))) {
        item->fate = PARITY_LEFTOVER_UNKNOWN;
        snprintf(item->reason, sizeof item->reason,
                 "its input held what a journal does not, or another account");
        return;
    }
    result = parity_test_make_cleanup(work->t, call, text, sizeof text);
    json_decref(item->call);
    item->call = json_incref(call);
    memcpy(item->reason, text, sizeof text);
    if (result == PARITY_CLEANUP_FAILED && !parity_test_is_pause(call)) {
        item->fate = PARITY_LEFTOVER_FAILED;
        work->retry = true;
        return;
    }
    item->fate = result == PARITY_CLEANUP_GONE ? PARITY_LEFTOVER_GONE : PARITY_LEFTOVER_DELETED;
    if (result != PARITY_CLEANUP_MADE)
        return;
    json_array_append(work->t->made, json_object_get(call, "input"));
    if (parity_undo_name_deletes(json_string_value(json_object_get(call, "operation"))))
        json_array_append(work->deleted, json_object_get(call, "input"));
}

/* What was under way when its run ended may still come to be. */
static void let_it_settle(const struct work *work, const struct parity_journal_entry *entry)
{
    if (!entry->answered)
        parity_test_let_settle(work->t, entry->at_s);
}

/* What the names that a call made are known by as the run's own. */
static const char *run_id_of(const struct parity_leftover *leftover,
                             const struct parity_journal_entry *entry)
{
    const char *names = json_string_value(json_object_get(entry->call, "names"));

    return names ? names : leftover->record.run_id;
}

/* Steals `call`. */
static void ask_first(struct item *item, json_t *call)
{
    item->fate = PARITY_LEFTOVER_DOUBTFUL;
    json_decref(item->call);
    item->call = call;
}

static void undo(struct work *work, struct item *item)
{
    const struct parity_journal_entry *entry = item->entry;
    const struct parity_test_made made = {.test = entry->test,
                                          .run_id = run_id_of(work->leftover, entry),
                                          .call = entry->call,
                                          .output = entry->output,
                                          .may_be_older = true};
    enum parity_undo_answer answer;
    struct parity_error err = {0};
    json_t *call;

    let_it_settle(work, entry);
    answer = parity_test_undo(work->t, &made, &call, &err);
    if (answer == PARITY_UNDO_DOUBTFUL && work->options->force)
        answer = PARITY_UNDO_CALL;
    switch (answer) {
    case PARITY_UNDO_CALL:
        make(work, item, call);
        json_decref(call);
        break;
    case PARITY_UNDO_DOUBTFUL:
        ask_first(item, call);
        break;
    case PARITY_UNDO_ABSENT:
        item->fate = PARITY_LEFTOVER_GONE;
        break;
    case PARITY_UNDO_UNKNOWN:
        item->fate = PARITY_LEFTOVER_UNKNOWN;
        if (err.code != PARITY_OK)
            parity_error_format(&err, item->reason, sizeof item->reason);
        break;
    }
}

/* @return how many were dealt with for good */
static size_t pass(struct work *work)
{
    size_t done = 0;

    work->retry = false;
    for (size_t i = 0; i < work->count; i++) {
        struct item *item = &work->items[i];

        if (!is_open(item))
            continue;
        if (item->entry->is_cleanup)
            make(work, item, item->entry->call);
        else
            undo(work, item);
        if (is_open(item))
            continue;
        parity_journal_settle_one(work->leftover->journal, item->entry->id);
        done++;
    }
    return done;
}

/* What nobody knows how to delete may have been a part of what was deleted. */
static void settle_parts(struct work *work)
{
    for (size_t i = 0; i < work->count; i++) {
        struct item *item = &work->items[i];

        const json_t *input = json_object_get(item->entry->call, "input");

        if (item->fate < PARITY_LEFTOVER_DOUBTFUL ||
            (!parity_undo_is_part(input, work->deleted) &&
             !parity_undo_share_thing(input, work->t->made,
                                      parity_test_mark(run_id_of(work->leftover, item->entry)))))
            continue;
        item->fate = PARITY_LEFTOVER_GONE;
        parity_journal_settle_one(work->leftover->journal, item->entry->id);
    }
}

static int prepare(struct work *work, struct parity_error *err)
{
    const struct parity_test_environment *environment = work->options->environment;
    const struct parity_journal_record *record = &work->leftover->record;

    work->count = record->count;
    work->items = parity_calloc(record->count, sizeof *work->items);
    work->deleted = json_array();
    if (!work->items || !work->deleted) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < record->count; i++) {
        struct parity_journal_entry *entry = &record->entries[record->count - 1 - i];

        work->items[i] = (struct item){.entry = entry, .fate = PARITY_LEFTOVER_UNKNOWN};
        if (!record->aws)
            continue;
        parity_journal_reveal(entry->call, environment->primary.account_id,
                              environment->secondary.account_id);
        parity_journal_reveal(entry->output, environment->primary.account_id,
                              environment->secondary.account_id);
    }
    return 0;
}

static void report_all(const struct work *work)
{
    const struct parity_leftover_options *options = work->options;

    for (size_t i = 0; i < work->count; i++) {
        const struct item *item = &work->items[i];

        if (!is_open(item) && parity_test_is_pause(item->entry->call))
            continue;
        options->tell(options->data, item->fate, item->entry,
                      item->call && item->fate != PARITY_LEFTOVER_UNKNOWN ? item->call
                                                                          : item->entry->call,
                      item->reason);
    }
}

int parity_leftover_delete(struct parity_leftover *leftover,
                           const struct parity_leftover_options *options, struct parity_error *err)
{
    static char nowhere[] = "";
    const struct parity_test_definition definition = {.name = ""};
    const struct parity_case none = {
        .id = nowhere, .suite_path = nowhere, .definition = &definition};
    struct parity_test t;
    struct work work = {.leftover = leftover, .options = options, .t = &t};
    int rc = -1;

    if (parity_test_init(&t, &none, options->environment, 0, err) < 0 || prepare(&work, err) < 0)
        goto out;
    for (int i = 0; i < PASSES; i++) {
        size_t done = pass(&work);

        if (!work.retry || (done == 0 && i > 1))
            break;
        parity_test_sleep_in_cleanup(&t, done ? 0.1 : 1);
    }
    settle_parts(&work);
    report_all(&work);
    rc = 0;
out:
    for (size_t i = 0; work.items && i < work.count; i++)
        json_decref(work.items[i].call);
    parity_free(work.items);
    json_decref(work.deleted);
    parity_test_clear(&t);
    return rc;
}

bool parity_leftover_needs_force(const struct parity_leftover *leftover,
                                 const struct parity_journal_entry *entry,
                                 struct parity_models *models, const char *habits, json_t **undo)
{
    const char *mark = parity_test_mark(run_id_of(leftover, entry));
    const struct parity_undo_options options = {.models = models, .mark = mark, .doubtful = true};
    json_t *habit;

    *undo = NULL;
    if (entry->is_cleanup || parity_undo_is_marked(json_object_get(entry->call, "input"), mark))
        return false;
    habit = entry->output && habits
                ? parity_habits_find(habits, parity_habits_owner(entry->test, entry->call),
                                     entry->call, entry->output, NULL)
                : NULL;
    json_decref(habit);
    if (habit ||
        parity_undo_find(&options, entry->call, entry->output, undo, NULL) != PARITY_UNDO_CALL)
        return !habit;
    json_decref(*undo);
    *undo = NULL;
    return false;
}
