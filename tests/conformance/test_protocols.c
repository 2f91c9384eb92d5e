/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every case of conformance/protocols: inputs to requests, responses to results. Each suite brings
 * its own model, each case its own operation. Cases that botocore leaves out of its own tests are
 * run too; what parity does otherwise on purpose stands in `differences` with the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/protocol/protocol.h"
#include "client/protocol/cbor_value.h"
#include "client/protocol/timestamp.h"
#include "client/protocol/xml_tree.h"
#include "conformance.h"

enum { OUTPUT, INPUT };

static const struct {
    bool is_input;
    const char *id, *reason;
} differences[] = {
#define COMPRESSION "the client compresses what the protocol wrote (client/compression)"
    {INPUT, "SDKAppliedContentEncoding_ec2Query", COMPRESSION},
    {INPUT, "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query", COMPRESSION},
    {INPUT, "SDKAppliedContentEncoding_awsJson1_0", COMPRESSION},
    {INPUT, "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0", COMPRESSION},
    {INPUT, "SDKAppliedContentEncoding_awsJson1_1", COMPRESSION},
    {INPUT, "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1", COMPRESSION},
    {INPUT, "SDKAppliedContentEncoding_awsQuery", COMPRESSION},
    {INPUT, "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery", COMPRESSION},
    {INPUT, "SDKAppliedContentEncoding_restJson1", COMPRESSION},
    {INPUT, "SDKAppendedGzipAfterProvidedEncoding_restJson1", COMPRESSION},
    {INPUT, "SDKAppliedContentEncoding_restXml", COMPRESSION},
    {INPUT, "SDKAppendedGzipAfterProvidedEncoding_restXml", COMPRESSION},
    {INPUT, "RestJsonHttpChecksumRequired", "the client adds checksums to what the protocol wrote"},

#define AS_BOTOCORE "botocore, which is what is measured against, "
    {INPUT, "AwsJson11StructuresDontSerializeNullValues",
     AS_BOTOCORE "sends null where the input has it"},
    {INPUT, "QueryFlattenedListArgWithXmlName",
     AS_BOTOCORE "calls a flattened list after its items"},
    {INPUT, "MediaTypeHeaderInputBase64", AS_BOTOCORE "encodes a text in such a header as JSON"},
    {OUTPUT, "MediaTypeHeaderOutputBase64", AS_BOTOCORE "decodes JSON in such a header"},
    {INPUT, "RestJsonHttpPayloadWithUnsetUnion", AS_BOTOCORE "sends {} and refuses an empty union"},
    {OUTPUT, "RestXmlHttpPayloadWithUnsetUnion", AS_BOTOCORE "refuses an empty union"},
    {INPUT, "BodyWithXmlName", AS_BOTOCORE "calls an element as its place does, not as its shape"},
    {INPUT, "RestXmlHttpPayloadWithUnion", AS_BOTOCORE "calls an element as its place does"},
    {INPUT, "HttpPayloadWithXmlName", AS_BOTOCORE "calls an element as its place does"},
    {INPUT, "HttpPayloadWithXmlNamespace", AS_BOTOCORE "calls an element as its place does"},
    {INPUT, "HttpPayloadWithXmlNamespaceAndPrefix",
     AS_BOTOCORE "calls an element as its place does"},
    {INPUT, "XmlAttributesOnPayload", AS_BOTOCORE "calls an element as its place does"},
    {INPUT, "NullAndEmptyHeaders", AS_BOTOCORE "leaves an empty list out of the headers"},
    {INPUT, "RestJsonNullAndEmptyHeaders", AS_BOTOCORE "leaves an empty list out of the headers"},
    {INPUT, "RestXmlQueryPrecedence", AS_BOTOCORE "lets the later of two parameters win"},
    {INPUT, "RestJsonQueryPrecedence", AS_BOTOCORE "lets the later of two parameters win"},
    {OUTPUT, "Ec2XmlLists", AS_BOTOCORE "looks for a flattened list under its items' name"},
    {OUTPUT, "QueryXmlLists", AS_BOTOCORE "looks for a flattened list under its items' name"},
    {OUTPUT, "XmlLists", AS_BOTOCORE "looks for a flattened list under its items' name"},
    {OUTPUT, "AwsJson10FooErrorUsingXAmznErrorType", AS_BOTOCORE "reads no code from an empty 500"},
    {OUTPUT, "AwsJson10FooErrorUsingXAmznErrorTypeWithUri", AS_BOTOCORE "reads no code from it"},
    {OUTPUT, "AwsJson10FooErrorUsingXAmznErrorTypeWithUriAndNamespace",
     AS_BOTOCORE "reads no code from it"},
    {OUTPUT, "AwsJson10FooErrorUsingCode", AS_BOTOCORE "looks for __type only"},
    {OUTPUT, "AwsJson10FooErrorUsingCodeAndNamespace", AS_BOTOCORE "looks for __type only"},
    {OUTPUT, "AwsJson10FooErrorUsingCodeUriAndNamespace", AS_BOTOCORE "looks for __type only"},
    {OUTPUT, "AwsJson11FooErrorUsingXAmznErrorType", AS_BOTOCORE "reads no code from an empty 500"},
    {OUTPUT, "AwsJson11FooErrorUsingXAmznErrorTypeWithUri", AS_BOTOCORE "reads no code from it"},
    {OUTPUT, "AwsJson11FooErrorUsingXAmznErrorTypeWithUriAndNamespace",
     AS_BOTOCORE "reads no code from it"},
    {OUTPUT, "AwsJson11FooErrorUsingCode", AS_BOTOCORE "looks for __type only"},
    {OUTPUT, "AwsJson11FooErrorUsingCodeAndNamespace", AS_BOTOCORE "looks for __type only"},
    {OUTPUT, "AwsJson11FooErrorUsingCodeUriAndNamespace", AS_BOTOCORE "looks for __type only"},
    {OUTPUT, "RestJsonFooErrorUsingXAmznErrorType", AS_BOTOCORE "reads no code from an empty 500"},
    {OUTPUT, "RestJsonFooErrorUsingXAmznErrorTypeWithUri", AS_BOTOCORE "reads no code from it"},
    {OUTPUT, "RestJsonFooErrorUsingXAmznErrorTypeWithUriAndNamespace",
     AS_BOTOCORE "reads no code from it"},
    {OUTPUT, "RestJsonHttpPayloadTraitsWithNoBlobBody", AS_BOTOCORE "hands over an empty stream"},
    {OUTPUT, "HttpPayloadTraitsWithNoBlobBody", AS_BOTOCORE "hands over an empty stream"},
    {OUTPUT, "RestJsonInputAndOutputWithQuotedStringHeaders",
     AS_BOTOCORE "splits headers at each comma"},
    {OUTPUT, "RestJsonDeserializesDenseSetMapAndSkipsNull",
     AS_BOTOCORE "cannot read null in such a map"},
};

/* Responses in which something is found, since they test how lenient a client is. */
static const struct {
    const char *id, *found;
} listed_findings[] = {
#define CONTENT_TYPE "content_type ResponseMetadata.HTTPHeaders.content-type"
    /* An offset is for clients to understand, not for servers to send. */
    {"AwsJson11DateTimeWithPositiveOffset", "timestamp datetime"},
    {"AwsQueryDateTimeWithNegativeOffset", "timestamp datetime"},
    {"AwsQueryDateTimeWithPositiveOffset", "timestamp datetime"},
    {"Ec2QueryDateTimeWithNegativeOffset", "timestamp datetime"},
    {"Ec2QueryDateTimeWithPositiveOffset", "timestamp datetime"},
    {"RestXmlDateTimeWithPositiveOffset", "timestamp datetime"},
    {"RestJsonDateTimeWithNegativeOffset", CONTENT_TYPE ", timestamp datetime"},
    {"RestJsonDateTimeWithPositiveOffset", CONTENT_TYPE ", timestamp datetime"},
    /* The case gives no headers. */
    {"RestJsonDateTimeWithFractionalSeconds", CONTENT_TYPE},
    {"RestJsonGreetingWithErrors", CONTENT_TYPE},
    /* botocore looks for a flattened list under its items' name, see above. */
    {"Ec2XmlLists", "unknown flattenedList, unknown customName"},
    {"QueryXmlLists", "unknown flattenedList, unknown customName"},
    {"XmlLists", "unknown flattenedList, unknown customName, unknown flattenedStructureList"},
    /* What clients are to pass over. */
    {"RestJsonDeserializesDenseSetMapAndSkipsNull", "type denseSetMap.z"},
    {"RestXmlHttpPayloadWithUnsetUnion", "type nested"},
    {"RpcV2CborExtraFieldsInTheBodyShouldBeSkippedByClients", "unknown extraObject"},
    {"RpcV2CborPayloadWithUnsetUnion", CONTENT_TYPE ", unknown doubleValue, unknown floatValue"},
};

static struct protocol_case {
    bool is_input;
    json_t *suite, *content; /* borrowed from a document */
    struct protocol_case *next;
} * cases;

static struct document {
    json_t *content;
    struct document *next;
} * documents;

/* --- model -------------------------------------------------------------------------------------
 */

/* Writes a model of the suite with the case's operation; returns its path. */
static char *write_model(const struct protocol_case *c)
{
    json_t *given = json_object_get(c->content, "given");
    json_t *model =
        json_pack("{s:O, s:O, s:{s:O}}", "metadata", json_object_get(c->suite, "metadata"),
                  "shapes", json_object_get(c->suite, "shapes"), "operations",
                  json_string_value(json_object_get(given, "name")), given);
    char *path = strdup("/tmp/parity-protocols-XXXXXX");
    int fd = mkstemp(path);
    struct parity_buffer text = {0};

    assert_non_null(model);
    assert_true(fd >= 0);
    parity_json_write(&text, model, PARITY_JSON_COMPACT);
    assert_int_equal(write(fd, text.data, text.length), text.length);
    close(fd);
    parity_buffer_clear(&text);
    json_decref(model);
    return path;
}

struct loaded {
    struct parity_models *models;
    const struct parity_operation *operation;
    const struct parity_protocol *protocol;
};

static struct loaded load(const struct protocol_case *c)
{
    const json_t *given = json_object_get(c->content, "given");
    char *path = write_model(c);
    struct parity_models_options options = {.model_file = path, .data_path = ""};
    struct parity_error err = {0};
    struct loaded loaded = {parity_models_new(&options, &err), NULL, NULL};
    const struct parity_service *service = parity_models_service(loaded.models, "test", &err);

    if (!service)
        fail_msg("%s: %s", err.context, err.message);
    loaded.operation =
        parity_service_operation(service, json_string_value(json_object_get(given, "name")), &err);
    loaded.protocol = parity_protocol_find(parity_service_protocol(service), &err);
    if (!loaded.operation || !loaded.protocol)
        fail_msg("%s", err.message);
    unlink(path);
    free(path);
    return loaded;
}

/* --- comparing ---------------------------------------------------------------------------------
 */

/* The first thing of a case that is not as expected; empty if all is. */
static char problem[4096];

__attribute__((format(printf, 1, 2))) static void report(const char *format, ...)
{
    va_list arguments;

    if (problem[0])
        return;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
}

static void expect_text(const char *what, const char *expected, const char *found)
{
    if (strcmp(expected, found) != 0)
        report("%s\n  expected: %s\n  found:    %s", what, expected, found);
}

static void report_different(const char *what, const json_t *expected, const json_t *found)
{
    struct parity_buffer a = {0}, b = {0};

    parity_json_write(&a, expected, PARITY_JSON_LINE);
    parity_json_write(&b, found, PARITY_JSON_LINE);
    report("%s\n  expected: %s\n  found:    %s", what, a.data, b.data);
    parity_buffer_clear(&a);
    parity_buffer_clear(&b);
}

/* The cases write timestamps as seconds since 1970, bytes as text, and numbers without a fraction
 * as integers. */
static bool same(const json_t *expected, const json_t *found)
{
    enum parity_json_kind kind = parity_json_kind(found);
    struct parity_timestamp timestamp;
    struct parity_buffer bytes = {0};
    const char *key;
    json_t *item;
    size_t i;
    bool result;

    switch (kind) {
    case PARITY_JSON_DATETIME:
        return parity_timestamp_parse(parity_json_datetime_text(found),
                                      strlen(parity_json_datetime_text(found)), &timestamp) == 0 &&
               json_is_number(expected) &&
               json_number_value(expected) ==
                   (double)timestamp.seconds + timestamp.microsecond / 1e6;
    case PARITY_JSON_BYTES:
        if (!json_is_string(expected) || parity_json_bytes_get(found, &bytes) < 0)
            return false;
        result = bytes.length == json_string_length(expected) &&
                 (bytes.length == 0 ||
                  memcmp(bytes.data, json_string_value(expected), bytes.length) == 0);
        parity_buffer_clear(&bytes);
        return result;
    case PARITY_JSON_REAL:
    case PARITY_JSON_INTEGER:
        if (json_is_string(expected) || !json_is_number(found)) {
            parity_json_number_text(&bytes, found);
            result =
                json_is_string(expected) && strcmp(bytes.data, json_string_value(expected)) == 0;
            parity_buffer_clear(&bytes);
            return result;
        }
        return json_is_number(expected) && json_number_value(expected) == json_number_value(found);
    case PARITY_JSON_ARRAY:
        if (json_array_size(expected) != json_array_size(found) || !json_is_array(expected))
            return false;
        json_array_foreach(found, i, item)
            if (!same(json_array_get(expected, i), item))
                return false;
        return true;
    case PARITY_JSON_OBJECT:
        if (json_object_size(expected) != json_object_size(found) || !json_is_object(expected))
            return false;
        json_object_foreach((json_t *)(uintptr_t)found, key, item)
            if (!json_object_get(expected, key) || !same(json_object_get(expected, key), item))
                return false;
        return true;
    default:
        return expected && parity_json_equal(expected, found);
    }
}

/* --- input -------------------------------------------------------------------------------------
 */

/* Inputs of the cases stand as they are in botocore's tests: bytes as text, timestamps as numbers.
 */
static int zeros(void *bytes, size_t length, void *context)
{
    (void)context;
    memset(bytes, 0, length);
    return 0;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* botocore names the character set of forms, and sends XML and raw payloads without a type; the
 * cases, made for all SDKs, know neither. */
static bool same_content_type(const char *expected, const char *found)
{
    if (!found)
        return strcmp(expected, "application/xml") == 0 || strcmp(expected, "text/plain") == 0 ||
               strcmp(expected, "application/octet-stream") == 0;
    return strncmp(found, expected, strlen(expected)) == 0 &&
           (found[strlen(expected)] == '\0' || found[strlen(expected)] == ';');
}

/* A list with or without blanks behind its commas. */
static bool same_header(const char *expected, const char *found)
{
    while (*expected && *expected == *found) {
        bool comma = *expected == ',';

        expected++, found++;
        if (comma && *expected == ' ' && *found != ' ')
            expected++;
    }
    return *expected == *found;
}

static void check_headers(const struct protocol_case *c, const struct parity_wire_request *request)
{
    const json_t *serialized = json_object_get(c->content, "serialized");
    const char *name;
    json_t *value;
    size_t i;

    json_object_foreach(json_object_get(serialized, "headers"), name, value) {
        const char *found = parity_headers_get(&request->headers, name);

        if (strcasecmp(name, "content-type") == 0 &&
            same_content_type(json_string_value(value), found))
            continue;
        if (!found)
            report("the header %s is missing", name);
        else if (!same_header(json_string_value(value), found))
            expect_text(name, json_string_value(value), found);
    }
    json_array_foreach(json_object_get(serialized, "forbidHeaders"), i, value)
        if (parity_headers_get(&request->headers, json_string_value(value)))
            report("the header %s must not be there", json_string_value(value));
}

/* Members in any order. */
static void check_json(const char *expected, const struct parity_buffer *body)
{
    struct parity_error err = {0};
    json_t *a = NULL, *b = NULL;

    assert_int_equal(parity_json_parse(expected, strlen(expected), "expected", &a, &err), 0);
    if (parity_json_parse(body->data ? body->data : "", body->length, "body", &b, &err) < 0)
        report("%s", err.message);
    else if (!same(a, b))
        report_different("body", a, b);
    json_decref(a);
    json_decref(b);
}

static bool is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

static bool same_attributes(const struct parity_xml_node *a, const struct parity_xml_node *b)
{
    size_t count = 0;

    for (const struct parity_xml_attribute *y = b->attributes; y; y = y->next)
        count++;
    for (const struct parity_xml_attribute *x = a->attributes; x; x = x->next, count--) {
        const struct parity_xml_attribute *y = b->attributes;

        while (y && (strcmp(x->name, y->name) != 0 || x->has_namespace != y->has_namespace))
            y = y->next;
        if (!y || strcmp(x->value, y->value) != 0)
            return false;
    }
    return count == 0;
}

/* Elements in any order, blanks between them left out of account. */
static bool same_xml(const struct parity_xml_node *a, const struct parity_xml_node *b)
{
    bool leaf = !a->first_child && !b->first_child;

    if (strcmp(a->name, b->name) != 0 || !a->namespace != !b->namespace || !same_attributes(a, b))
        return false;
    if (leaf && strcmp(a->text ? a->text : "", b->text ? b->text : "") != 0 &&
        !(is_blank(a->text) && is_blank(b->text)))
        return false;
    for (const struct parity_xml_node *x = a->first_child, *y = b->first_child; x || y;
         x = x->next, y = y->next)
        if (!x || !y || !same_xml(x, y))
            return false;
    return true;
}

static void check_xml(const char *expected, const struct parity_buffer *body)
{
    struct parity_error err = {0};
    struct parity_xml_tree a = {0}, b = {0};

    assert_int_equal(parity_xml_parse(expected, strlen(expected), &a, &err), 0);
    if (parity_xml_parse(body->data, body->length, &b, &err) < 0)
        report("%s: %s", body->data ? body->data : "no body", err.message);
    else if (!same_xml(a.root, b.root))
        report("body\n  expected: %s\n  found:    %s", expected, body->data);
    parity_xml_tree_clear(&a);
    parity_xml_tree_clear(&b);
}

/* Collections of open and of known length mean the same. */
static void check_cbor(const char *expected, const struct parity_buffer *body)
{
    struct parity_error err = {0};
    struct parity_buffer raw = {0};
    json_t *a, *b;

    assert_int_equal(parity_base64_decode(&raw, expected, strlen(expected)), 0);
    a = parity_cbor_decode(raw.data, raw.length, &err);
    b = parity_cbor_decode(body->data ? body->data : "", body->length, &err);
    if (!a || !b)
        report("%s", err.message);
    else if (!parity_json_equal(a, b))
        report_different("body", a, b);
    parity_buffer_clear(&raw);
    json_decref(a);
    json_decref(b);
}

static void check_body(const struct protocol_case *c, const struct parity_wire_request *request,
                       const char *protocol)
{
    const json_t *body = json_object_get(json_object_get(c->content, "serialized"), "body");
    const char *expected = json_string_value(body);
    const char *found = request->body.data ? request->body.data : "";

    if (!expected)
        return;
    if (!*expected)
        expect_text("body", "", found);
    else if (strcmp(protocol, "smithy-rpc-v2-cbor") == 0)
        check_cbor(expected, &request->body);
    else if (expected[0] == '{' || expected[0] == '[')
        check_json(expected, &request->body);
    else if (expected[0] == '<')
        check_xml(expected, &request->body);
    else
        expect_text("body", expected, found);
}

/* The suite's endpoint: its host with the operation's prefix, and its path before the request's. */
static void check_target(const struct protocol_case *c, const struct loaded *loaded,
                         const json_t *input, const struct parity_wire_request *request)
{
    const json_t *serialized = json_object_get(c->content, "serialized");
    const char *endpoint = text_of(c->suite, "clientEndpoint");
    const char *host = strstr(endpoint, "://");
    size_t host_length = host ? strcspn(host + 3, "/") : 0;
    const char *path = host ? host + 3 + host_length : "";
    struct parity_buffer uri = {0}, full_host = {0};
    struct parity_error err = {0};

    parity_buffer_add(&uri, path, strlen(path) - (strlen(path) && path[strlen(path) - 1] == '/'));
    parity_buffer_add_text(&uri, request->path.data);
    if (request->query.length)
        parity_buffer_printf(&uri, "?%s", request->query.data);
    expect_text("uri", text_of(serialized, "uri"), uri.data);
    if (json_object_get(serialized, "host")) {
        if (parity_protocol_host_prefix(loaded->operation, input, &full_host, &err) < 0)
            report("%s", err.message);
        parity_buffer_add(&full_host, host ? host + 3 : "", host_length);
        if (!strchr(text_of(serialized, "host"), '/'))
            expect_text("host", text_of(serialized, "host"), full_host.data);
    }
    parity_buffer_clear(&uri);
    parity_buffer_clear(&full_host);
}

static void run_input(const struct protocol_case *c)
{
    const json_t *serialized = json_object_get(c->content, "serialized");
    struct loaded loaded = load(c);
    struct parity_wire_request request = {0};
    struct parity_error err = {0};
    json_t *input = json_deep_copy(json_object_get(c->content, "params"));

    if (parity_protocol_fill_tokens(loaded.operation, input, zeros, NULL, &err) < 0 ||
        loaded.protocol->serialize(loaded.operation, input, &request, &err) < 0) {
        report("%s", err.message);
    } else {
        expect_text("method", text_of(serialized, "method"), request.method);
        check_target(c, &loaded, input, &request);
        check_headers(c, &request);
        check_body(c, &request, loaded.protocol->name);
    }
    parity_wire_request_clear(&request);
    parity_models_free(loaded.models);
    json_decref(input);
}

/* --- output ------------------------------------------------------------------------------------
 */

static void fill_response(const struct protocol_case *c, const char *protocol,
                          struct parity_http_response *response)
{
    const json_t *given = json_object_get(c->content, "response");
    const json_t *body = json_object_get(given, "body");
    const char *name;
    json_t *value;

    response->status_code = (int)json_integer_value(json_object_get(given, "status_code"));
    json_object_foreach(json_object_get(given, "headers"), name, value)
        parity_headers_add(&response->headers, name, json_string_value(value));
    if (strcmp(protocol, "smithy-rpc-v2-cbor") == 0)
        assert_int_equal(parity_base64_decode(&response->body, json_string_value(body),
                                              json_string_length(body)),
                         0);
    else if (body)
        parity_buffer_add(&response->body, json_string_value(body), json_string_length(body));
}

static void check_error(const struct protocol_case *c, json_t *result)
{
    const json_t *expected = json_object_get(c->content, "error");
    const json_t *error = json_object_get(result, "Error");
    const json_t *message = json_object_get(c->content, "errorMessage");

    expect_text("code", text_of(c->content, "errorCode"), text_of(error, "Code"));
    if (message)
        expect_text("message", json_string_value(message), text_of(error, "Message"));
    json_object_del(result, "Error");
    if (!same(expected, result))
        report_different("members of the error", expected, result);
}

/* A response of the suite is right, so nothing is to be found in it but what is listed. */
static void check_findings(const struct protocol_case *c, const struct parity_findings *findings)
{
    const char *id = text_of(c->content, "id"), *expected = "";
    struct parity_buffer found = {0};
    const json_t *finding;
    size_t i;

    for (i = 0; i < sizeof listed_findings / sizeof *listed_findings; i++)
        if (strcmp(listed_findings[i].id, id) == 0)
            expected = listed_findings[i].found;
    json_array_foreach(findings->list, i, finding)
        parity_buffer_printf(&found, "%s%s %s", i ? ", " : "", text_of(finding, "kind"),
                             text_of(finding, "path"));
    if (strcmp(found.data ? found.data : "", expected) != 0)
        fail_msg("findings\n  expected: %s\n  found:    %s", expected,
                 found.data ? found.data : "");
    parity_buffer_clear(&found);
}

static void run_output(const struct protocol_case *c)
{
    struct loaded loaded = load(c);
    struct parity_http_response response = {0};
    struct parity_error err = {0};
    struct parity_findings findings = {0};
    json_t *result = NULL;

    fill_response(c, loaded.protocol->name, &response);
    if (parity_protocol_parse(loaded.protocol, loaded.operation, &response, &findings, &result,
                              &err) < 0)
        report("%s", err.message);
    else if (!json_object_get(result, "ResponseMetadata"))
        report("no ResponseMetadata");
    json_object_del(result, "ResponseMetadata");
    if (problem[0])
        ;
    else if (json_object_get(c->content, "error"))
        check_error(c, result);
    else if (!same(json_object_get(c->content, "result"), result))
        report_different("result", json_object_get(c->content, "result"), result);
    check_findings(c, &findings);
    parity_findings_clear(&findings);
    json_decref(result);
    parity_http_response_clear(&response);
    parity_models_free(loaded.models);
}

/* --- cases -------------------------------------------------------------------------------------
 */

/* Why a case ends otherwise than it says; NULL: it must not. */
static const char *known_difference(const struct protocol_case *c)
{
    const char *id = text_of(c->content, "id");

    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        if (strcmp(differences[i].id, id) == 0 && differences[i].is_input == c->is_input)
            return differences[i].reason;
    return NULL;
}

static void run_case(void **state)
{
    const struct protocol_case *c = *state;
    const char *reason = known_difference(c);

    problem[0] = '\0';
    if (c->is_input)
        run_input(c);
    else
        run_output(c);
    if (reason && !problem[0])
        fail_msg("is listed to differ, but does not: %s", reason);
    if (!reason && problem[0])
        fail_msg("%s", problem);
}

static void add_file(const char *folder, const char *file, bool is_input)
{
    char path[1024], name[512];
    struct parity_error err = {0};
    struct document *document = calloc(1, sizeof *document);
    json_t *suites, *suite, *content;
    size_t i, j;

    snprintf(path, sizeof path, "%s/%s/%s", folder, is_input ? "input" : "output", file);
    if (parity_json_read_file(path, &suites, &err) < 0) {
        fprintf(stderr, "%s: %s\n", path, err.message);
        exit(EXIT_FAILURE);
    }
    document->content = suites;
    document->next = documents;
    documents = document;
    json_array_foreach(suites, i, suite) {
        json_array_foreach(json_object_get(suite, "cases"), j, content) {
            struct protocol_case *c = calloc(1, sizeof *c);

            *c = (struct protocol_case){is_input, suite, content, cases};
            cases = c;
            snprintf(name, sizeof name, "%s/%s %s", is_input ? "input" : "output", file,
                     text_of(content, "id"));
            conformance_add(name, run_case, c);
        }
    }
}

int main(int argc, char **argv)
{
    static const char *const kinds[] = {"input", "output"};
    char *folder;
    int status;

    parity_memory_init();
    folder = conformance_path(argc, argv, "protocols");
    for (size_t i = 0; i < 2; i++) {
        char path[1024];
        char **files;

        snprintf(path, sizeof path, "%s/%s", folder, kinds[i]);
        files = conformance_list(path);
        for (char **file = files; *file; file++) {
            add_file(folder, *file, i == 0);
            free(*file);
        }
        free(files);
    }
    free(folder);
    status = conformance_run("protocols");
    while (documents) {
        struct document *next = documents->next;

        json_decref(documents->content);
        free(documents);
        documents = next;
    }
    while (cases) {
        struct protocol_case *next = cases->next;

        free(cases);
        cases = next;
    }
    return status;
}
