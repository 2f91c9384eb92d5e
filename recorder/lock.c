/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

enum { LOCK_POLL_MS = 20 };

static long elapsed_ms(const struct timespec *since)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

/* The lock is on the folder itself, so nothing is left in it, and the kernel gives it back when the
 * process is killed. */
int parity_tree_lock(const char *folder, long timeout_ms, struct parity_error *err)
{
    const struct timespec pause = {0, LOCK_POLL_MS * 1000000L};
    struct timespec start;
    int fd;

    if (parity_file_make_folders(folder, err) < 0)
        return -1;
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        parity_fail(err, PARITY_E_IO, folder, "cannot open the folder of recordings: %s",
                    strerror(errno));
        return -1;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK) {
            parity_fail(err, PARITY_E_IO, folder, "cannot lock the folder of recordings: %s",
                        strerror(errno));
            close(fd);
            return -1;
        }
        if (elapsed_ms(&start) >= timeout_ms) {
            parity_fail(err, PARITY_E_IO, folder,
                        "another parity is recording into this folder (waited %.1f s for it); "
                        "record again when it has ended",
                        (double)timeout_ms / 1000);
            close(fd);
            return -1;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
}
