/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TESTS_REAL_MODELS_H
#define PARITY_TESTS_REAL_MODELS_H

/* The service models that are installed, for a group of tests. */

#include <stdio.h>

#include "client/model.h"

static struct parity_models *models;

static int open_models(void **state)
{
    struct parity_error err = {0};

    (void)state;
    models = parity_models_new(NULL, &err);
    if (models && parity_models_check(models, &err) == 0)
        return 0;
    fprintf(stderr, "skipped: %s\n", err.message);
    return -1;
}

static int close_models(void **state)
{
    (void)state;
    parity_models_free(models);
    return 0;
}

#endif
