/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/snapshot.h"
#include "runner/journal_content.h"

enum { HIGH_DESCRIPTOR = 700 }; /* as guard.c: beyond what tests close by number */

/* What all processes of a run have in common. */
struct shared {
    atomic_llong last_id;
    atomic_bool torn; /* the file ends in part of a line: the disk was full */
};

struct parity_journal {
    char *path;
    int fd;
    dev_t device; /* of the file, to see whether a test put another one in the descriptor's place */
    ino_t inode;
    bool aws;
    struct shared *shared;
    struct parity_journal_secrets secrets;
    char *account_id, *second_account_id; /* owned; of `secrets` */
};

/* --- the file ----------------------------------------------------------------------------------
 */

char *parity_journal_folder(struct parity_error *err)
{
    const char *root = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *folder = NULL;

    if (root && root[0] == '/') {
        folder = parity_asprintf("%s/parity/journal", root);
    } else if (home && home[0] == '/') {
        folder = parity_asprintf("%s/.local/state/parity/journal", home);
    } else {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL,
                    "no place for the journal of what runs create; set XDG_STATE_HOME or HOME");
        return NULL;
    }
    if (!folder)
        parity_fail_nomem(err);
    return folder;
}

static struct shared *share(void)
{
    void *page = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? NULL : page;
}

/* Takes `fd` over, and frees nothing of `path`. */
static struct parity_journal *make(const char *path, int fd, bool aws, struct parity_error *err)
{
    struct parity_journal *journal = parity_calloc(1, sizeof *journal);
    int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);
    struct stat info;

    if (high >= 0) {
        close(fd);
        fd = high;
    }
    if (!journal || !(journal->path = parity_strdup(path)) || !(journal->shared = share()) ||
        fstat(fd, &info) < 0) {
        parity_fail_nomem(err);
        close(fd);
        if (journal)
            journal->fd = -1;
        parity_journal_close(journal, false);
        return NULL;
    }
    journal->fd = fd;
    journal->device = info.st_dev;
    journal->inode = info.st_ino;
    journal->aws = aws;
    return journal;
}

/* Whoever looks through journals may lock a new one for a moment, and remove it since it is empty.
 * @return a descriptor; -1; or -2: it was removed */
static int create_locked(const char *path)
{
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct stat info;

    if (fd < 0)
        return -1;
    while (flock(fd, LOCK_EX) < 0)
        if (errno != EINTR) {
            close(fd);
            return -1;
        }
    if (fstat(fd, &info) == 0 && info.st_nlink > 0)
        return fd;
    close(fd);
    return -2;
}

static int create_file(const char *path, struct parity_error *err)
{
    int fd;

    do
        fd = create_locked(path);
    while (fd == -2);
    if (fd < 0)
        parity_fail(err, PARITY_E_IO, path, "cannot write down what the run creates: %s",
                    strerror(errno));
    return fd;
}

/* A file that is on the disk is of no use in a folder that is not. */
static void flush_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static int append(struct parity_journal *journal, json_t *record, bool durable,
                  struct parity_error *err);

/* With milliseconds, by which it is known whether a call may still be under way. */
static void now(char out[48])
{
    struct timespec time;
    struct tm parts;
    char seconds[32];

    clock_gettime(CLOCK_REALTIME, &time);
    gmtime_r(&time.tv_sec, &parts);
    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out, 48, "%s.%03ldZ", seconds, time.tv_nsec / 1000000);
}

static int say_run(struct parity_journal *journal, const struct parity_journal_options *options,
                   struct parity_error *err)
{
    char at[48];

    now(at);
    return append(journal,
                  json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:s}", "event", "run", "run",
                            options->run_id, "target", options->aws ? "aws" : "emulator",
                            "endpoint_url", options->aws ? NULL : options->endpoint_url, "emulator",
                            options->emulator, "region", options->region, "project",
                            options->project, "at", at),
                  true, err);
}

struct parity_journal *parity_journal_open(const struct parity_journal_options *options,
                                           struct parity_error *err)
{
    char *folder = options->folder ? parity_strdup(options->folder) : parity_journal_folder(err);
    char *path = folder ? parity_asprintf("%s/%s.jsonl", folder, options->run_id) : NULL;
    struct parity_journal *journal = NULL;
    int fd;

    if (!path) {
        parity_fail_nomem(err);
        goto out;
    }
    if (parity_file_make_folders(folder, err) < 0)
        goto out;
    fd = create_file(path, err);
    if (fd < 0)
        goto out;
    journal = make(path, fd, options->aws, err);
    if (!journal) {
        unlink(path);
        goto out;
    }
    if (say_run(journal, options, err) < 0) {
        parity_journal_close(journal, true);
        journal = NULL;
    } else if (options->aws) {
        flush_folder(folder);
    }
out:
    parity_free(path);
    parity_free(folder);
    return journal;
}

struct parity_journal *parity_journal_resume(const char *path, int fd, bool aws,
                                             struct parity_error *err)
{
    struct parity_journal *journal = make(path, fd, aws, err);
    off_t end = journal ? lseek(journal->fd, 0, SEEK_END) : 0;
    char last;

    if (end > 0 && pread(journal->fd, &last, 1, end - 1) == 1 && last != '\n')
        atomic_store(&journal->shared->torn, true);
    return journal;
}

void parity_journal_close(struct parity_journal *journal, bool remove)
{
    if (!journal)
        return;
    if (remove)
        unlink(journal->path);
    if (journal->fd >= 0)
        close(journal->fd);
    if (journal->shared)
        munmap(journal->shared, sizeof *journal->shared);
    parity_free(journal->account_id);
    parity_free(journal->second_account_id);
    parity_free(journal->path);
    parity_free(journal);
}

const char *parity_journal_path(const struct parity_journal *journal)
{
    return journal->path;
}

/* --- lines -------------------------------------------------------------------------------------
 */

/* A test may have closed the descriptor and opened something else under its number. */
static bool is_in_place(const struct parity_journal *journal)
{
    struct stat info;

    return fstat(journal->fd, &info) == 0 && info.st_dev == journal->device &&
           info.st_ino == journal->inode;
}

/* One write() for each line, so that those of several processes do not mix. */
static int write_line(struct parity_journal *journal, const struct parity_buffer *line,
                      bool durable, struct parity_error *err)
{
    ssize_t written;

    if (!is_in_place(journal)) {
        parity_fail(err, PARITY_E_IO, journal->path,
                    "cannot write down what the run creates: the descriptor is gone");
        return -1;
    }
    do
        written = write(journal->fd, line->data, line->length);
    while (written < 0 && errno == EINTR);
    if (written != (ssize_t)line->length) {
        parity_fail(err, PARITY_E_IO, journal->path, "cannot write down what the run creates: %s",
                    strerror(written < 0 ? errno : ENOSPC));
        if (written > 0)
            atomic_store(&journal->shared->torn, true);
        return -1;
    }
    if (!durable || !journal->aws || fdatasync(journal->fd) == 0)
        return 0;
    parity_fail(err, PARITY_E_IO, journal->path, "cannot write down what the run creates: %s",
                strerror(errno));
    return -1;
}

/* Steals `record`; NULL: out of memory. */
static int append(struct parity_journal *journal, json_t *record, bool durable,
                  struct parity_error *err)
{
    struct parity_buffer line = {0};
    int rc = -1;

    if (record && journal->aws) {
        json_t *concealed = parity_journal_conceal(record, &journal->secrets);

        json_decref(record);
        record = concealed;
    }
    if (atomic_exchange(&journal->shared->torn, false))
        parity_buffer_add_char(&line, '\n');
    if (record)
        parity_json_write(&line, record, PARITY_JSON_COMPACT);
    parity_buffer_add_char(&line, '\n');
    if (!record || line.failed)
        parity_fail_nomem(err);
    else
        rc = write_line(journal, &line, durable, err);
    parity_buffer_clear(&line);
    json_decref(record);
    return rc;
}

static json_int_t new_id(struct parity_journal *journal)
{
    return (json_int_t)atomic_fetch_add(&journal->shared->last_id, 1) + 1;
}

/* --- what is said ------------------------------------------------------------------------------
 */

void parity_journal_hide(struct parity_journal *journal,
                         const struct parity_journal_secrets *secrets)
{
    parity_free(journal->account_id);
    parity_free(journal->second_account_id);
    journal->account_id = secrets->account_id ? parity_strdup(secrets->account_id) : NULL;
    journal->second_account_id =
        secrets->second_account_id ? parity_strdup(secrets->second_account_id) : NULL;
    journal->secrets = *secrets;
    journal->secrets.account_id = journal->account_id;
    journal->secrets.second_account_id = journal->second_account_id;
}

void parity_journal_say_account(struct parity_journal *journal, const char *account_id)
{
    char *hash = journal->aws && account_id ? parity_account_hash(account_id) : NULL;

    if (hash)
        append(journal, json_pack("{s:s, s:s}", "event", "account", "hash", hash), true, NULL);
    parity_free(hash);
}

/* A packed call with the part of its input that names things. New, or NULL. */
static json_t *extract_call(const json_t *call, const struct parity_operation *operation)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)call);
    json_t *input = parity_journal_extract(json_object_get(call, "input"),
                                           operation ? parity_operation_input(operation) : NULL);

    if (copy && input && json_object_set(copy, "input", input) == 0) {
        json_decref(input);
        return copy;
    }
    json_decref(copy);
    json_decref(input);
    return NULL;
}

json_int_t parity_journal_call(struct parity_journal *journal, const char *test, const json_t *call,
                               const struct parity_operation *operation, struct parity_error *err)
{
    json_int_t id = new_id(journal);
    json_t *part = extract_call(call, operation);
    char at[48];
    int rc;

    now(at);
    rc = append(journal,
                json_pack("{s:s, s:I, s:s, s:s, s:o}", "event", "call", "id", id, "test", test,
                          "at", at, "call", part),
                true, err);
    return rc < 0 ? 0 : id;
}

void parity_journal_answer(struct parity_journal *journal, json_int_t id, const json_t *output,
                           const struct parity_operation *operation)
{
    const struct parity_shape *shape = operation ? parity_operation_output(operation) : NULL;
    json_t *part;

    if (!output) {
        append(journal, json_pack("{s:s, s:I}", "event", "refusal", "id", id), false, NULL);
        return;
    }
    part = parity_journal_extract(output, shape);
    if (part)
        json_object_del(part, "ResponseMetadata");
    append(journal, json_pack("{s:s, s:I, s:o}", "event", "answer", "id", id, "output", part),
           false, NULL);
}

json_int_t parity_journal_cleanup(struct parity_journal *journal, const char *test,
                                  const json_t *call, const json_t *covers)
{
    json_int_t id = new_id(journal);
    char at[48];
    int rc;

    now(at);
    rc = append(journal,
                json_pack("{s:s, s:I, s:s, s:s, s:O, s:O}", "event", "cleanup", "id", id, "test",
                          test, "at", at, "call", call, "covers", covers),
                true, NULL);
    return rc < 0 ? 0 : id;
}

void parity_journal_settle(struct parity_journal *journal, const json_t *ids)
{
    if (json_array_size(ids) > 0)
        append(journal, json_pack("{s:s, s:O}", "event", "settled", "ids", ids), false, NULL);
}

void parity_journal_settle_one(struct parity_journal *journal, json_int_t id)
{
    append(journal, json_pack("{s:s, s:[I]}", "event", "settled", "ids", id), false, NULL);
}
