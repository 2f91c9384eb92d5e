/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/clock.h"

#include <math.h>
#include <time.h>

double parity_clock_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double parity_clock_round_s(double seconds)
{
    return round(seconds * 1e6) / 1e6;
}
