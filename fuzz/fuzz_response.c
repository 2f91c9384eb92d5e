/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A response of any bytes leads to a result or an error with a reason. The first byte chooses
 * protocol and status; the rest is the body.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "client/protocol/protocol.h"
#include "fuzz.h"

static const char model_text[] =
    "{\"metadata\":{\"protocol\":\"json\",\"targetPrefix\":\"T\"},\"operations\":{\"Op\":{\"name\":"
    "\"Op\",\"output\":{\"shape\":\"Out\"}},\"Events\":{\"name\":\"Events\",\"output\":{\"shape\":"
    "\"EventsOut\"}}},\"shapes\":{\"Out\":{\"type\":\"structure\",\"members\":{\"S\":{\"shape\":"
    "\"S\"},\"N\":{\"shape\":\"N\"},\"F\":{\"shape\":\"F\"},\"B\":{\"shape\":\"B\"},\"T\":{"
    "\"shape\":"
    "\"T\"},\"D\":{\"shape\":\"D\"},\"L\":{\"shape\":\"L\"},\"M\":{\"shape\":\"M\"},\"U\":{"
    "\"shape\":"
    "\"U\"},\"O\":{\"shape\":\"Out\"},\"A\":{\"shape\":\"S\",\"xmlAttribute\":true,"
    "\"locationName\":"
    "\"x:a\"},\"FL\":{\"shape\":\"L\",\"flattened\":true},\"FM\":{\"shape\":\"M\",\"flattened\":"
    "true},"
    "\"J\":{\"shape\":\"J\"}}},\"S\":{\"type\":\"string\"},\"N\":{\"type\":\"integer\"},\"F\":{"
    "\"type\":"
    "\"double\"},\"B\":{\"type\":\"boolean\"},\"T\":{\"type\":\"timestamp\"},\"D\":{\"type\":"
    "\"blob\"},"
    "\"L\":{\"type\":\"list\",\"member\":{\"shape\":\"Out\"}},\"M\":{\"type\":\"map\",\"key\":{"
    "\"shape\":"
    "\"S\"},\"value\":{\"shape\":\"N\"}},\"U\":{\"type\":\"structure\",\"union\":true,\"members\":{"
    "\"S\":"
    "{\"shape\":\"S\"},\"N\":{\"shape\":\"N\"}}},\"J\":{\"type\":\"structure\",\"document\":true,"
    "\"members\":{}},\"EventsOut\":{\"type\":\"structure\",\"payload\":\"E\",\"members\":{\"E\":{"
    "\"shape\":\"Stream\"}}},\"Stream\":{\"type\":\"structure\",\"eventstream\":true,\"members\":{"
    "\"Out\":{\"shape\":\"Event\"}}},\"Event\":{\"type\":\"structure\",\"event\":true,\"members\":{"
    "\"S\":{\"shape\":\"S\",\"eventheader\":true},\"O\":{\"shape\":\"Out\",\"eventpayload\":true}}}"
    ","
    "\"Bad\":{\"type\":\"structure\",\"exception\":true,\"members\":{\"S\":{\"shape\":\"S\"}}}}}";

static void expect(int holds)
{
    if (!holds)
        abort();
}

static struct parity_models *models;

static void free_models(void)
{
    parity_models_free(models);
}

/* Loaded once. */
static const struct parity_service *model(void)
{
    static const struct parity_service *service;
    char path[] = "/tmp/parity-fuzz-XXXXXX";
    struct parity_models_options options = {.model_file = path, .data_path = ""};
    int fd;

    if (service)
        return service;
    fd = mkstemp(path);
    expect(fd >= 0 && write(fd, model_text, sizeof model_text - 1) == sizeof model_text - 1);
    close(fd);
    models = parity_models_new(&options, NULL);
    atexit(free_models);
    service = parity_models_service(models, "fuzz", NULL);
    unlink(path);
    expect(service != NULL);
    return service;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const protocols[] = {"ec2",       "json",     "query",
                                            "rest-json", "rest-xml", "smithy-rpc-v2-cbor"};
    static const int statuses[] = {200, 400, 500, 301};
    struct parity_http_response response = {0};
    struct parity_findings findings = {0};
    struct parity_error err = {0};
    const char *operation;
    json_t *result = NULL;
    int rc;

    if (size == 0)
        return 0;
    operation = data[0] & 0x80 ? "Events" : "Op";
    response.status_code = statuses[data[0] >> 3 & 3];
    parity_buffer_add(&response.body, data + 1, size - 1);
    rc = parity_protocol_parse(parity_protocol_find(protocols[(data[0] & 7) % 6], NULL),
                               parity_service_operation(model(), operation, NULL), &response,
                               &findings, &result, &err);
    expect(rc == 0 || parity_findings_count(&findings) > 0);
    expect(rc == 0 ? json_is_object(json_object_get(result, "ResponseMetadata")) && !err.code
                   : !result && err.code == PARITY_E_RESPONSE && err.message[0]);
    json_decref(result);
    parity_findings_clear(&findings);
    parity_http_response_clear(&response);
    return 0;
}
