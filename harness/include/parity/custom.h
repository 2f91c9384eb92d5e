/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CUSTOM_H
#define PARITY_CUSTOM_H

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A transformer that is a C function of the suite, for what the other kinds cannot say:
 *
 *     static void hide_parity(struct parity_custom_transformer *custom, json_t *document)
 *     {
 *         json_t *described = json_object_get(document, "describe");
 *         json_int_t size = json_integer_value(json_object_get(described, "Size"));
 *
 *         parity_custom_set(custom, described, "Size", size % 2 ? "<odd>" : "<even>");
 *     }
 *
 *     PARITY_TEST(describes, .marker = AWS_VALIDATED, .transformers = {custom(hide_parity)})
 *
 * The document is {match key: value} of the whole test, as the transformers of lower priority left
 * it. The function changes it in place with jansson, by these rules:
 *
 *   - Objects and arrays may be changed. A string or a number may only be put in another's place,
 *     never be changed itself: other documents share it.
 *   - What is put in must be new (json_object_set_new() and its kin), and stand in one place only.
 *     A new string is (json_string)("…") here, since json_string() means a transformer in suites.
 *   - {"$datetime": "…"} and {"$bytes": "…"} are a timestamp and a byte string.
 *   - The function also runs when nothing was recorded yet, and on what a test saw that ended
 * early: a match key need not be there. jansson's functions take the NULL of what is not.
 *   - It must do the same for the same document: it runs when recording and when verifying.
 */

/** The transformer while it works. Errors are kept in it: the first one becomes the verdict of the
 * test, so nothing needs to be checked. */
struct parity_custom_transformer;

/** `value` becomes `<label:N>` wherever it occurs, like a reference of key_value(). NULL: nothing
 * happens. */
void parity_custom_reference(struct parity_custom_transformer *custom, const char *value,
                             const char *label);

/** `text` becomes `replacement` wherever it occurs, like literal(). */
void parity_custom_replace(struct parity_custom_transformer *custom, const char *text,
                           const char *replacement);

/** Put a text in the place of a member. Where `object` is none or has no such member, nothing
 * happens. */
void parity_custom_set(struct parity_custom_transformer *custom, json_t *object, const char *member,
                       const char *text);

/** The test cannot be judged, for this reason. Returns to the function, which may go on or not. */
__attribute__((format(printf, 2, 3))) void
parity_custom_fail(struct parity_custom_transformer *custom, const char *reason, ...);

#ifdef __cplusplus
}
#endif

#endif
