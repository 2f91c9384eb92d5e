/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What starting a program costs: runs it RUNS times and prints the median of its processor time,
 * user and system, and the most memory that any run had resident.
 *
 *   bench_measure RUNS PROGRAM [ARGUMENT]...
 *
 * Prints {"cpu_ms", "wall_ms", "peak_kib"}. A process of its own, since Linux counts what the
 * process had resident before exec() to the program, and Python's is larger than what is measured.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct cost {
    double cpu_ms, wall_ms;
};

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double to_ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static struct cost run_once(char **command, long *peak_kib)
{
    double start = now_ms();
    struct rusage usage;
    pid_t child = fork();
    int status;

    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);

        dup2(nowhere, STDOUT_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        fprintf(stderr, "bench_measure: %s failed\n", command[0]);
        exit(EXIT_FAILURE);
    }
    if (usage.ru_maxrss > *peak_kib)
        *peak_kib = usage.ru_maxrss;
    return (struct cost){to_ms(usage.ru_utime) + to_ms(usage.ru_stime), now_ms() - start};
}

static int by_cpu(const void *a, const void *b)
{
    double left = ((const struct cost *)a)->cpu_ms, right = ((const struct cost *)b)->cpu_ms;

    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0, peak_kib = 0;
    struct cost *costs;

    if (runs < 1 || runs > 10000) {
        fprintf(stderr, "usage: bench_measure RUNS PROGRAM [ARGUMENT]...\n");
        return EXIT_FAILURE;
    }
    costs = calloc((size_t)runs, sizeof *costs);
    if (!costs)
        return EXIT_FAILURE;
    for (long i = 0; i < runs; i++)
        costs[i] = run_once(argv + 2, &peak_kib);
    qsort(costs, (size_t)runs, sizeof *costs, by_cpu);
    printf("{\"cpu_ms\": %.3f, \"wall_ms\": %.3f, \"peak_kib\": %ld}\n", costs[runs / 2].cpu_ms,
           costs[runs / 2].wall_ms, peak_kib);
    free(costs);
    return EXIT_SUCCESS;
}
