/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_PLACE_H
#define PARITY_SCENARIO_PLACE_H

#include "base/buffer.h"
#include "scenario/source.h"

/** A value in a file and the way to it, as a chain on the stack; the document has no parent. */
struct parity_place {
    const struct parity_place *parent;
    const json_t *value;
    const char *name; /* of a member; NULL: an item */
    size_t index;     /* of an item */
};

/** The member of an object, or item of an array, of `parent`. Its value may be NULL. */
struct parity_place parity_place_member(const struct parity_place *parent, const char *name);
/** The same of a member that was come upon by iterating. */
struct parity_place parity_place_at(const struct parity_place *parent, void *member);
/** The same of a member whose value is known. */
struct parity_place parity_place_of(const struct parity_place *parent, const char *name,
                                    const json_t *value);
struct parity_place parity_place_item(const struct parity_place *parent, size_t index);

/** How many values are around it. */
size_t parity_place_depth(const struct parity_place *place);

/** Append "steps[1].input.Name", without the document's "tests[0]" in front; nothing for a test. */
void parity_place_write(const struct parity_place *place, struct parity_buffer *out);

/** The line on which the value begins; that of the nearest value around it if it is not there. */
int parity_place_line(const struct parity_place *place,
                      const struct parity_scenario_source *source);

/** How many values `value` is made of, itself counted. */
size_t parity_place_count(const json_t *value);

/** Who is told of what is wrong with scenarios. */
struct parity_scenario_report {
    void (*tell)(void *data, const struct parity_error *problem);
    void *data;
    size_t problems;
};

/** Tell a problem with its file, line, test and path. */
__attribute__((format(printf, 4, 5))) void
parity_scenario_complain(struct parity_scenario_report *report,
                         const struct parity_scenario_source *source,
                         const struct parity_place *place, const char *format, ...);

#endif
