/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/timestamp.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "client/protocol/scalar.h"

enum { SECONDS_PER_DAY = 86400 };

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
static const char *const day_names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};

/* --- calendar ----------------------------------------------------------------------------------
 */

struct civil {
    int64_t year;
    int month, day, hour, minute, second;
};

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01 of a date in the Gregorian calendar, counted in years that begin in March,
 * so that the leap day is a year's last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    int64_t era, year_of_era, day_of_year;

    year -= month <= 2;
    era = (year >= 0 ? year : year - 399) / 400;
    year_of_era = year - era * 400;
    day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static struct civil civil_from_seconds(int64_t seconds)
{
    int64_t days = seconds / SECONDS_PER_DAY, rest = seconds % SECONDS_PER_DAY;
    int64_t era, day_of_era, year_of_era, day_of_year, month;
    struct civil c;

    if (rest < 0) {
        rest += SECONDS_PER_DAY;
        days--;
    }
    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    day_of_era = days - era * 146097;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month = (5 * day_of_year + 2) / 153;
    c.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    c.month = (int)(month < 10 ? month + 3 : month - 9);
    c.year = year_of_era + era * 400 + (c.month <= 2);
    c.hour = (int)(rest / 3600);
    c.minute = (int)(rest / 60 % 60);
    c.second = (int)(rest % 60);
    return c;
}

static int64_t seconds_from_civil(const struct civil *c)
{
    return days_from_civil(c->year, c->month, c->day) * SECONDS_PER_DAY + c->hour * 3600 +
           c->minute * 60 + c->second;
}

static bool is_in_range(int64_t seconds)
{
    return seconds >= -62135596800 && seconds <= 253402300799; /* years 1 and 9999 */
}

/* --- numbers -----------------------------------------------------------------------------------
 */

int parity_timestamp_from_integer(int64_t seconds, struct parity_timestamp *out)
{
    *out = (struct parity_timestamp){.seconds = seconds};
    return is_in_range(seconds) ? 0 : -1;
}

int parity_timestamp_from_real(double seconds, struct parity_timestamp *out)
{
    double whole, fraction;

    if (!isfinite(seconds) || fabs(seconds) > 1e12)
        return -1;
    /* As datetime.fromtimestamp(): split first, then round half to even. */
    fraction = nearbyint(modf(seconds, &whole) * 1e6);
    if (fraction >= 1e6) {
        fraction -= 1e6;
        whole += 1;
    } else if (fraction < 0) {
        fraction += 1e6;
        whole -= 1;
    }
    *out = (struct parity_timestamp){.seconds = (int64_t)whole, .microsecond = (int)fraction};
    return is_in_range(out->seconds) ? 0 : -1;
}

/* --- text --------------------------------------------------------------------------------------
 */

struct reader {
    const char *at, *end;
};

static bool skip_char(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == ','))
        r->at++;
}

static size_t count_digits(const struct reader *r)
{
    size_t count = 0;

    while (r->at + count < r->end && r->at[count] >= '0' && r->at[count] <= '9')
        count++;
    return count;
}

/* Exactly `count` digits. */
static bool read_digits(struct reader *r, size_t count, int *out)
{
    if (count_digits(r) < count)
        return false;
    *out = 0;
    for (size_t i = 0; i < count; i++)
        *out = *out * 10 + (*r->at++ - '0');
    return true;
}

/* One or two digits. */
static bool read_short(struct reader *r, int *out)
{
    size_t count = count_digits(r);

    return count > 0 && read_digits(r, count > 2 ? 2 : count, out);
}

/* Digits behind the point: six count, the others are cut off. */
static bool read_fraction(struct reader *r, int *microsecond)
{
    int scale = 100000;

    if (count_digits(r) == 0)
        return false;
    for (*microsecond = 0; count_digits(r) > 0; r->at++, scale /= 10)
        *microsecond += (*r->at - '0') * scale;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A name, or its first three letters. Returns its position, or -1. */
static int read_name(struct reader *r, const char *const *names, int count)
{
    size_t length = 0;

    while (r->at + length < r->end && is_letter(r->at[length]))
        length++;
    for (int i = 0; length >= 3 && i < count; i++) {
        size_t full = strlen(names[i]);

        if ((length == 3 || length == full) && strncasecmp(r->at, names[i], length) == 0) {
            r->at += length;
            return i;
        }
    }
    return -1;
}

/* "Z", "UTC", "GMT", "+hh", "+hhmm", "+hh:mm", or nothing (which makes it naive). */
static bool read_zone(struct reader *r, struct parity_timestamp *out)
{
    int sign, hours, minutes = 0;

    skip_blanks(r);
    if (r->at == r->end) {
        out->naive = true;
        return true;
    }
    if (r->end - r->at >= 3 &&
        (strncasecmp(r->at, "UTC", 3) == 0 || strncasecmp(r->at, "GMT", 3) == 0)) {
        r->at += 3;
        return r->at == r->end;
    }
    if (skip_char(r, 'Z') || skip_char(r, 'z'))
        return r->at == r->end;
    sign = *r->at == '-' ? -1 : 1;
    if (!skip_char(r, '+') && !skip_char(r, '-'))
        return false;
    if (!read_digits(r, 2, &hours))
        return false;
    skip_char(r, ':');
    if (r->at < r->end && !read_digits(r, 2, &minutes))
        return false;
    out->offset_s = sign * (hours * 3600 + minutes * 60);
    return r->at == r->end && hours < 24 && minutes < 60;
}

/* "hh:mm[:ss[.f]]" or, after a date without hyphens, "hhmm[ss[.f]]". */
static bool read_clock(struct reader *r, struct civil *c, int *microsecond)
{
    bool colons;

    if (!read_short(r, &c->hour))
        return false;
    colons = skip_char(r, ':');
    if (!read_digits(r, 2, &c->minute))
        return false;
    if (colons ? skip_char(r, ':') : count_digits(r) >= 2) {
        if (!read_digits(r, 2, &c->second))
            return false;
        if ((skip_char(r, '.') || skip_char(r, ',')) && !read_fraction(r, microsecond))
            return false;
    }
    return true;
}

/* 2019-12-16[T ]23:48:18.5+00:00, 20191216T234818Z, and a date alone. */
static bool read_iso(struct reader *r, struct civil *c, struct parity_timestamp *out)
{
    int year;

    if (!read_digits(r, 4, &year))
        return false;
    c->year = year;
    if (skip_char(r, '-')) {
        if (!read_short(r, &c->month) || !skip_char(r, '-') || !read_short(r, &c->day))
            return false;
    } else if (count_digits(r) < 4 || !read_digits(r, 2, &c->month) ||
               !read_digits(r, 2, &c->day)) {
        return false;
    }
    if (r->at < r->end && (skip_char(r, 'T') || skip_char(r, 't') || skip_char(r, ' ')) &&
        count_digits(r) > 0 && !read_clock(r, c, &out->microsecond))
        return false;
    return read_zone(r, out);
}

/* A year of two digits lies within fifty years of now; 69 is as good a border for old dates. */
static bool read_year(struct reader *r, struct civil *c)
{
    size_t digits = count_digits(r);
    int year;

    if ((digits != 4 && digits != 2) || !read_digits(r, digits, &year))
        return false;
    c->year = digits == 4 ? year : year + (year < 69 ? 2000 : 1900);
    return true;
}

/* Mon, 16 Dec 2019 23:48:18 GMT; Monday, 16-Dec-19 23:48:18 GMT; Mon Dec 16 23:48:18 [GMT] 2019. */
static bool read_named(struct reader *r, struct civil *c, struct parity_timestamp *out)
{
    bool month_first;

    (void)read_name(r, day_names, 7);
    skip_blanks(r);
    c->month = read_name(r, month_names, 12) + 1;
    month_first = c->month > 0;
    skip_blanks(r);
    if (!read_short(r, &c->day))
        return false;
    skip_blanks(r);
    if (!month_first) {
        skip_char(r, '-');
        c->month = read_name(r, month_names, 12) + 1;
        skip_char(r, '-');
        skip_blanks(r);
        if (c->month == 0 || !read_year(r, c))
            return false;
        skip_blanks(r);
    }
    if (r->at < r->end && !read_clock(r, c, &out->microsecond))
        return false;
    if (month_first) {
        skip_blanks(r);
        if (r->end - r->at > 4 &&
            (strncmp(r->at, "UTC ", 4) == 0 || strncmp(r->at, "GMT ", 4) == 0))
            r->at += 4;
        else
            out->naive = true;
        return read_year(r, c) && r->at == r->end;
    }
    return read_zone(r, out);
}

int parity_timestamp_parse(const char *text, size_t length, struct parity_timestamp *out)
{
    struct reader reader = {text, text + length};
    struct civil c = {.month = 1, .day = 1};
    double number;
    bool good;

    if (parity_python_real(text, length, &number) == 0)
        return parity_timestamp_from_real(number, out);
    while (reader.at < reader.end && strchr(" \t\r\n", *reader.at))
        reader.at++;
    while (reader.at < reader.end && strchr(" \t\r\n", reader.end[-1]))
        reader.end--;
    *out = (struct parity_timestamp){0};
    good = count_digits(&reader) >= 4 ? read_iso(&reader, &c, out) : read_named(&reader, &c, out);
    if (!good || c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 ||
        c.day > days_in_month(c.year, c.month) || c.hour > 23 || c.minute > 59 || c.second > 59)
        return -1;
    out->seconds = seconds_from_civil(&c) - out->offset_s;
    return 0;
}

/* --- writing -----------------------------------------------------------------------------------
 */

void parity_timestamp_isoformat(const struct parity_timestamp *timestamp, struct parity_buffer *out)
{
    struct civil c = civil_from_seconds(timestamp->seconds + timestamp->offset_s);
    int offset = timestamp->offset_s < 0 ? -timestamp->offset_s : timestamp->offset_s;

    parity_buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", (int)c.year, c.month, c.day, c.hour,
                         c.minute, c.second);
    if (timestamp->microsecond)
        parity_buffer_printf(out, ".%06d", timestamp->microsecond);
    if (!timestamp->naive)
        parity_buffer_printf(out, "%c%02d:%02d", timestamp->offset_s < 0 ? '-' : '+', offset / 3600,
                             offset / 60 % 60);
}

enum parity_timestamp_format parity_timestamp_format(const char *name,
                                                     enum parity_timestamp_format otherwise)
{
    if (name && strcasecmp(name, "iso8601") == 0)
        return PARITY_TIMESTAMP_ISO8601;
    if (name && strcasecmp(name, "rfc822") == 0)
        return PARITY_TIMESTAMP_RFC822;
    if (name && strcasecmp(name, "unixTimestamp") == 0)
        return PARITY_TIMESTAMP_UNIX;
    return otherwise;
}

/* Reads what a pattern has: '0' stands for a digit, 'a' for a letter, all else for itself. */
static bool skip_pattern(struct reader *r, const char *pattern)
{
    for (; *pattern; pattern++, r->at++) {
        if (r->at == r->end)
            return false;
        if (*pattern == '0'   ? !(*r->at >= '0' && *r->at <= '9')
            : *pattern == 'a' ? !is_letter(*r->at)
                              : *r->at != *pattern)
            return false;
    }
    return true;
}

/* ".123", or nothing. */
static bool skip_fraction(struct reader *r)
{
    size_t digits;

    if (!skip_char(r, '.'))
        return true;
    digits = count_digits(r);
    r->at += digits;
    return digits > 0;
}

static bool skip_number(struct reader *r)
{
    size_t digits;

    skip_char(r, '-');
    digits = count_digits(r);
    r->at += digits;
    if (digits == 0 || !skip_fraction(r))
        return false;
    if (!skip_char(r, 'e') && !skip_char(r, 'E'))
        return true;
    if (!skip_char(r, '-'))
        skip_char(r, '+');
    digits = count_digits(r);
    r->at += digits;
    return digits > 0;
}

bool parity_timestamp_is_written_as(const char *text, size_t length,
                                    enum parity_timestamp_format format)
{
    struct reader r = {text, text + length};
    bool good = false;

    switch (format) {
    case PARITY_TIMESTAMP_UNIX:
        good = skip_number(&r);
        break;
    case PARITY_TIMESTAMP_RFC822:
        good = skip_pattern(&r, "aaa, 00 aaa 0000 00:00:00") && skip_fraction(&r) &&
               skip_pattern(&r, " GMT");
        break;
    case PARITY_TIMESTAMP_ISO8601:
        good = skip_pattern(&r, "0000-00-00T00:00:00") && skip_fraction(&r) && skip_char(&r, 'Z');
        break;
    }
    return good && r.at == r.end;
}

void parity_timestamp_write(const struct parity_timestamp *timestamp,
                            enum parity_timestamp_format format, struct parity_buffer *out)
{
    struct civil c = civil_from_seconds(timestamp->seconds);
    int64_t days = days_from_civil(c.year, c.month, c.day);

    switch (format) {
    case PARITY_TIMESTAMP_UNIX:
        parity_buffer_printf(out, "%lld", (long long)timestamp->seconds);
        break;
    case PARITY_TIMESTAMP_RFC822:
        parity_buffer_printf(out, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                             day_names[((days + 3) % 7 + 7) % 7], c.day, month_names[c.month - 1],
                             (int)c.year, c.hour, c.minute, c.second);
        break;
    case PARITY_TIMESTAMP_ISO8601:
        parity_buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", (int)c.year, c.month, c.day,
                             c.hour, c.minute, c.second);
        if (timestamp->microsecond)
            parity_buffer_printf(out, ".%06d", timestamp->microsecond);
        parity_buffer_add_char(out, 'Z');
        break;
    }
}
