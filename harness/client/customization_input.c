/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/checksum.h"
#include "client/customization.h"
#include "client/uri.h"

/* Set a member to the text in `text`, which is emptied. */
static int set_text(json_t *input, const char *member, struct parity_buffer *text,
                    struct parity_error *err)
{
    json_t *value =
        text->failed ? NULL : json_stringn_nocheck(text->data ? text->data : "", text->length);
    int rc = value ? json_object_set_new(input, member, value) : -1;

    parity_buffer_clear(text);
    return rc < 0 ? parity_fail_nomem(err) : 0;
}

/* The bytes of a member that is a text or a byte string. Returns 1 if it is neither. */
static int bytes_of(const json_t *value, struct parity_buffer *out, struct parity_error *err)
{
    if (parity_json_kind(value) == PARITY_JSON_BYTES) {
        if (parity_json_bytes_get(value, out) < 0)
            return 1; /* the validation says it better */
    } else if (json_is_string(value)) {
        parity_buffer_add(out, json_string_value(value), json_string_length(value));
    } else {
        return 1;
    }
    return out->failed ? parity_fail_nomem(err) : 0;
}

static int encode_member(json_t *input, const char *member, struct parity_error *err)
{
    struct parity_buffer bytes = {0}, text = {0};
    const json_t *value = json_object_get(input, member);
    int rc = value ? bytes_of(value, &bytes, err) : 1;

    if (rc == 0) {
        parity_base64_encode(&text, bytes.data, bytes.length);
        rc = set_text(input, member, &text, err);
    }
    parity_buffer_clear(&bytes);
    return rc < 0 ? -1 : 0;
}

/* "…Key" becomes base64 and "…KeyMD5" its digest, unless the digest is given. */
static int digest_key(json_t *input, const char *member, struct parity_error *err)
{
    struct parity_buffer bytes = {0}, digest = {0};
    char *digest_member = parity_asprintf("%sMD5", member);
    const json_t *value = json_object_get(input, member);
    int rc = 1;

    if (!digest_member)
        return parity_fail_nomem(err);
    if (value && !json_object_get(input, digest_member))
        rc = bytes_of(value, &bytes, err);
    if (rc == 0)
        rc = parity_checksum("md5", bytes.data, bytes.length, &digest, err);
    if (rc == 0)
        rc = set_text(input, digest_member, &digest, err);
    if (rc == 0)
        rc = encode_member(input, member, err);
    parity_buffer_clear(&bytes);
    parity_buffer_clear(&digest);
    parity_free(digest_member);
    return rc < 0 ? -1 : 0;
}

static bool names_shape(const json_t *shapes, const struct parity_shape *shape)
{
    for (size_t i = 0; i < json_array_size(shapes); i++) {
        const char *name = json_string_value(json_array_get(shapes, i));

        if (name && strcmp(parity_shape_name(shape), name) == 0)
            return true;
    }
    return false;
}

/* Ids that come back as "/hostedzone/Z1" and are wanted as "Z1". */
static int shorten_ids(const struct parity_call *call, const json_t *shapes,
                       struct parity_error *err)
{
    const struct parity_shape *input = parity_operation_input(call->operation);

    for (size_t i = 0; input && i < parity_shape_member_count(input); i++) {
        const struct parity_shape *member = parity_shape_member_at(input, i);
        const char *name = parity_shape_member_name(member);
        const char *text = json_string_value(json_object_get(call->input, name));
        const char *slash = text ? strrchr(text, '/') : NULL;

        if (slash && names_shape(shapes, member) &&
            json_object_set_new(call->input, name, json_string_nocheck(slash + 1)) < 0)
            return parity_fail_nomem(err);
    }
    return 0;
}

/* Where "?versionId=…" at the end of a source begins; its length if there is none. */
static size_t version_suffix(const char *text)
{
    static const char mark[] = "?versionId=";

    for (const char *at = strstr(text, mark); at; at = strstr(at + 1, mark)) {
        const char *end = at + sizeof mark - 1;
        size_t length = strcspn(end, " \t\r\n\f\v");

        if (length > 0 && !end[length])
            return (size_t)(at - text);
    }
    return strlen(text);
}

static int copy_source_text(json_t *input, const char *member, const char *text,
                            struct parity_error *err)
{
    struct parity_buffer out = {0};
    size_t length = version_suffix(text);

    parity_uri_encode(&out, text, length, "/");
    parity_buffer_add_text(&out, text + length);
    return set_text(input, member, &out, err);
}

/* {"Bucket", "Key", "VersionId"} */
static int copy_source_object(json_t *input, const char *member, const json_t *source,
                              struct parity_error *err)
{
    const char *bucket = json_string_value(json_object_get(source, "Bucket"));
    const char *key = json_string_value(json_object_get(source, "Key"));
    const char *version = json_string_value(json_object_get(source, "VersionId"));
    struct parity_buffer out = {0};

    if (!bucket || !key) {
        parity_fail(err, PARITY_E_INVALID, member, "needs the members Bucket and Key");
        return -1;
    }
    parity_uri_encode(&out, bucket, strlen(bucket), "/");
    parity_buffer_add_text(&out, strncmp(bucket, "arn:", 4) == 0 ? "/object/" : "/");
    parity_uri_encode(&out, key, strlen(key), "/");
    if (version)
        parity_buffer_printf(&out, "?versionId=%s", version);
    return set_text(input, member, &out, err);
}

static int encode_copy_source(json_t *input, const char *member, struct parity_error *err)
{
    const json_t *source = json_object_get(input, member);

    if (json_is_string(source))
        return copy_source_text(input, member, json_string_value(source), err);
    if (json_is_object(source))
        return copy_source_object(input, member, source, err);
    return 0;
}

int parity_bucket_name_check(const char *name, struct parity_error *err)
{
    bool ok = *name && strlen(name) <= 255;

    if (strncmp(name, "arn:", 4) == 0)
        return 0;
    for (const char *c = name; *c && ok; c++)
        ok = (isalnum((unsigned char)*c) && (unsigned char)*c < 0x80) || strchr(".-_", *c);
    if (ok)
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL,
                "'%.100s' is no name of a bucket (1 to 255 letters, digits, '.', '-' or '_', or "
                "the ARN of an access point)",
                name);
    return -1;
}

static int check_bucket(const struct parity_call *call, const char *member,
                        struct parity_error *err)
{
    const char *name = json_string_value(json_object_get(call->input, member));

    if (!name || call->options->no_validate || parity_bucket_name_check(name, err) == 0)
        return 0;
    parity_error_add_context(err, "%s", member);
    return -1;
}

static int set_default(json_t *input, const char *member, const char *value,
                       struct parity_error *err)
{
    json_t *given = json_object_get(input, member);

    if (given && !json_is_null(given))
        return 0;
    /* Not in the place of a null: what is filled in comes last. */
    json_object_del(input, member);
    return json_object_set_new(input, member, json_string(value)) < 0 ? parity_fail_nomem(err) : 0;
}

/* Asks for keys in URL encoding, unless the caller says how they are wanted. */
static int ask_for_encoding(struct parity_call *call, const char *member, struct parity_error *err)
{
    if (json_object_get(call->input, member))
        return 0;
    call->encoding_type_is_default = true;
    return set_default(call->input, member, "url", err);
}

static int apply(struct parity_call *call, const struct parity_customization *entry,
                 struct parity_error *err)
{
    const char *member = parity_customization_text(entry, "member");

    switch (entry->what) {
    case PARITY_CUSTOM_BASE64_INPUT:
        return encode_member(call->input, member, err);
    case PARITY_CUSTOM_LAST_SEGMENT:
        return shorten_ids(call, json_object_get(entry->settings, "shapes"), err);
    case PARITY_CUSTOM_DEFAULT_INPUT:
        return set_default(call->input, member, parity_customization_text(entry, "value"), err);
    case PARITY_CUSTOM_DIGEST_KEY:
        return digest_key(call->input, member, err);
    case PARITY_CUSTOM_COPY_SOURCE:
        return encode_copy_source(call->input, member, err);
    case PARITY_CUSTOM_ENCODE_KEYS:
        return ask_for_encoding(call, member, err);
    case PARITY_CUSTOM_BUCKET_NAME:
        return check_bucket(call, member, err);
    default:
        return 0;
    }
}

int parity_customize_input(struct parity_call *call, struct parity_error *err)
{
    const struct parity_customization *entry = NULL;

    while ((entry = parity_customization_next(call->operation, entry)))
        if (apply(call, entry, err) < 0)
            return -1;
    return 0;
}
