/* SPDX-License-Identifier: Apache-2.0 */
#include "client/iso8601.h"

#include <string.h>

static int read_digits(const char **text, int count, int *out)
{
    *out = 0;
    for (; count > 0; count--, (*text)++) {
        if (**text < '0' || **text > '9')
            return -1;
        *out = *out * 10 + (**text - '0');
    }
    return 0;
}

static int expect(const char **text, const char *one_of)
{
    if (**text == '\0' || !strchr(one_of, **text))
        return -1;
    (*text)++;
    return 0;
}

static int skip_fraction(const char **text)
{
    if (**text != '.')
        return 0;
    (*text)++;
    if (**text < '0' || **text > '9')
        return -1;
    *text += strspn(*text, "0123456789");
    return 0;
}

static int read_offset(const char **text, int *seconds)
{
    int sign = **text == '-' ? -1 : 1, hours, minutes;

    *seconds = 0;
    if (expect(text, "Zz") == 0)
        return 0;
    if (expect(text, "+-") < 0 || read_digits(text, 2, &hours) < 0 || expect(text, ":") < 0 ||
        read_digits(text, 2, &minutes) < 0 || hours > 23 || minutes > 59)
        return -1;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return 0;
}

int parity_iso8601_parse(const char *text, time_t *out)
{
    struct tm utc = {0}, back;
    int offset;

    if (read_digits(&text, 4, &utc.tm_year) < 0 || expect(&text, "-") < 0 ||
        read_digits(&text, 2, &utc.tm_mon) < 0 || expect(&text, "-") < 0 ||
        read_digits(&text, 2, &utc.tm_mday) < 0 || expect(&text, "Tt") < 0 ||
        read_digits(&text, 2, &utc.tm_hour) < 0 || expect(&text, ":") < 0 ||
        read_digits(&text, 2, &utc.tm_min) < 0 || expect(&text, ":") < 0 ||
        read_digits(&text, 2, &utc.tm_sec) < 0 || skip_fraction(&text) < 0 ||
        read_offset(&text, &offset) < 0 || *text)
        return -1;
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    back = utc;
    *out = timegm(&back) - offset;
    /* timegm() turns the 31st of February into March without a word. */
    if (back.tm_year != utc.tm_year || back.tm_mon != utc.tm_mon || back.tm_mday != utc.tm_mday ||
        back.tm_hour != utc.tm_hour || back.tm_min != utc.tm_min || back.tm_sec != utc.tm_sec)
        return -1;
    return 0;
}
