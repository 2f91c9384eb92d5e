/* SPDX-License-Identifier: Apache-2.0 */
#include "datetime.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* Reads `count` digits at `*at` and moves on; -1 when there are none. */
static int digits(const char **at, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++, ++*at) {
        if (!isdigit((unsigned char)**at))
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

/* Numbers of two digits (the first of `first` digits) with these signs between them. */
static int fields(const char **at, int first, const char *signs, int *out)
{
    size_t count = strlen(signs) + 1;

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && *(*at)++ != signs[i - 1])
            return -1;
        out[i] = digits(at, i == 0 ? first : 2);
        if (out[i] < 0)
            return -1;
    }
    return 0;
}

/* Days since 1970-01-01 in the Gregorian calendar: years count from March, so that the leap day is
   the last one. */
static int64_t days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719469;
}

static int64_t fraction(const char **at)
{
    int64_t value = 0, unit = 100000;

    if (**at != '.')
        return 0;
    for (++*at; isdigit((unsigned char)**at); ++*at, unit /= 10)
        value += (**at - '0') * unit;
    return value;
}

/* Seconds east of UTC; -1 through the result. */
static int zone(const char *at, int *seconds)
{
    int sign = *at == '-' ? -1 : 1, hours, minutes = 0;

    *seconds = 0;
    if (*at == '\0' || strcmp(at, "Z") == 0)
        return 0;
    if (*at != '+' && *at != '-')
        return -1;
    at++;
    hours = digits(&at, 2);
    if (*at == ':')
        at++;
    if (*at)
        minutes = digits(&at, 2);
    if (hours < 0 || minutes < 0 || *at)
        return -1;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return 0;
}

int parity_datetime_microseconds(const char *text, int64_t *out)
{
    const char *at = text;
    int date[3], time[3], offset;
    int64_t micros;

    if (fields(&at, 4, "--", date) < 0 || date[1] < 1 || date[1] > 12)
        return -1;
    if (*at != 'T' && *at != ' ')
        return -1;
    at++;
    if (fields(&at, 2, "::", time) < 0)
        return -1;
    micros = fraction(&at);
    if (zone(at, &offset) < 0)
        return -1;
    *out = (days(date[0], date[1], date[2]) * 86400 + time[0] * 3600 + time[1] * 60 + time[2] -
            offset) *
               1000000 +
           micros;
    return 0;
}
