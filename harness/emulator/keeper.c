/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPORT_FD = 3, MAX_ROUNDS = 100 };

static void set_streams(int log, int report)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    dup2(null, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    if (report == REPORT_FD)
        fcntl(report, F_SETFD, FD_CLOEXEC);
    else
        dup3(report, REPORT_FD, O_CLOEXEC);
    /* Nothing of the parent's may stay open in a program that outlives a call: no lock, no socket.
     */
    close_range(REPORT_FD + 1, ~0U, 0);
}

static void reset_signals(void)
{
    sigset_t none;

    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void become_program(const struct parity_process_options *options, pid_t keeper)
{
    struct parity_keeper_report failure = {0};

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* should the keeper itself be killed */
    if (getppid() != keeper)
        _exit(127);
    reset_signals();
    if (chdir(options->folder) == 0)
        execvpe(options->arguments[0], options->arguments, options->environment);
    failure.error = errno;
    if (write(REPORT_FD, &failure, sizeof failure) < 0)
        _exit(126);
    _exit(127);
}

/* Collect whatever ended. @return whether the program is among it; then *status is its own */
static int reap(pid_t program, int *status)
{
    int found = 0, each;
    pid_t pid;

    while ((pid = waitpid(-1, &each, WNOHANG)) > 0) {
        if (pid != program)
            continue;
        *status = each;
        found = 1;
    }
    return found;
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait for the program to end. @param timeout_ms  0: for as long as it takes, or until TERM comes.
 * @return 1 when it ended */
static int wait_for(pid_t program, const sigset_t *signals, long timeout_ms, int *status)
{
    long end = now_ms() + timeout_ms;

    for (;;) {
        long left = timeout_ms ? end - now_ms() : 1000;
        struct timespec pause = {left / 1000, left % 1000 * 1000000};
        int number;

        if (reap(program, status))
            return 1;
        if (left <= 0)
            return 0;
        number = sigtimedwait(signals, NULL, &pause);
        if (number == SIGTERM && !timeout_ms)
            return 0;
    }
}

/* As a subreaper the keeper inherits what left the process group; those are its only children. */
static void kill_children(void)
{
    char text[4096];
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    pid_t pid = 0;

    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i < length; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            pid = pid * 10 + (text[i] - '0');
        } else {
            if (pid > 1)
                kill(pid, SIGKILL);
            pid = 0;
        }
    }
}

static void end_everything(pid_t program)
{
    const struct timespec pause = {0, 10000000};

    for (int round = 0; round < MAX_ROUNDS; round++) {
        pid_t pid;

        kill(-program, SIGKILL);
        kill_children();
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            ;
        if (pid < 0)
            return; /* no child is left */
        nanosleep(&pause, NULL);
    }
}

/* End as the program ended, so that who waits for the keeper learns it. */
static _Noreturn void end_like(int status)
{
    struct rlimit no_core = {0, 0};

    if (WIFSIGNALED(status)) {
        setrlimit(RLIMIT_CORE, &no_core);
        reset_signals();
        kill(getpid(), WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

_Noreturn void parity_keeper_run(const struct parity_process_options *options, pid_t parent,
                                 int log, int report)
{
    struct parity_keeper_report started = {0};
    sigset_t signals;
    pid_t keeper = getpid();
    int status = 0;

    setsid(); /* no terminal: Ctrl-C is the parent's, which ends the program in good order */
    set_streams(log, report);
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_NAME, "parity-keeper");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    started.pid = fork();
    if (started.pid == 0)
        become_program(options, keeper);
    if (started.pid < 0) {
        started.pid = 0;
        started.error = errno;
    } else {
        setpgid(started.pid, started.pid);
    }
    if (write(REPORT_FD, &started, sizeof started) < 0 && started.pid)
        kill(-started.pid, SIGKILL);
    close(REPORT_FD);
    if (!started.pid)
        _exit(127);
    if (!wait_for(started.pid, &signals, 0, &status)) {
        kill(-started.pid, SIGTERM);
        wait_for(started.pid, &signals, options->stop_timeout_ms, &status);
    }
    end_everything(started.pid);
    end_like(status);
}
