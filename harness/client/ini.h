/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_INI_H
#define PARITY_CLIENT_INI_H

#include <stddef.h>

#include "base/error.h"

/** An INI file as read. Zero-initialise, parse, clear; values are wiped, for some are secrets. */
struct parity_ini {
    struct parity_ini_section {
        char *name; /* as written, case included */
        struct parity_ini_option {
            char *name;  /* in lower case */
            char *value; /* lines joined by '\n'; begins with one where nesting begins */
            int line;
        } * options;
        size_t count, capacity;
    } * sections;
    size_t count, capacity;
};

void parity_ini_clear(struct parity_ini *ini);

/**
 * Read the format of ~/.aws/config as AWS's own tools do, which is that of Python's
 * configparser.RawConfigParser with its quirks:
 *
 * - `#` and `;` begin a comment only at the start of a line; option names end at the first `=` or
 *   `:` and are compared in lower case, section names are compared as they are;
 * - a line that is indented deeper than its option continues the value;
 * - after the last `]` of a section line anything may follow;
 * - options of [DEFAULT], in capitals, count for every section;
 * - a repeated section or option and a line that is neither are errors.
 *
 * Beyond that, a value that begins with a line break must consist of `name = value` lines.
 *
 * @param name  of the file, for messages; no message quotes its content, except names
 * @param err   PARITY_E_PARSE with line and column, PARITY_E_NOMEM
 * @return 0 or -1; `out` is cleared by the caller in either case
 * @see botocore/configloader.py, raw_config_parse
 */
int parity_ini_parse(const char *text, size_t length, const char *name, struct parity_ini *out,
                     struct parity_error *err);

/** NULL if there is none. Borrowed. */
const struct parity_ini_section *parity_ini_section(const struct parity_ini *ini, const char *name);

/** Value of an option, its name in lower case; NULL if `section` is NULL or has none. Borrowed. */
const char *parity_ini_value(const struct parity_ini_section *section, const char *option);

/** A value of a nested block ("\nname = value…"); names are case-sensitive, the last one counts.
 * @param out  new; NULL if there is none @return 0, or -1 when out of memory */
int parity_ini_nested(const char *block, const char *name, char **out);

#endif
