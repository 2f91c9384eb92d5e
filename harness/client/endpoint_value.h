/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ENDPOINT_VALUE_H
#define PARITY_CLIENT_ENDPOINT_VALUE_H

/* Values of endpoint rules while they are evaluated. Internal to endpoint*.c. */

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum parity_value_kind {
    PARITY_VALUE_NONE, /* not set */
    PARITY_VALUE_BOOLEAN,
    PARITY_VALUE_INTEGER,
    PARITY_VALUE_STRING,
    PARITY_VALUE_LIST,
    PARITY_VALUE_RECORD
};

/** A value; what it points to lives in the arena, the rule set, the parameters or the partitions.
 */
struct parity_value {
    enum parity_value_kind kind;
    union {
        bool boolean;
        long integer;
        struct {
            const char *text;
            size_t length;
        } string;
        struct {
            const struct parity_value *items;
            size_t count;
        } list;
        struct {
            const struct parity_field *fields;
            size_t count;
        } record;
    } as;
};

struct parity_field {
    const char *name;
    struct parity_value value;
};

struct parity_value parity_value_boolean(bool value);
struct parity_value parity_value_string(const char *text, size_t length);

/** A member of a record; NONE for anything else. */
struct parity_value parity_value_field(const struct parity_value *record, const char *name,
                                       size_t length);

/** What counts as met in a condition, and as true for `not` (Python's truth). */
bool parity_value_meets(const struct parity_value *value);
bool parity_value_is_true(const struct parity_value *value);

/** "a string", "a boolean", … for messages. */
const char *parity_value_kind_name(const struct parity_value *value);

/* --- partitions ------------------------------------------------------------------------------- */

/** partitions.json, prepared. */
struct parity_partitions;

/** The partition of a region as a record with `name`, `dnsSuffix` and so on. Never fails. */
struct parity_value parity_partitions_find(const struct parity_partitions *partitions,
                                           const char *region, size_t length);

/* --- functions -------------------------------------------------------------------------------- */

/** What a function may use besides its arguments. */
struct parity_function_call {
    struct parity_arena *arena;
    const struct parity_partitions *partitions;
    struct parity_error *err;
};

struct parity_function {
    const char *name; /* as in rule sets: "aws.parseArn" */
    unsigned arguments;
    bool lazy; /* evaluated by the evaluator, which leaves arguments out that are not needed */
    int (*run)(const struct parity_function_call *call, const struct parity_value *arguments,
               struct parity_value *out);
};

/** Number of a function by its name; -1: unknown. */
int parity_function_find(const char *name);
const struct parity_function *parity_function_get(unsigned number); /* NULL: there is none */

/** The lazy ones have fixed numbers. */
enum { PARITY_FUNCTION_COALESCE, PARITY_FUNCTION_ITE, PARITY_FUNCTION_FIRST_EAGER };

#endif
