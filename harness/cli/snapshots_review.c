/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/snapshots.h"
#include "recorder/compare.h"
#include "recorder/difference_text.h"
#include "recorder/pending.h"
#include "recorder/settle.h"

struct review {
    const struct parity_snapshots_arguments *arguments;
    const char *folder; /* of recordings */
    struct parity_recordings *recordings;
    size_t accepted, rejected, waiting, refused;
    bool quit; /* no more answers */
};

enum decision { ACCEPT, REJECT, SKIP, QUIT };

static size_t terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 0;
}

static int show_differences(const json_t *differences, struct parity_error *err)
{
    const struct parity_difference_text_options options = {
        .colour = parity_command_has_colour(stdout), .width = terminal_width(), .indent = "  "};
    struct parity_buffer text = {0};
    int rc = 0;

    parity_difference_text(&text, differences, &options);
    if (text.failed) {
        parity_fail_nomem(err);
        rc = -1;
    } else if (text.length > 0) {
        fwrite(text.data, 1, text.length, stdout);
    }
    parity_buffer_clear(&text);
    return rc;
}

/* @return the number of differences, or -1 */
static long show(struct review *review, const char *id, const json_t *entry,
                 struct parity_error *err)
{
    const json_t *content = json_object_get(entry, "recorded-content");
    const char *target =
        json_string_value(json_object_get(json_object_get(entry, "provenance"), "target"));
    const char *date = json_string_value(json_object_get(entry, "recorded-date"));
    struct parity_recording recording = {0};
    struct parity_error failure = {0};
    json_t *empty = json_object(), *differences = NULL;
    long count = -1;

    if (parity_recordings_find(review->recordings, id, NULL, &recording, &failure) < 0 &&
        failure.code != PARITY_E_NOT_FOUND) {
        *err = failure;
    } else if (parity_compare(recording.content ? recording.content : empty, content, NULL,
                              &differences, err) == 0) {
        printf("%s\n  new: %s, %s\n", id, target ? target : "unknown target",
               date ? date : "unknown date");
        if (recording.content)
            printf("  recorded: %s, %s\n", recording.from_aws ? "on AWS" : "not on AWS",
                   recording.recorded_date ? recording.recorded_date : "unknown date");
        else
            puts("  nothing recorded yet");
        if (show_differences(differences, err) == 0)
            count = (long)json_array_size(differences);
    }
    json_decref(empty);
    json_decref(differences);
    parity_recording_clear(&recording);
    return count;
}

static enum decision ask(void)
{
    char line[64];

    for (;;) {
        fputs("accept, reject, skip or quit [a/r/s/q]? ", stdout);
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin)) {
            putchar('\n');
            return QUIT;
        }
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, "a") == 0 || strcmp(line, "accept") == 0)
            return ACCEPT;
        if (strcmp(line, "r") == 0 || strcmp(line, "reject") == 0)
            return REJECT;
        if (strcmp(line, "s") == 0 || strcmp(line, "skip") == 0)
            return SKIP;
        if (strcmp(line, "q") == 0 || strcmp(line, "quit") == 0)
            return QUIT;
    }
}

static enum decision decide(struct review *review)
{
    enum decision decision;

    if (review->arguments->accept)
        return ACCEPT;
    if (review->arguments->reject)
        return REJECT;
    decision = review->quit ? SKIP : ask();
    review->quit |= decision == QUIT;
    return decision;
}

/* A result that cannot be stored (a secret in it, say) waits on, and the others are still asked
 * about. */
static int accept(struct review *review, const char *id, const json_t *entry,
                  struct parity_error *err)
{
    const struct parity_secrets_options secrets = {.allow = review->arguments->allow.items};
    const struct parity_recording_update options = {.secrets = &secrets,
                                                    .replace_aws = review->arguments->replace_aws};
    struct parity_error failure = {0};

    if (parity_pending_accept(review->recordings, id, entry, &options, &failure) == 0) {
        review->accepted++;
        return 0;
    }
    review->waiting++;
    review->refused++;
    if (failure.code == PARITY_E_INVALID) {
        parity_command_fail(&failure);
        return 0;
    }
    *err = failure;
    return -1;
}

/* Whoever answers one by one finds each answer in the files; all at once are put there at the end.
 */
static int settle_one(struct review *review, const char *id, struct parity_error *err)
{
    if (review->arguments->accept || review->arguments->reject)
        return 0;
    return parity_recordings_settle(review->recordings, id, err);
}

static int settle_rest(const struct review *review, struct parity_error *err)
{
    json_t *settled;
    int rc = parity_settle_folder(review->folder, &settled, err);

    json_decref(settled);
    return rc;
}

static int review_one(struct review *review, const json_t *item, struct parity_error *err)
{
    const char *id = json_string_value(json_object_get(item, "id"));
    const json_t *entry = json_object_get(item, "entry");
    long count = show(review, id, entry, err);

    if (count < 0)
        return -1;
    switch (decide(review)) {
    case ACCEPT:
        return accept(review, id, entry, err) < 0 ? -1 : settle_one(review, id, err);
    case REJECT:
        if (parity_pending_remove(review->recordings, id, entry, err) < 0)
            return -1;
        review->rejected++;
        return settle_one(review, id, err);
    default:
        review->waiting++;
        return 0;
    }
}

static bool is_selected(const struct parity_snapshots_arguments *arguments, const char *id)
{
    if (arguments->operand_count == 0)
        return true;
    for (const char *const *selected = arguments->operands; *selected; selected++) {
        size_t length = strlen(*selected);

        /* A test, a suite or a folder of suites. */
        if (strncmp(id, *selected, length) == 0 &&
            (id[length] == '\0' || id[length] == ':' || id[length] == '/' ||
             (length > 0 && id[length - 1] == '/')))
            return true;
    }
    return false;
}

static int review_all(struct review *review, const json_t *pending, struct parity_error *err)
{
    size_t selected = 0;
    const json_t *item;
    size_t i;

    json_array_foreach(pending, i, item) {
        const char *id = json_string_value(json_object_get(item, "id"));

        if (review->quit || !is_selected(review->arguments, id)) {
            review->waiting += review->quit && is_selected(review->arguments, id);
            continue;
        }
        selected++;
        if (review_one(review, item, err) < 0)
            return -1;
    }
    if (selected == 0 && review->arguments->operand_count > 0) {
        parity_fail(err, PARITY_E_NOT_FOUND, review->arguments->operands[0], "nothing pending");
        return -1;
    }
    printf("%zu accepted, %zu rejected, %zu waiting\n", review->accepted, review->rejected,
           review->waiting);
    return 0;
}

int parity_snapshots_review(struct parity_snapshots_work *work, struct parity_error *err)
{
    const struct parity_recordings_options place = {.folder = work->project.snapshots};
    struct review review = {.arguments = &work->arguments, .folder = work->project.snapshots};
    json_t *pending = NULL;
    int rc = -1;

    if (work->arguments.accept && work->arguments.reject) {
        parity_fail(err, PARITY_E_USAGE, NULL, "--accept and --reject contradict each other");
        return -1;
    }
    review.recordings = parity_recordings_new(&place, err);
    if (review.recordings && parity_pending_list(review.folder, &pending, err) == 0)
        rc = review_all(&review, pending, err);
    if (settle_rest(&review, err) < 0)
        rc = -1;
    json_decref(pending);
    parity_recordings_free(review.recordings);
    fflush(stdout);
    if (rc < 0)
        return -1;
    return review.waiting > 0 ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
}
