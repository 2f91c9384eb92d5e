/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "runner/backtrace.h"

static void close_descriptor(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* --- starting ----------------------------------------------------------------------------------
 */

struct ends {
    int channel[2], output[2]; /* [0] is the runner's */
};

static int open_ends(struct ends *ends, struct parity_error *err)
{
    *ends = (struct ends){{-1, -1}, {-1, -1}};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends->channel) < 0 ||
        pipe2(ends->output, O_CLOEXEC) < 0 || fcntl(ends->output[0], F_SETFL, O_NONBLOCK) < 0) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "cannot connect to a worker: %s",
                    strerror(errno));
        return -1;
    }
    return 0;
}

static void close_ends(struct ends *ends)
{
    for (int i = 0; i < 2; i++) {
        close_descriptor(&ends->channel[i]);
        close_descriptor(&ends->output[i]);
    }
}

static int share_memory(struct parity_worker_process *process, struct parity_error *err)
{
    if (!process->mailbox)
        process->mailbox = parity_mailbox_new(err);
    if (!process->mailbox)
        return -1;
    parity_mailbox_empty(process->mailbox);
    process->mail_place = 0;
    process->mail_waits = false;

    if (!process->last_words) {
        void *page = mmap(NULL, sizeof *process->last_words, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);

        if (page == MAP_FAILED) {
            parity_fail_nomem(err);
            return -1;
        }
        process->last_words = page;
    }
    memset(process->last_words, 0, sizeof *process->last_words);
    return 0;
}

int parity_worker_process_start(struct parity_worker_process *process,
                                const struct parity_worker_options *options,
                                const struct parity_worker_process *const *others,
                                size_t other_count, struct parity_error *err)
{
    pid_t parent = getpid();
    struct ends ends;

    process->channel = process->output = -1;
    if (share_memory(process, err) < 0)
        return -1;
    if (open_ends(&ends, err) < 0)
        goto failed;
    parity_worker_prepare();
    fflush(NULL); /* nothing buffered may be written twice */
    process->pid = fork();
    if (process->pid < 0) {
        process->pid = 0;
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "cannot start a worker: %s", strerror(errno));
        goto failed;
    }
    if (process->pid == 0) {
        close(ends.channel[0]);
        close(ends.output[0]);
        for (size_t i = 0; i < other_count; i++)
            if (others[i] != process && others[i]->pid != 0) {
                close(others[i]->channel);
                close(others[i]->output);
            }
        parity_worker_main(options, parent, ends.channel[1], ends.output[1], process->last_words,
                           process->mailbox);
    }
    process->channel = ends.channel[0];
    process->output = ends.output[0];
    close(ends.channel[1]);
    close(ends.output[1]);
    return 0;
failed:
    close_ends(&ends);
    return -1;
}

/* --- living and ending -------------------------------------------------------------------------
 */

void parity_worker_process_signal(const struct parity_worker_process *process, int signal_number)
{
    if (process->pid == 0)
        return;
    /* Before the worker has made its group, only the process itself is there. */
    if (kill(-process->pid, signal_number) < 0)
        kill(process->pid, signal_number);
}

void parity_worker_process_drain(struct parity_worker_process *process)
{
    enum { MOST = 64 }; /* reads at once: one that never stops writing must not hold the runner */
    char chunk[16384];

    for (int i = 0; i < MOST && process->output >= 0; i++) {
        ssize_t got = read(process->output, chunk, sizeof chunk);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            /* The end: the worker closed its streams; poll() must not report that for ever. */
            if (got == 0)
                close_descriptor(&process->output);
            return;
        }
        parity_capture_add(&process->captured, chunk, (size_t)got);
    }
}

void parity_worker_process_keep_backtrace(struct parity_worker_process *process)
{
    const struct parity_last_words *words = process->last_words;
    struct parity_buffer text = {0};
    size_t count = words ? words->frame_count : 0;

    /* The page is the worker's to write in. */
    if (count == 0 || count > PARITY_LAST_FRAMES)
        return;
    parity_worker_process_drain(process);
    parity_capture_end_line(&process->captured);
    parity_backtrace_text(&text, words->frames, count);
    if (!text.failed)
        parity_capture_add(&process->captured, text.data, text.length);
    parity_buffer_clear(&text);
}

bool parity_worker_process_has_ended(struct parity_worker_process *process, int *status)
{
    pid_t pid = process->pid;
    pid_t ended = pid == 0 ? 0 : waitpid(pid, status, WNOHANG);

    if (ended < 0 && errno == ECHILD)
        *status = 0; /* somebody else has reaped it */
    else if (ended != pid || pid == 0)
        return false;
    kill(-pid, SIGKILL);
    process->pid = 0;
    parity_worker_process_drain(process);
    return true;
}

void parity_worker_process_end(struct parity_worker_process *process)
{
    if (process->pid != 0) {
        parity_worker_process_signal(process, SIGKILL);
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        process->pid = 0;
    }
    close_descriptor(&process->channel);
    close_descriptor(&process->output);
    parity_buffer_clear(&process->inbox.bytes);
    process->inbox.ended = false;
    parity_free(parity_capture_take(&process->captured));
    if (process->last_words)
        munmap(process->last_words, sizeof *process->last_words);
    process->last_words = NULL;
    parity_mailbox_free(process->mailbox);
    process->mailbox = NULL;
}

const char *parity_worker_process_calling(const struct parity_worker_process *process)
{
    struct parity_last_words *words = process->last_words;

    words->calling[sizeof words->calling - 1] = '\0'; /* a test can have overwritten it */
    return words->calling[0] ? words->calling : NULL;
}

const char *parity_worker_process_setting_up(const struct parity_worker_process *process)
{
    struct parity_last_words *words = process->last_words;

    words->setting_up[sizeof words->setting_up - 1] = '\0';
    return words->setting_up[0] ? words->setting_up : NULL;
}

/* --- strays ------------------------------------------------------------------------------------
 */

/* One pass over the children there are. Returns how many were killed. */
static int kill_children(pid_t spared)
{
    char path[64];
    FILE *file;
    int pid, killed = 0;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    file = fopen(path, "re");
    if (!file)
        return 0;
    while (fscanf(file, "%d", &pid) == 1)
        if (pid != spared && kill(pid, SIGKILL) == 0) {
            waitpid(pid, NULL, 0);
            killed++;
        }
    fclose(file);
    return killed;
}

void parity_worker_process_sweep(pid_t spared)
{
    /* Children of the killed become ours in turn. */
    for (int i = 0; i < 100 && kill_children(spared) > 0; i++)
        ;
}
