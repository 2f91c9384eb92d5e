/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_CHECK_H
#define PARITY_SCENARIO_CHECK_H

/* What the files of the check share: check.c, check_answer.c, check_custom.c, check_find.c,
 * check_input.c, check_reference.c. */

#include "base/json.h"
#include "scenario/reference.h"
#include "scenario/scenario.h"
#include "transformers/jsonpath/jsonpath.h"

struct parity_scenario_checking {
    const struct parity_scenario *scenario;
    struct parity_models *models;
    const struct parity_kept_transformers *kept; /* NULL: none */
    struct parity_scenario_report *report;
    const struct parity_place *test;
    bool before_run;   /* what may go well is not told */
    size_t *looked_at; /* values that have been held to shapes */
};

/** The operation that a step calls, or whose waiter it uses; NULL: it calls none, or one that is
 * not known. Tells why if `place` is not NULL. */
const struct parity_operation *
parity_scenario_operation(const struct parity_scenario_checking *checking,
                          const struct parity_scenario_step *step,
                          const struct parity_place *place);

/** What a reference stands for, as far as it is known before anything runs; all zero: it is not. */
struct parity_scenario_found {
    const json_t *value;                       /* that stands in the file; no whole reference */
    const struct parity_scenario_step *step;   /* whose whole answer it is */
    const struct parity_shape *shape;          /* of a part of an answer */
    bool is_event;                             /* it is one of those of the stream `shape` */
    const struct parity_operation *operation;  /* that answers it */
    const struct parity_scenario_known *known; /* what needs no model: names, metadata, errors */
};

/**
 * Follow a reference through values and answers.
 *
 * @param place  where it stands, told of if its path leads nowhere; NULL: it is told elsewhere
 */
struct parity_scenario_found parity_scenario_find(const struct parity_scenario_checking *checking,
                                                  const struct parity_reference *reference,
                                                  const struct parity_place *place);

/** What a value of the file stands for: itself, or what it refers to if it is nothing but a
 * reference. @param place  as for parity_scenario_find() */
struct parity_scenario_found
parity_scenario_stands_for(const struct parity_scenario_checking *checking, const json_t *value,
                           const struct parity_place *place);

/** The type of that. @return whether it is known */
bool parity_scenario_kind_of(const struct parity_scenario_found *found, enum parity_json_kind *out);

/** Whether a value is nothing but a reference. */
bool parity_scenario_is_reference(const json_t *value);

/** Check an input's names, types, limits and references, also of what references stand for, as far
 * as it is known. */
void parity_scenario_check_input(const struct parity_scenario_checking *checking,
                                 const struct parity_operation *operation,
                                 const struct parity_place *place);

/** What a shape takes, as messages say it ("a text"); NULL: values of this kind. */
const char *parity_scenario_unmet(const struct parity_operation *operation,
                                  const struct parity_shape *shape, enum parity_json_kind kind);

/** Whether values of any kind may stand for a shape: documents, and texts that are made of JSON. */
bool parity_scenario_takes_anything(const struct parity_shape *shape);

/** check_custom.c: whether the client makes what a member's shape takes from values of this kind,
 * which the shape itself does not take. */
bool parity_scenario_is_made_from(const struct parity_operation *operation,
                                  const struct parity_shape *shape, enum parity_json_kind kind);

/** Whether a value is the name of a file whose content is the body: {"$file": "path"}. */
bool parity_scenario_is_file(const struct parity_operation *operation,
                             const struct parity_shape *shape, const json_t *value);

/** Whether SDKs fill in a member that is not given. */
bool parity_scenario_is_filled_in(const struct parity_operation *operation,
                                  const struct parity_shape *member);

/** What is checked is an input, or a value that stands elsewhere in the file and becomes part of
 * one. */
struct parity_scenario_input {
    const struct parity_scenario_checking *checking;
    const struct parity_operation *operation;
    const struct parity_place *user; /* the reference in the input; NULL: it stands there itself */
    size_t around;                   /* values around the value */
};

/** Tell a problem at `place`, and where in the input that becomes part of it. */
__attribute__((format(printf, 3, 4))) void
parity_scenario_complain_of_input(const struct parity_scenario_input *input,
                                  const struct parity_place *place, const char *format, ...);

/** Check what the client itself wants of a member, beyond its shape.
 * @param value  that stands in the file; of a text, what is sent; NULL: that is not known
 * @param place  the value's, or a reference to it */
void parity_scenario_check_custom(const struct parity_scenario_input *input,
                                  const struct parity_shape *shape, const json_t *value,
                                  const struct parity_place *place);

/**
 * Check whether what an earlier step answers can be what an input takes, as far as the shapes tell.
 *
 * @param found  an answer or a part of one
 * @param place  of the reference to it
 */
void parity_scenario_check_answer(const struct parity_scenario_input *input,
                                  const struct parity_shape *shape,
                                  const struct parity_scenario_found *found,
                                  const struct parity_place *place);

/** Check the path that selects from what a step answers, as far as it goes to one node.
 * @param text   it is compiled from
 * @param place  of the text, or of a reference to it */
void parity_scenario_check_selection(const struct parity_scenario_checking *checking,
                                     const struct parity_scenario_step *step,
                                     const struct parity_jsonpath *path, const char *text,
                                     const struct parity_place *place);

/** The text at `place`, or that its reference stands for; NULL: it is known only when it is
 * resolved, or it will be no text, which is told. */
const char *parity_scenario_known_text(const struct parity_scenario_checking *checking,
                                       const struct parity_place *place);

/** Check the references in the name of a member. @param place  of the member */
void parity_scenario_check_name(const struct parity_scenario_checking *checking,
                                const struct parity_place *place, size_t length);

/** Check the paths of all references in a value against what they look into. */
void parity_scenario_check_paths(const struct parity_scenario_checking *checking,
                                 const struct parity_place *place);

/** A type as messages say it: "a text". */
const char *parity_scenario_kind_text(enum parity_json_kind kind);

/** Texts that SDKs hand over as the JSON that they are. */
bool parity_scenario_is_decoded(const struct parity_operation *operation,
                                const struct parity_shape *shape);

#endif
