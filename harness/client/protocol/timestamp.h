/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_TIMESTAMP_H
#define PARITY_CLIENT_PROTOCOL_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/** A moment as Python's datetime holds it: the clock it was given in, and that clock's offset. */
struct parity_timestamp {
    int64_t seconds; /* since 1970-01-01T00:00:00 UTC; of a naive one, as if it were UTC */
    int microsecond;
    int offset_s; /* of the clock, east of Greenwich */
    bool naive;   /* without a zone */
};

/**
 * Read a timestamp as botocore does: seconds since 1970 as text (with fraction, rounded to
 * microseconds), ISO 8601 in its usual forms, or the dates of HTTP and mail.
 *
 * botocore hands everything that is no number to dateutil, which also guesses at many other forms
 * ("3rd of May 2001"); those are not taken.
 *
 * @return 0, or -1 when `text` is none, or outside the years 1 to 9999
 * @see botocore/utils.py, parse_timestamp
 */
int parity_timestamp_parse(const char *text, size_t length, struct parity_timestamp *out);

/** Seconds since 1970, UTC. @return 0, or -1 outside the years 1 to 9999 */
int parity_timestamp_from_real(double seconds, struct parity_timestamp *out);
int parity_timestamp_from_integer(int64_t seconds, struct parity_timestamp *out);

/** Append what Python's datetime.isoformat() gives. */
void parity_timestamp_isoformat(const struct parity_timestamp *timestamp,
                                struct parity_buffer *out);

enum parity_timestamp_format {
    PARITY_TIMESTAMP_ISO8601, /* in UTC; microseconds only if there are any */
    PARITY_TIMESTAMP_RFC822,  /* Tue, 29 Apr 2014 18:30:38 GMT */
    PARITY_TIMESTAMP_UNIX     /* whole seconds */
};

/** A model's `timestampFormat`; `otherwise` for NULL and for an unknown one. */
enum parity_timestamp_format parity_timestamp_format(const char *name,
                                                     enum parity_timestamp_format otherwise);

/**
 * Whether a text is exactly in a format, as Smithy asks of what servers write: ISO 8601 in UTC with
 * `Z`, HTTP's date in GMT, a decimal number; each with a fraction of a second or without.
 * parity_timestamp_parse() takes far more.
 */
bool parity_timestamp_is_written_as(const char *text, size_t length,
                                    enum parity_timestamp_format format);

/** Append as botocore sends it (a naive one counts as UTC). */
void parity_timestamp_write(const struct parity_timestamp *timestamp,
                            enum parity_timestamp_format format, struct parity_buffer *out);

#endif
