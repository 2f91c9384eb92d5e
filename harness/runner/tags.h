/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_TAGS_H
#define PARITY_RUNNER_TAGS_H

#include <stdbool.h>

#include "runner/registry.h"

/** How the command line and reports call a marker: "aws_validated". */
const char *parity_marker_name(enum parity_marker marker);

/** The n-th tag of a test: its own, then its suite's; NULL: there are no more. */
const char *parity_case_tag(const struct parity_case *test, size_t n);

/** What -m asks: whether `name` is the test's marker, in any case, or one of its tags. */
bool parity_case_has_tag(const struct parity_case *test, const char *name);

/** What -k asks: whether `name` is a part of the test's id, its marker or a tag, in any case. */
bool parity_case_has_keyword(const struct parity_case *test, const char *name);

#endif
