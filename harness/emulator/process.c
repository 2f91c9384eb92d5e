/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "emulator/keeper.h"

enum { DEFAULT_STOP_TIMEOUT_MS = 10000, KEEPER_GRACE_MS = 5000, POLL_MS = 10 };

static void nap(long ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

static int fail_start(struct parity_error *err, const char *program, int error)
{
    parity_fail(err, PARITY_E_ENVIRONMENT, program, "cannot start the program: %s",
                strerror(error));
    return -1;
}

/* A new file, so that a second parity keeps the one it has open. */
static int open_log(const char *path, struct parity_error *err)
{
    int fd;

    if (parity_file_make_parents(path, err) < 0)
        return -1;
    unlink(path);
    fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        parity_fail(err, PARITY_E_IO, path, "cannot write the log: %s", strerror(errno));
    return fd;
}

/* Two reports may come: that the program's process is there, and that it could not become the
 * program. The end of the pipe says that it did. */
static int read_reports(int fd, struct parity_keeper_report *result)
{
    struct parity_keeper_report report;
    ssize_t size;

    memset(result, 0, sizeof *result);
    while ((size = read(fd, &report, sizeof report)) != 0) {
        if (size < 0 && errno == EINTR)
            continue;
        if (size != (ssize_t)sizeof report)
            return -1;
        if (report.pid)
            result->pid = report.pid;
        if (report.error)
            result->error = report.error;
    }
    return 0;
}

static int fork_keeper(struct parity_process *process, const struct parity_process_options *options,
                       struct parity_error *err)
{
    struct parity_keeper_report report;
    pid_t parent = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail_start(err, options->arguments[0], errno);
    process->keeper = fork();
    if (process->keeper == 0)
        parity_keeper_run(options, parent, process->log, ends[1]);
    close(ends[1]);
    if (process->keeper < 0) {
        process->keeper = 0;
        close(ends[0]);
        return fail_start(err, options->arguments[0], errno);
    }
    if (read_reports(ends[0], &report) < 0 || (!report.pid && !report.error))
        report.error = ECHILD;
    close(ends[0]);
    process->pid = report.pid;
    return report.error ? fail_start(err, options->arguments[0], report.error) : 0;
}

int parity_process_start(struct parity_process *process,
                         const struct parity_process_options *options, struct parity_error *err)
{
    struct parity_process_options own = *options;

    memset(process, 0, sizeof *process);
    if (own.stop_timeout_ms == 0)
        own.stop_timeout_ms = DEFAULT_STOP_TIMEOUT_MS;
    process->stop_timeout_ms = own.stop_timeout_ms;
    process->log = open_log(options->log_path, err);
    process->log_path = parity_strdup(options->log_path);
    if (process->log >= 0 && !process->log_path)
        parity_fail_nomem(err);
    if (process->log < 0 || !process->log_path || fork_keeper(process, &own, err) < 0) {
        parity_process_stop(process);
        return -1;
    }
    return 0;
}

bool parity_process_is_alive(struct parity_process *process)
{
    pid_t pid;

    if (process->keeper == 0 || process->ended)
        return false;
    pid = waitpid(process->keeper, &process->status, WNOHANG);
    if (pid != 0 && !(pid < 0 && errno == EINTR))
        process->ended = true;
    return !process->ended;
}

void parity_process_describe(const struct parity_process *process, struct parity_buffer *out)
{
    int status = process->status;

    if (WIFSIGNALED(status))
        parity_buffer_printf(out, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        parity_buffer_printf(out, "exit code %d", WEXITSTATUS(status));
}

/* Line ends become " / ", other control characters blanks. */
static void add_on_one_line(const char *text, size_t length, struct parity_buffer *out)
{
    bool wrote = false, pending = false;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '\n' || c == '\r') {
            pending = wrote;
            continue;
        }
        if (pending)
            parity_buffer_add_text(out, " / ");
        pending = false;
        wrote = true;
        parity_buffer_add_char(out, c < ' ' || c == 127 ? ' ' : (char)c);
    }
}

void parity_process_log_end(const struct parity_process *process, size_t max_bytes,
                            struct parity_buffer *out)
{
    char text[2048];
    struct stat info;
    off_t start;
    ssize_t length;
    const char *first;

    if (max_bytes > sizeof text)
        max_bytes = sizeof text;
    if (process->log < 0 || fstat(process->log, &info) < 0)
        return;
    start = info.st_size > (off_t)max_bytes ? info.st_size - (off_t)max_bytes : 0;
    length = pread(process->log, text, max_bytes, start);
    if (length <= 0)
        return;
    /* Begin with a whole line, where there is one. */
    first = start > 0 ? memchr(text, '\n', (size_t)length - 1) : NULL;
    first = first ? first + 1 : text;
    add_on_one_line(first, (size_t)(text + length - first), out);
}

static void stop_keeper(struct parity_process *process)
{
    long left = process->stop_timeout_ms + KEEPER_GRACE_MS;

    kill(process->keeper, SIGTERM);
    while (parity_process_is_alive(process) && left > 0) {
        nap(POLL_MS);
        left -= POLL_MS;
    }
    if (process->ended)
        return;
    if (process->pid > 1)
        kill(-process->pid, SIGKILL);
    kill(process->keeper, SIGKILL);
    waitpid(process->keeper, &process->status, 0);
}

void parity_process_stop(struct parity_process *process)
{
    if (process->keeper && parity_process_is_alive(process))
        stop_keeper(process);
    if (process->log >= 0)
        close(process->log);
    parity_free(process->log_path);
    memset(process, 0, sizeof *process);
    process->log = -1;
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* @return 0 at the end of the output, -1 when time or memory is up */
static int read_until_end(int fd, long timeout_ms, struct parity_buffer *out)
{
    long end = now_ms() + timeout_ms;

    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        long left = end - now_ms();
        ssize_t size;

        if (left <= 0 || parity_buffer_reserve(out, 4096) < 0)
            return -1;
        if (poll(&ready, 1, (int)left) <= 0)
            continue;
        size = read(fd, out->data + out->length, 4096);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size < 0 ? -1 : 0;
        out->length += (size_t)size;
        out->data[out->length] = '\0';
    }
}

static _Noreturn void run_captured(const struct parity_process_options *options, int output)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(null, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    if (chdir(options->folder) == 0)
        execvpe(options->arguments[0], options->arguments, options->environment);
    _exit(127);
}

int parity_process_capture(const struct parity_process_options *options, long timeout_ms,
                           struct parity_buffer *out, struct parity_error *err)
{
    int ends[2], status = 0, rc;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail_start(err, options->arguments[0], errno);
    pid = fork();
    if (pid == 0)
        run_captured(options, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return fail_start(err, options->arguments[0], errno);
    }
    rc = read_until_end(ends[0], timeout_ms, out);
    close(ends[0]);
    if (rc < 0)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (rc == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    parity_fail(err, PARITY_E_ENVIRONMENT, options->arguments[0],
                rc < 0 ? "the program does not end within %ld ms"
                       : "the program fails (its time limit is %ld ms)",
                timeout_ms);
    return -1;
}
