/* SPDX-License-Identifier: Apache-2.0 */
/* `credential_process`: a command of the user's own that prints keys as JSON. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "client/credential/provider.h"
#include "client/iso8601.h"
#include "client/shell_words.h"

extern char **environ;

static const char place[] = "credential_process";
static const size_t max_output_bytes = (size_t)1 << 20;

/* Standard output goes into the pipe; the signals that parity ignores count again. */
static int spawn(char *const *arguments, const int pipe_ends[2], pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    int rc = posix_spawn_file_actions_init(&actions);

    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&attributes);
    if (rc == 0) {
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);
        rc = posix_spawnattr_setsigdefault(&attributes, &defaults);
        if (rc == 0)
            rc = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
        if (rc == 0)
            rc = posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
        if (rc == 0)
            rc = posix_spawnp(child, arguments[0], &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static int read_output(int from, struct parity_buffer *out, struct parity_error *err)
{
    for (;;) {
        ssize_t count;

        if (out->length > max_output_bytes)
            return parity_credential_fail(err, place, "the command printed more than a megabyte");
        if (parity_buffer_reserve(out, 4096) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
        count = read(from, out->data + out->length, 4096);
        if (count == 0)
            return 0;
        if (count < 0 && errno != EINTR)
            return parity_credential_fail(err, place, "cannot read what the command prints: %s",
                                          strerror(errno));
        out->length += count > 0 ? (size_t)count : 0;
    }
}

static int await(pid_t child, struct parity_error *err)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return parity_credential_fail(err, place, "cannot wait for the command: %s",
                                          strerror(errno));
    if (WIFSIGNALED(status))
        return parity_credential_fail(err, place, "the command was ended by signal %d",
                                      WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return parity_credential_fail(err, place, "the command ended with status %d",
                                      WEXITSTATUS(status));
    return 0;
}

static int run(char *const *arguments, struct parity_buffer *out, struct parity_error *err)
{
    int pipe_ends[2], rc;
    pid_t child;

    if (pipe2(pipe_ends, O_CLOEXEC) < 0)
        return parity_credential_fail(err, place, "cannot make a pipe: %s", strerror(errno));
    rc = spawn(arguments, pipe_ends, &child);
    close(pipe_ends[1]);
    if (rc != 0) {
        close(pipe_ends[0]);
        return parity_credential_fail(err, place, "cannot run '%s': %s", arguments[0],
                                      strerror(rc));
    }
    rc = read_output(pipe_ends[0], out, err);
    close(pipe_ends[0]); /* a command that still prints is ended by this */
    if (await(child, err) < 0)
        rc = -1;
    return rc;
}

static int run_command(const char *command, struct parity_buffer *out, struct parity_error *err)
{
    struct parity_shell_words words = {0};
    int rc = parity_shell_words_split(command, &words);

    if (rc < 0)
        parity_fail_nomem(err);
    else if (rc > 0)
        rc = parity_credential_fail(err, place,
                                    "a quote or a backslash in the command is left open");
    else if (words.count == 0)
        rc = parity_credential_fail(err, place, "the command is empty");
    else
        rc = run(words.items, out, err);
    parity_shell_words_clear(&words);
    return rc;
}

/* A text member; NULL where it is absent, null or no text. Borrowed. */
static const char *member(const json_t *document, const char *name)
{
    return json_string_value(json_object_get(document, name));
}

static int read_expiry(const struct parity_credential_search *search, const json_t *document,
                       struct parity_credentials *out, struct parity_error *err)
{
    const char *text = member(document, "Expiration");
    time_t now = parity_credential_now(search);

    if (!text)
        return 0;
    if (parity_iso8601_parse(text, &out->expires_at) < 0)
        return parity_credential_fail(err, place,
                                      "'Expiration' must be a time such as 2015-08-30T12:36:00Z");
    if (out->expires_at <= now)
        return parity_credential_fail(err, place,
                                      "the command handed out keys that had expired already");
    return 0;
}

static int read_document(const struct parity_credential_search *search, const json_t *document,
                         struct parity_credentials *out, struct parity_error *err)
{
    struct parity_credential_texts texts = {
        .id = member(document, "AccessKeyId"),
        .secret = member(document, "SecretAccessKey"),
        .token = member(document, "SessionToken"),
        .account_id = member(document, "AccountId"),
    };
    const json_t *version = json_object_get(document, "Version");

    if (!json_is_integer(version) || json_integer_value(version) != 1)
        return parity_credential_fail(err, place,
                                      "the command must print an object with 'Version': 1");
    if (!texts.id || !texts.id[0] || !texts.secret || !texts.secret[0])
        return parity_credential_fail(err, place, "the command printed no '%s'",
                                      texts.id && texts.id[0] ? "SecretAccessKey" : "AccessKeyId");
    if (!texts.account_id || !texts.account_id[0])
        texts.account_id = parity_aws_profile_value(&search->profile, "aws_account_id");
    if (read_expiry(search, document, out, err) < 0)
        return -1;
    return parity_credential_fill(out, &texts, place, err);
}

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    const char *command = parity_aws_profile_value(&search->profile, place);
    struct parity_error parse_error = {0};
    struct parity_buffer text = {0};
    json_t *document = NULL;
    int rc = -1;

    if (!command)
        return 0;
    if (run_command(command, &text, err) < 0)
        goto out;
    /* The reader's own message might quote a key. */
    if (parity_json_parse(text.data, text.length, place, &document, &parse_error) == 0)
        rc = read_document(search, document, out, err);
    else if (parse_error.code == PARITY_E_NOMEM)
        parity_fail_nomem(err);
    else
        parity_credential_fail(err, place, "the command printed no JSON document");
out:
    if (text.data)
        explicit_bzero(text.data, text.length);
    json_decref(document);
    parity_buffer_clear(&text);
    return rc;
}

const struct parity_credential_provider parity_credential_process = {
    .name = "custom-process", .of_profile = true, .load = load};
