/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/xml_shape.h"

#include <string.h>

#include "client/protocol/output_check.h"
#include "client/protocol/scalar.h"
#include "client/protocol/union.h"

/*
 * An element, or all elements of that name side by side: botocore gathers repeated children in a
 * list, which is what a flattened list looks like.
 */
struct found {
    const struct parity_xml_node *node;
    bool repeated;
};

static json_t *read_value(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                          struct found found, const struct parity_member_path *path);

static void fail_repeated(const struct parity_xml_reader *reader,
                          const struct parity_member_path *path, const struct parity_xml_node *node)
{
    parity_member_path_fail(reader->err, PARITY_E_RESPONSE, path, "response",
                            "the element <%s> is repeated where the model has a single value",
                            node->name);
}

/* --- structures --------------------------------------------------------------------------------
 */

/* A flattened list is found by the name of its items, if they have one. */
static const char *element_name(const struct parity_shape *member)
{
    const char *name = NULL;

    if (parity_shape_type(member) == PARITY_SHAPE_LIST &&
        parity_shape_has(member, PARITY_TRAIT_FLATTENED))
        name = parity_shape_location_name(parity_shape_list_member(member));
    if (!name)
        name = parity_shape_location_name(member);
    return name ? name : parity_shape_member_name(member);
}

/* The value of an attribute that the model calls "xsi:type": the prefix stands for any namespace.
 */
static const char *find_attribute(const struct parity_xml_node *node, const char *wanted)
{
    const char *colon = strchr(wanted, ':');

    for (const struct parity_xml_attribute *a = node->attributes; a; a = a->next)
        if (a->has_namespace == (colon != NULL) && strcmp(a->name, colon ? colon + 1 : wanted) == 0)
            return a->value;
    return NULL;
}

static bool is_elsewhere(const struct parity_shape *member)
{
    enum parity_location location = parity_shape_location(member);

    return location == PARITY_LOCATION_HEADER || location == PARITY_LOCATION_HEADERS ||
           location == PARITY_LOCATION_STATUS_CODE ||
           parity_shape_has(member, PARITY_TRAIT_EVENT_HEADER);
}

static json_t *read_member(const struct parity_xml_reader *reader,
                           const struct parity_shape *member, const struct parity_xml_node *node,
                           const struct parity_member_path *path, bool *absent)
{
    struct found found = {parity_xml_child(node, element_name(member)), false};
    const char *attribute;

    *absent = false;
    if (found.node) {
        found.repeated = parity_xml_next_same(found.node) != NULL;
        if (!parity_shape_has(member, PARITY_TRAIT_FLATTENED))
            parity_check_inner_namespace(reader->findings, member, NULL, found.node, path);
        return read_value(reader, member, found, path);
    }
    attribute = parity_shape_has(member, PARITY_TRAIT_XML_ATTRIBUTE)
                    ? find_attribute(node, element_name(member))
                    : NULL;
    if (attribute)
        return parity_scalar_string(attribute, strlen(attribute), path, reader->err);
    *absent = true;
    return NULL;
}

/* The only child's name, for a union; NULL when there is not exactly one. */
static const char *only_child(const struct parity_xml_node *node)
{
    const struct parity_xml_node *first = node->first_child;

    for (const struct parity_xml_node *child = first; child; child = child->next)
        if (strcmp(child->name, first->name) != 0)
            return NULL;
    return first ? first->name : NULL;
}

/* How often an element's name stands among its siblings, from the first one on. */
static size_t count_same(const struct parity_xml_node *node)
{
    size_t count = 0;

    for (; node; node = parity_xml_next_same(node))
        count++;
    return count;
}

static size_t count_children(const struct parity_xml_node *node)
{
    size_t count = 0;

    for (const struct parity_xml_node *child = node->first_child; child; child = child->next)
        count++;
    return count;
}

static bool has_element(const struct parity_shape *shape, const char *name)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++)
        if (strcmp(element_name(parity_shape_member_at(shape, i)), name) == 0)
            return true;
    return false;
}

static void check_unknown(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                          const struct parity_xml_node *node, const struct parity_member_path *path)
{
    for (const struct parity_xml_node *child = node->first_child; child; child = child->next) {
        struct parity_member_path below = {path, child->name, 0};

        if (!has_element(shape, child->name) &&
            !(!path && reader->envelope && strcmp(child->name, reader->envelope) == 0))
            parity_findings_add(reader->findings, PARITY_FINDING_UNKNOWN, &below,
                                "the model has no such element");
    }
}

static bool is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

/* What stands in an element that should have elements alone. The root of a document may be a value
 * that a customization takes out. */
static void check_text(const struct parity_xml_reader *reader, const char *wanted,
                       const struct parity_xml_node *node, const struct parity_member_path *path)
{
    if (reader->findings && path && !is_blank(node->text))
        parity_findings_add(reader->findings, PARITY_FINDING_TYPE, path,
                            "text stands where the model has %s", wanted);
}

static void check_structure(const struct parity_xml_reader *reader,
                            const struct parity_shape *shape, const struct parity_xml_node *node,
                            size_t known_elements, const struct parity_member_path *path)
{
    if (!reader->findings || !parity_check_knows_members(shape))
        return;
    check_text(reader, "a structure", node, path);
    if (known_elements < count_children(node))
        check_unknown(reader, shape, node, path);
}

/* A list in an element of its own always has that element, a flattened one only has its items. */
static void check_absent(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                         const struct parity_shape *member, const struct parity_member_path *path)
{
    if (!parity_shape_has(member, PARITY_TRAIT_FLATTENED))
        parity_check_absent(reader->findings, shape, member, path);
}

static json_t *read_structure(const struct parity_xml_reader *reader,
                              const struct parity_shape *shape, struct found found,
                              const struct parity_member_path *path)
{
    const struct parity_xml_node *node = found.node;
    size_t count = parity_shape_member_count(shape), known_elements = 0;
    json_t *result = json_object();

    if (parity_shape_has(shape, PARITY_TRAIT_EXCEPTION))
        node = reader->error_root(node);
    if (result && parity_shape_has(shape, PARITY_TRAIT_UNION)) {
        int known = parity_union_check(shape, only_child(node), result, path, reader->err);

        if (known == 0)
            check_structure(reader, shape, node, 0, path);
        if (known <= 0)
            return known == 0 ? result : (json_decref(result), NULL);
    }
    for (size_t i = 0; result && i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        struct parity_member_path below = {path, name, 0};
        json_t *value;
        bool absent;

        if (is_elsewhere(member))
            continue;
        value = read_member(reader, member, node, &below, &absent);
        if (absent) {
            check_absent(reader, shape, member, &below);
            continue;
        }
        if (reader->findings)
            known_elements += count_same(parity_xml_child(node, element_name(member)));
        if (!value || json_object_set_new_nocheck(result, name, value) < 0) {
            json_decref(result);
            result = NULL;
        }
    }
    if (!result)
        parity_fail_nomem(reader->err);
    else
        check_structure(reader, shape, node, known_elements, path);
    return result;
}

/* --- lists and maps ----------------------------------------------------------------------------
 */

/* Walks the elements of a list or map: siblings of one name, or all children of one element. */
static const struct parity_xml_node *first_item(struct found found, bool flattened)
{
    return flattened || found.repeated ? found.node : found.node->first_child;
}

static const struct parity_xml_node *next_item(struct found found, bool flattened,
                                               const struct parity_xml_node *item)
{
    return flattened || found.repeated ? parity_xml_next_same(item) : item->next;
}

/* SDKs in other languages go by the name of an item. */
static void check_item_name(const struct parity_xml_reader *reader,
                            const struct parity_shape *member, const struct parity_xml_node *item,
                            const struct parity_member_path *path)
{
    const char *name = parity_shape_location_name(member);

    if (reader->findings && strcmp(item->name, name ? name : "member") != 0)
        parity_findings_add(reader->findings, PARITY_FINDING_UNKNOWN, path,
                            "the element <%.60s> where the model has <%s>", item->name,
                            name ? name : "member");
}

static json_t *read_list(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                         struct found found, const struct parity_member_path *path)
{
    const struct parity_shape *member = parity_shape_list_member(shape);
    bool flattened = parity_shape_has(shape, PARITY_TRAIT_FLATTENED);
    json_t *result = json_array();
    struct parity_member_path below = {path, NULL, 0};

    if (!flattened)
        check_text(reader, "a list", found.node, path);
    for (const struct parity_xml_node *item = first_item(found, flattened); result && item;
         item = next_item(found, flattened, item), below.index++) {
        json_t *value = read_value(reader, member, (struct found){item, false}, &below);

        parity_check_inner_namespace(reader->findings, member, flattened ? shape : NULL, item,
                                     &below);
        if (!flattened && !found.repeated)
            check_item_name(reader, member, item, &below);
        if (!value || json_array_append_new(result, value) < 0) {
            json_decref(result);
            result = NULL;
        }
    }
    if (!result)
        parity_fail_nomem(reader->err);
    return result;
}

/* One <entry>: a key and a value, and nothing else. */
static int read_entry(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                      const struct parity_xml_node *entry, json_t *result,
                      const struct parity_member_path *path)
{
    const struct parity_shape *key_shape = parity_shape_map_key(shape);
    const struct parity_shape *value_shape = parity_shape_map_value(shape);
    const char *key_name = parity_shape_location_name(key_shape);
    const char *value_name = parity_shape_location_name(value_shape);
    const struct parity_xml_node *key = NULL, *value = NULL;
    struct parity_member_path below = {path, "", 0};
    json_t *parsed;

    for (const struct parity_xml_node *child = entry->first_child; child; child = child->next) {
        if (strcmp(child->name, key_name ? key_name : "key") == 0) {
            key = child;
        } else if (strcmp(child->name, value_name ? value_name : "value") == 0) {
            value = child;
        } else {
            parity_member_path_fail(reader->err, PARITY_E_RESPONSE, path, "response",
                                    "the element <%s> is neither key nor value of a map",
                                    child->name);
            return -1;
        }
    }
    if (!key || !value) {
        parity_member_path_fail(reader->err, PARITY_E_RESPONSE, path, "response",
                                "an entry of the map has no %s", key ? "value" : "key");
        return -1;
    }
    below.name = key->text ? key->text : "";
    parity_check_inner_namespace(reader->findings, value_shape, NULL, value, &below);
    parsed = read_value(reader, value_shape, (struct found){value, false}, &below);
    if (!parsed)
        return -1;
    if (json_object_set_new_nocheck(result, below.name, parsed) < 0) {
        parity_fail_nomem(reader->err);
        return -1;
    }
    return 0;
}

static json_t *read_map(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                        struct found found, const struct parity_member_path *path)
{
    bool flattened = parity_shape_has(shape, PARITY_TRAIT_FLATTENED);
    json_t *result = json_object();

    if (!result)
        parity_fail_nomem(reader->err);
    if (!flattened)
        check_text(reader, "a map", found.node, path);
    for (const struct parity_xml_node *item = first_item(found, flattened); result && item;
         item = next_item(found, flattened, item)) {
        parity_check_inner_namespace(reader->findings, shape, NULL, item, path);
        if (read_entry(reader, shape, item, result, path) < 0) {
            json_decref(result);
            result = NULL;
        }
    }
    return result;
}

/* --- scalars -----------------------------------------------------------------------------------
 */

static void check_scalar(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                         const struct parity_xml_node *node, const struct parity_member_path *path)
{
    const char *text = node->text ? node->text : "";

    if (!reader->findings)
        return;
    if (node->first_child)
        parity_findings_add(reader->findings, PARITY_FINDING_TYPE, path,
                            "elements stand where the model has a text");
    else if (parity_shape_type(shape) == PARITY_SHAPE_TIMESTAMP)
        parity_check_timestamp_text(reader->findings, shape, PARITY_TIMESTAMP_ISO8601, text,
                                    node->text_length, path);
    else if (parity_shape_type(shape) == PARITY_SHAPE_BOOLEAN && strcmp(text, "true") != 0 &&
             strcmp(text, "false") != 0)
        parity_findings_add(reader->findings, PARITY_FINDING_TYPE, path,
                            "'%.60s' stands where the model has a boolean", text);
}

static json_t *read_scalar(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                           const struct parity_xml_node *node,
                           const struct parity_member_path *path)
{
    const char *text = node->text ? node->text : "";
    size_t length = node->text_length;

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_BOOLEAN:
        return json_boolean(strcmp(text, "true") == 0);
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return parity_scalar_integer(text, length, path, reader->err);
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        return parity_scalar_real(text, length, path, reader->err);
    case PARITY_SHAPE_TIMESTAMP:
        return parity_scalar_timestamp(text, length, path, reader->err);
    case PARITY_SHAPE_BLOB:
        return parity_scalar_blob(text, length, path, reader->err);
    default:
        return parity_scalar_string(text, length, path, reader->err);
    }
}

static json_t *read_by_type(const struct parity_xml_reader *reader,
                            const struct parity_shape *shape, struct found found,
                            const struct parity_member_path *path)
{
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        return read_structure(reader, shape, found, path);
    case PARITY_SHAPE_LIST:
        return read_list(reader, shape, found, path);
    case PARITY_SHAPE_MAP:
        return read_map(reader, shape, found, path);
    default:
        break;
    }
    if (found.repeated) {
        fail_repeated(reader, path, found.node);
        return NULL;
    }
    check_scalar(reader, shape, found.node, path);
    return read_scalar(reader, shape, found.node, path);
}

static json_t *read_value(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                          struct found found, const struct parity_member_path *path)
{
    json_t *result = read_by_type(reader, shape, found, path);

    if (!result)
        parity_findings_explain(reader->findings, path, reader->err);
    return result;
}

json_t *parity_xml_read(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                        const struct parity_xml_node *node, const struct parity_member_path *path)
{
    parity_check_inner_namespace(reader->findings, shape, NULL, node, path);
    return read_value(reader, shape, (struct found){node, false}, path);
}

const struct parity_xml_node *parity_xml_error_root(const struct parity_xml_node *root)
{
    const struct parity_xml_node *error = NULL;

    if (strcmp(root->name, "ErrorResponse") == 0)
        error = parity_xml_child(root, "Error");
    return error ? error : root;
}

json_t *parity_xml_read_plain(const struct parity_xml_node *node)
{
    json_t *result = json_object();

    for (const struct parity_xml_node *child = node->first_child; result && child;
         child = child->next) {
        const json_t *earlier = json_object_get(result, child->name);
        json_t *value;

        if (json_is_object(earlier))
            continue;
        /* Repeated elements become a list, of which only the first one's children are looked at. */
        if (earlier)
            value = json_object();
        else if (child->first_child)
            value = parity_xml_read_plain(child);
        else
            value =
                child->text ? json_stringn_nocheck(child->text, child->text_length) : json_null();
        if (!value || json_object_set_new_nocheck(result, child->name, value) < 0) {
            json_decref(result);
            result = NULL;
        }
    }
    return result;
}
