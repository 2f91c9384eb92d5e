/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/output_check.h"

#include <string.h>
#include <strings.h>

/* --- content type ------------------------------------------------------------------------------
 */

static bool is_type(const char *type, size_t length, const char *wanted)
{
    return wanted && strlen(wanted) == length && strncasecmp(type, wanted, length) == 0;
}

void parity_check_content_type(const struct parity_parse *parse, const char *wanted,
                               const char *or_wanted)
{
    static const struct parity_member_path path = {NULL,
                                                   "ResponseMetadata.HTTPHeaders.content-type", 0};
    const char *type = parity_headers_get(&parse->response->headers, "content-type");
    size_t length = type ? strcspn(type, "; \t") : 0;

    if (!parse->findings || parse->response->body.length == 0 || is_type(type, length, wanted) ||
        is_type(type, length, or_wanted))
        return;
    if (type)
        parity_findings_add(parse->findings, PARITY_FINDING_CONTENT_TYPE, &path,
                            "'%.80s' where the protocol has %s", type, wanted);
    else
        parity_findings_add(parse->findings, PARITY_FINDING_CONTENT_TYPE, &path,
                            "none where the protocol has %s", wanted);
}

void parity_check_xml_content_type(const struct parity_parse *parse)
{
    parity_check_content_type(parse, "text/xml", "application/xml");
}

/* --- namespace ---------------------------------------------------------------------------------
 */

/* Prefixed ones ("xsi") are for attributes. */
static const char *namespace_of(const struct parity_shape *shape)
{
    return shape && !parity_shape_text(shape, PARITY_TEXT_XML_PREFIX)
               ? parity_shape_text(shape, PARITY_TEXT_XML_NAMESPACE)
               : NULL;
}

static const char *namespace_of_input(const struct parity_shape *input)
{
    const char *uri = namespace_of(input);
    const char *payload = input ? parity_shape_text(input, PARITY_TEXT_PAYLOAD) : NULL;

    return uri || !payload ? uri : namespace_of(parity_shape_member(input, payload));
}

/* Models of rest-xml name the service's namespace with the inputs that have a body. */
static const char *namespace_of_inputs(const struct parity_service *service)
{
    size_t count = parity_service_operation_count(service);

    for (size_t i = 0; i < count; i++) {
        const struct parity_operation *operation = parity_service_operation_at(service, i);
        const char *uri = namespace_of_input(parity_operation_input(operation));

        if (uri)
            return uri;
    }
    return NULL;
}

static size_t length_without_slash(const char *uri)
{
    size_t length = strlen(uri);

    return length > 0 && uri[length - 1] == '/' ? length - 1 : length;
}

/* A slash at the end does not count. */
static bool is_same_uri(const char *found, const char *wanted)
{
    size_t length = length_without_slash(wanted);

    return found && length_without_slash(found) == length && strncmp(found, wanted, length) == 0;
}

static bool is_of(const struct parity_shape *shape, const char *uri)
{
    const char *wanted = namespace_of(shape);

    return wanted && is_same_uri(uri, wanted);
}

void parity_check_inner_namespace(struct parity_findings *findings,
                                  const struct parity_shape *shape,
                                  const struct parity_shape *or_shape,
                                  const struct parity_xml_node *node,
                                  const struct parity_member_path *path)
{
    const char *found = node->namespace, *around;

    if (!findings || !node->parent)
        return;
    around = node->parent->namespace;
    if ((around ? is_same_uri(found, around) : !found) || is_of(shape, found) ||
        is_of(or_shape, found))
        return;
    parity_findings_add(
        findings, PARITY_FINDING_NAMESPACE, path,
        "<%.40s> is of %s%.80s%s, which is not that around it, and the model has no "
        "other for it",
        node->name, found ? "the namespace '" : "no namespace", found ? found : "",
        found ? "'" : "");
}

void parity_check_namespace(const struct parity_parse *parse, const struct parity_shape *shape,
                            const struct parity_xml_tree *tree)
{
    const struct parity_service *service = parity_operation_service(parse->operation);
    const char *wanted, *found = tree->root->namespace;

    if (!parse->findings)
        return;
    wanted = namespace_of(shape);
    if (!wanted)
        wanted = parity_service_metadata(service, "xmlNamespace");
    if (!wanted)
        wanted = namespace_of_inputs(service);
    if (!wanted || is_same_uri(found, wanted))
        return;
    parity_findings_add(parse->findings, PARITY_FINDING_NAMESPACE, NULL,
                        "<%.40s> is of %s%.80s%s where the model has '%.80s'", tree->root->name,
                        found ? "the namespace '" : "no namespace", found ? found : "",
                        found ? "'" : "", wanted);
}

/* --- members -----------------------------------------------------------------------------------
 */

static bool is_in_body(const struct parity_shape *member)
{
    enum parity_location location = parity_shape_location(member);

    return location != PARITY_LOCATION_HEADER && location != PARITY_LOCATION_HEADERS &&
           location != PARITY_LOCATION_STATUS_CODE &&
           !parity_shape_has(member, PARITY_TRAIT_EVENT_STREAM) &&
           !parity_shape_has(member, PARITY_TRAIT_EVENT_HEADER) &&
           !parity_shape_has(member, PARITY_TRAIT_EVENT_PAYLOAD);
}

void parity_check_absent(struct parity_findings *findings, const struct parity_shape *structure,
                         const struct parity_shape *member, const struct parity_member_path *path)
{
    if (!findings || !parity_shape_has(member, PARITY_TRAIT_REQUIRED) || !is_in_body(member))
        return;
    /* Services spell it as they like, and SDKs find it all the same. */
    if (parity_shape_has(structure, PARITY_TRAIT_EXCEPTION) &&
        strcasecmp(parity_shape_member_name(member), "message") == 0)
        return;
    parity_findings_add(findings, PARITY_FINDING_MISSING, path, "the model requires it");
}

bool parity_check_knows_members(const struct parity_shape *structure)
{
    return !parity_shape_has(structure, PARITY_TRAIT_EXCEPTION);
}

/* --- timestamps --------------------------------------------------------------------------------
 */

void parity_check_timestamp_text(struct parity_findings *findings, const struct parity_shape *shape,
                                 enum parity_timestamp_format otherwise, const char *text,
                                 size_t length, const struct parity_member_path *path)
{
    static const char *const examples[] = {
        [PARITY_TIMESTAMP_ISO8601] = "iso8601, as in 2014-04-29T18:30:38Z",
        [PARITY_TIMESTAMP_RFC822] = "rfc822, as in Tue, 29 Apr 2014 18:30:38 GMT",
        [PARITY_TIMESTAMP_UNIX] = "unixTimestamp, as in 1398796238",
    };
    enum parity_timestamp_format format;

    if (!findings)
        return;
    format =
        parity_timestamp_format(parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT), otherwise);
    if (!parity_timestamp_is_written_as(text, length, format))
        parity_findings_add(findings, PARITY_FINDING_TIMESTAMP, path,
                            "'%.*s' where the format is %s", (int)(length > 60 ? 60 : length), text,
                            examples[format]);
}
