/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PAGINATOR_PARTS_H
#define PARITY_CLIENT_PAGINATOR_PARTS_H

/* What walking and merging pages share. Internal to paginator*.c. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/jmespath.h"
#include "client/paginator.h"

struct parity_expressions {
    struct parity_jmespath **items; /* owned, and each */
    size_t count;
};

struct parity_paginator {
    char *operation;
    json_t *input_tokens; /* list of names, as long as `output_tokens` */
    struct parity_expressions output_tokens;
    struct parity_expressions more_results;       /* none or one */
    struct parity_expressions result_keys;        /* plain names joined by dots, as … */
    struct parity_expressions non_aggregate_keys; /* … are these */
    char *limit_key;                              /* NULL: none */
};

#endif
