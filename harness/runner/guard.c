/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/guard.h"

#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "runner/clock.h"

enum {
    HIGH_DESCRIPTOR = 700,  /* tests that close "all" descriptors usually stop before */
    MANY_DESCRIPTORS = 128, /* open ones at which a worker is replaced */
    OWN_FRAMES = 2,         /* the handler, and what called it */
    SIGNAL_STACK = 65536,
    STACK_SLACK = 65536 /* a fault this close to the stack pointer is an overflow */
};

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};

/* The handlers have no other way to find them. */
static struct parity_last_words *last_words;
static char signal_stack[SIGNAL_STACK];
static int guarded_channel = -1;
static pid_t guarded; /* the worker itself; its children have its handlers, too */
static pid_t forking; /* who forks just now */
static volatile sig_atomic_t asked_to_stop;

/* --- dying -------------------------------------------------------------------------------------
 */

static uintptr_t stack_pointer(const void *context)
{
#if defined(__x86_64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.sp;
#else
    (void)context;
    return 0;
#endif
}

static bool is_near(uintptr_t a, uintptr_t b)
{
    return a > b ? a - b < STACK_SLACK : b - a < STACK_SLACK;
}

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));

    (void)written;
}

/* The runner has the same code at the same places, and time to find out what it is called. */
static void leave_frames(void *const *frames, int count)
{
    for (int i = OWN_FRAMES; i < count; i++)
        last_words->frames[i - OWN_FRAMES] = (unsigned long)(uintptr_t)frames[i];
    last_words->frame_count = count > OWN_FRAMES ? (size_t)(count - OWN_FRAMES) : 0;
}

/* Runs on a stack of its own; only calls that are safe in a handler. backtrace() is, once its
 * library has been loaded, which parity_guard_prepare() sees to. */
static void on_fatal_signal(int number, siginfo_t *info, void *context)
{
    bool is_worker = last_words && getpid() == guarded, overflow = false;
    void *frames[PARITY_LAST_FRAMES];
    int count;

    /* One that somebody sent has no address, and a sender in its place. */
    if ((number == SIGSEGV || number == SIGBUS) && info->si_code > 0)
        overflow = is_near((uintptr_t)info->si_addr, stack_pointer(context));
    if (is_worker) {
        last_words->signal = number;
        last_words->stack_overflow = overflow;
        last_words->was_sent = info->si_code <= 0;
        last_words->address = (unsigned long)(uintptr_t)info->si_addr;
    }
    count = backtrace(frames, overflow ? PARITY_LAST_FRAMES / 2 : PARITY_LAST_FRAMES);
    if (is_worker) {
        leave_frames(frames, count);
    } else if (count > OWN_FRAMES) {
        say("backtrace of a process that the test forked:\n");
        backtrace_symbols_fd(frames + OWN_FRAMES, count - OWN_FRAMES, STDERR_FILENO);
    }
    /* The handler was reset when it was entered: this ends the process as the signal would have. */
    raise(number);
}

/* The runner asks for it, or whoever ends all processes of a job. A test that sends it to itself
 * ends as it would anywhere else. */
static void on_stop(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_pid == getpid()) {
        signal(number, SIG_DFL);
        raise(number);
    }
    asked_to_stop = 1;
}

void parity_guard_note_line(int line)
{
    if (last_words)
        last_words->line = line;
}

void parity_guard_note_set_up(const char *what)
{
    if (last_words)
        snprintf(last_words->setting_up, sizeof last_words->setting_up, "%s", what);
}

void parity_guard_note_call(const char *service, const char *operation)
{
    if (!last_words)
        return;
    last_words->calling_since = parity_clock_s();
    snprintf(last_words->calling, sizeof last_words->calling, "%s %s", service, operation);
}

void parity_guard_note_call_end(void)
{
    if (last_words)
        last_words->calling[0] = '\0';
}

bool parity_guard_is_asked_to_stop(void)
{
    return asked_to_stop != 0;
}

static void catch_signals(void)
{
    struct sigaction stop = {.sa_sigaction = on_stop, .sa_flags = (int)(SA_SIGINFO | SA_RESTART)};
    struct sigaction action = {.sa_sigaction = on_fatal_signal,
                               .sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND)};
    stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    sigset_t none;

    sigaltstack(&stack, NULL);
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
        sigaction(fatal_signals[i], &action, NULL);
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTERM, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static const struct {
    int number;
    const char *name;
} signals[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},
    {SIGABRT, "SIGABRT"}, {SIGSYS, "SIGSYS"},   {SIGKILL, "SIGKILL"}, {SIGTERM, "SIGTERM"},
    {SIGINT, "SIGINT"},   {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"}, {SIGHUP, "SIGHUP"},
    {SIGXCPU, "SIGXCPU"}, {SIGUSR1, "SIGUSR1"}, {SIGUSR2, "SIGUSR2"}, {SIGTRAP, "SIGTRAP"},
    {SIGQUIT, "SIGQUIT"}, {SIGXFSZ, "SIGXFSZ"},
};

const char *parity_signal_name(int number)
{
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (signals[i].number == number)
            return signals[i].name;
    return "a signal";
}

int parity_signal_number(const char *name)
{
    for (size_t i = 0; name && i < sizeof signals / sizeof *signals; i++)
        if (strcmp(signals[i].name, name) == 0)
            return signals[i].number;
    return 0;
}

/* --- being a worker ----------------------------------------------------------------------------
 */

static void before_fork(void)
{
    forking = getpid();
}

/* In what a test forks: it must not outlive the worker, nor hold the line to the runner. */
static void in_forked_child(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != forking) /* it died before the line above */
        _exit(0);
    if (guarded_channel >= 0)
        close(guarded_channel);
}

/* A copy of `fd` with a high number; -1. */
static int move_up(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);

    return high >= 0 ? high : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static int save_descriptors(struct parity_guard *guard, int channel, int output)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    guard->channel = move_up(channel);
    guard->saved_input = null < 0 ? -1 : move_up(null);
    guard->saved_output = move_up(output);
    guard->saved_folder = folder < 0 ? -1 : move_up(folder);
    if (null >= 0)
        close(null);
    if (folder >= 0)
        close(folder);
    close(channel);
    close(output);
    return guard->channel < 0 || guard->saved_input < 0 || guard->saved_output < 0 ? -1 : 0;
}

static void restore_standard_streams(const struct parity_guard *guard)
{
    fflush(stdout);
    fflush(stderr);
    dup2(guard->saved_input, STDIN_FILENO);
    dup2(guard->saved_output, STDOUT_FILENO);
    dup2(guard->saved_output, STDERR_FILENO);
    clearerr(stdout);
    clearerr(stderr);
}

void parity_guard_prepare(void)
{
    void *frame[1];

    backtrace(frame, 1);
}

int parity_guard_init(struct parity_guard *guard, pid_t parent, int channel, int output,
                      struct parity_last_words *words, struct parity_error *err)
{
    static char line[BUFSIZ];

    memset(guard, 0, sizeof *guard);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before the line above */
        _exit(0);
    setsid();
    if (save_descriptors(guard, channel, output) < 0) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "cannot set up a worker: %s", strerror(errno));
        return -1;
    }
    guard->process = guarded = getpid();
    guard->last_words = last_words = words;
    guarded_channel = guard->channel;
    restore_standard_streams(guard);
    setvbuf(stdout, line, _IOLBF, sizeof line); /* what was printed before a crash is not lost */
    pthread_atfork(before_fork, NULL, in_forked_child);
    catch_signals();
    return 0;
}

bool parity_guard_is_stray(const struct parity_guard *guard)
{
    return getpid() != guard->process;
}

/* --- between tests -----------------------------------------------------------------------------
 */

/* The number that the next descriptor would have; -1: none is free. */
static int next_descriptor(const struct parity_guard *guard)
{
    int fd = fcntl(guard->saved_input, F_DUPFD_CLOEXEC, 0);

    if (fd >= 0)
        close(fd);
    return fd;
}

static int count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    if (!folder)
        return MANY_DESCRIPTORS + 1;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* What was left open takes the lowest numbers first, so there is nothing to count while the next
 * number stays the same. */
static bool has_many_descriptors(struct parity_guard *guard)
{
    int next = next_descriptor(guard);

    if (next >= 0 && next == guard->next_descriptor)
        return false;
    guard->next_descriptor = next;
    return next < 0 || count_descriptors() > MANY_DESCRIPTORS;
}

const char *parity_guard_settle(struct parity_guard *guard)
{
    static const struct itimerval no_timer;

    if (fcntl(guard->saved_output, F_GETFD) < 0 || fcntl(guard->saved_input, F_GETFD) < 0)
        return "the test closed descriptors that were not its own";
    if (fileno(stdout) < 0 || fileno(stderr) < 0)
        return "the test closed its standard output";
    restore_standard_streams(guard);
    if (guard->saved_folder >= 0 && fchdir(guard->saved_folder) < 0)
        return "the test closed descriptors that were not its own";
    setitimer(ITIMER_REAL, &no_timer, NULL);
    catch_signals();
    /* Zombies are collected; a child that still runs would write and hold on into other tests. */
    for (;;) {
        pid_t child = waitpid(-1, NULL, WNOHANG);

        if (child == 0)
            return "the test left a process running";
        if (child < 0)
            break;
    }
    if (has_many_descriptors(guard))
        return "descriptors were left open";
    /* It was for the test that ran; without a run that ends, the next one needs another process. */
    if (asked_to_stop)
        return "the process was asked to stop";
    return NULL;
}
