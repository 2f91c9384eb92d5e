/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/secret_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/base64.h"
#include "base/buffer.h"
#include "base/hex.h"
#include "base/json.h"

enum {
    MAX_DEPTH = 4,       /* layers of encoding that are taken off */
    MIN_OWN_LENGTH = 16, /* shorter keys are an emulator's, and common words */
    MIN_BASE64 = 20,     /* characters; the shortest own value takes 22 */
    ACCOUNT_DIGITS = 12,
    KEY_ID_PREFIX = 4,
    KEY_ID_REST = 16,
    SECRET_LENGTH = 40,
    MIN_TOKEN_LENGTH = 64,
    /* Of 39 neighbouring pairs of random base64 characters some 25 are of different kinds, and
     * fewer than 14 in one text of 5,000; in names made of words, 13 is the most seen. */
    MIN_CHANGES = 14
};

static const char own_account[] = "the caller's account id";
static const char own_key_id[] = "the caller's access key id";
static const char own_secret[] = "the caller's secret access key";
static const char own_token[] = "the caller's session token";
static const char a_key_id[] = "an access key id";
static const char a_secret[] = "a secret access key";
static const char a_token[] = "a session token";
static const char a_private_key[] = "a private key";

static const char *search_text(struct parity_secret_search *search, const char *text, size_t length,
                               int depth);

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper_or_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || is_digit(c);
}

static bool is_base64(char c)
{
    return is_alnum(c) || c == '+' || c == '/';
}

/* Of either alphabet, and the line ends that mail-style base64 has in it. */
static bool is_base64_text(char c)
{
    return is_base64(c) || c == '-' || c == '_' || c == '\r' || c == '\n';
}

static bool contains(const char *text, size_t length, const char *wanted)
{
    return wanted && strlen(wanted) >= MIN_OWN_LENGTH &&
           memmem(text, length, wanted, strlen(wanted)) != NULL;
}

/* `digits` between non-digits. */
static bool contains_number(const char *text, size_t length, const char *digits)
{
    size_t size = strlen(digits);
    const char *end = text + length;

    for (const char *at = text; (at = memmem(at, (size_t)(end - at), digits, size)) != NULL; at++)
        if ((at == text || !is_digit(at[-1])) && (at + size == end || !is_digit(at[size])))
            return true;
    return false;
}

static bool contains_account(const char *text, size_t length, const char *account)
{
    char dashed[ACCOUNT_DIGITS + 3];

    if (!account || strlen(account) != ACCOUNT_DIGITS)
        return false;
    if (contains_number(text, length, account))
        return true;
    memcpy(dashed, account, 4);
    dashed[4] = '-';
    memcpy(dashed + 5, account + 4, 4);
    dashed[9] = '-';
    memcpy(dashed + 10, account + 8, 5); /* with the NUL */
    return contains_number(text, length, dashed);
}

static const char *find_own(const struct parity_secret_search *search, const char *text,
                            size_t length)
{
    for (size_t i = 0; i < search->identity_count; i++) {
        const struct parity_secrets_identity *own = &search->identities[i];

        if (contains(text, length, own->secret_access_key))
            return own_secret;
        if (contains(text, length, own->session_token))
            return own_token;
        if (contains(text, length, own->access_key_id))
            return own_key_id;
        if (contains_account(text, length, own->account_id))
            return own_account;
    }
    return NULL;
}

/* @see IAM User Guide, "Understanding unique ID prefixes": those that name credentials */
static bool is_key_id(const char *text, const char *at, const char *end)
{
    static const char prefixes[][KEY_ID_PREFIX + 1] = {"AKIA", "ASIA", "ABIA", "ACCA"};
    size_t i;

    if (end - at < KEY_ID_PREFIX + KEY_ID_REST || (at > text && is_alnum(at[-1])))
        return false;
    for (i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (memcmp(at, prefixes[i], KEY_ID_PREFIX) == 0)
            break;
    if (i == sizeof prefixes / sizeof *prefixes)
        return false;
    at += KEY_ID_PREFIX;
    for (i = 0; i < KEY_ID_REST; i++)
        if (!is_upper_or_digit(at[i]))
            return false;
    return at + KEY_ID_REST == end || !is_alnum(at[KEY_ID_REST]);
}

static int kind_of(char c)
{
    return is_digit(c) ? 1 : c >= 'a' && c <= 'z' ? 2 : c >= 'A' && c <= 'Z' ? 3 : 4;
}

/* 40 random base64 characters; hexadecimal digests and names made of words are not. */
static bool is_secret(const char *run, size_t length)
{
    size_t hexadecimal = 0, changes = 0;

    if (length != SECRET_LENGTH)
        return false;
    for (size_t i = 0; i < length; i++) {
        hexadecimal += isxdigit((unsigned char)run[i]) != 0;
        changes += i > 0 && kind_of(run[i]) != kind_of(run[i - 1]);
    }
    return hexadecimal < length && changes >= MIN_CHANGES;
}

/* What the tokens of AWS's security token service have begun with over the years; base64 of a few
 * bytes that are always the same. */
static bool is_token(const char *run, size_t length)
{
    static const char *const prefixes[] = {"FwoGZXIvYXdz", "FQoGZXIvYXdz", "IQoJb3JpZ2lu",
                                           "AQoDYXdz", "AQoEXAMPLE"};

    if (length < MIN_TOKEN_LENGTH)
        return false;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (memcmp(run, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static const char *find_run(const char *text, size_t length)
{
    const char *end = text + length;

    for (const char *run = text; run < end;) {
        const char *stop = run;
        bool inside_word;

        while (stop < end && is_base64(*stop))
            stop++;
        inside_word = (run > text && (run[-1] == '-' || run[-1] == '_')) ||
                      (stop < end && (*stop == '-' || *stop == '_' || *stop == '='));
        if (!inside_word && is_secret(run, (size_t)(stop - run)))
            return a_secret;
        if (is_token(run, (size_t)(stop - run)))
            return a_token;
        run = stop + 1;
    }
    return NULL;
}

static const char *find_shape(const char *text, size_t length)
{
    const char *end = text + length;
    const char *pem;

    for (const char *at = text; (at = memchr(at, 'A', (size_t)(end - at))) != NULL; at++)
        if (is_key_id(text, at, end))
            return a_key_id;
    pem = memmem(text, length, "-----BEGIN ", 11);
    if (pem && memmem(pem, (size_t)(end - pem), "PRIVATE KEY-----", 16))
        return a_private_key;
    return find_run(text, length);
}

static const char *search_buffer(struct parity_secret_search *search, struct parity_buffer *decoded,
                                 int depth)
{
    const char *found = NULL;

    if (decoded->failed)
        search->failed = true;
    else if (decoded->length > 0)
        found = search_text(search, decoded->data, decoded->length, depth + 1);
    parity_buffer_clear(decoded);
    return found;
}

static const char *search_percent(struct parity_secret_search *search, const char *text,
                                  size_t length, int depth)
{
    const char *end = text + length;
    struct parity_buffer decoded = {0};
    bool changed = false;

    if (!memchr(text, '%', length))
        return NULL;
    for (const char *at = text; at < end; at++) {
        int byte = *at == '%' ? parity_hex_number(at + 1, end, 2) : -1;

        parity_buffer_add_char(&decoded, byte < 0 ? *at : (char)byte);
        if (byte >= 0) {
            at += 2;
            changed = true;
        }
    }
    if (!changed)
        parity_buffer_clear(&decoded);
    return search_buffer(search, &decoded, depth);
}

/* Backslashes of JSON text that is no whole document: the tail of a log line, a cut message. */
static const char *search_escapes(struct parity_secret_search *search, const char *text,
                                  size_t length, int depth)
{
    const char *end = text + length;
    struct parity_buffer decoded = {0};

    if (!memchr(text, '\\', length))
        return NULL;
    for (const char *at = text; at < end; at++) {
        int code = -1;

        if (*at == '\\' && at + 1 < end) {
            at++;
            code = *at == 'u' ? parity_hex_number(at + 1, end, 4) : -1;
            if (code >= 0)
                at += 4;
            else if (strchr("nrtbf", *at))
                code = ' ';
        }
        parity_buffer_add_char(&decoded, code < 0 ? *at : code < 128 ? (char)code : '?');
    }
    return search_buffer(search, &decoded, depth);
}

static const char *search_document(struct parity_secret_search *search, const json_t *value,
                                   int depth)
{
    json_t *container = (json_t *)(uintptr_t)value; /* iterating changes nothing */
    const char *name, *found = NULL;
    size_t length, i;
    json_t *item;

    if (json_is_string(value))
        return search_text(search, json_string_value(value), json_string_length(value), depth + 1);
    if (!parity_json_is_container(value))
        return parity_secret_in_scalar(search, value);
    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if ((found = search_document(search, item, depth)) != NULL)
                return found;
        return NULL;
    }
    json_object_keylen_foreach(container, name, length, item) {
        found = parity_secret_by_name(name, length, item);
        if (!found)
            found = search_text(search, name, length, depth + 1);
        if (!found)
            found = search_document(search, item, depth);
        if (found)
            return found;
    }
    return NULL;
}

static const char *search_json(struct parity_secret_search *search, const char *text, size_t length,
                               int depth)
{
    struct parity_error err = {0};
    const char *found = NULL;
    size_t blanks = 0;
    json_t *document;

    while (blanks < length && strchr(" \t\r\n", text[blanks]))
        blanks++;
    if (blanks == length || !strchr("{[\"", text[blanks]))
        return NULL;
    if (parity_json_parse(text, length, NULL, &document, &err) == 0)
        found = search_document(search, document, depth);
    else if (err.code == PARITY_E_NOMEM)
        search->failed = true;
    json_decref(document);
    return found;
}

/* One run of base64 characters, from each of the four positions where a group may begin: the run
 * may have letters in front that belong to a path. */
static const char *search_run(struct parity_secret_search *search, const char *run, size_t length,
                              int depth)
{
    struct parity_buffer plain = {0};
    const char *found = NULL;

    for (size_t i = 0; i < length; i++)
        if (run[i] != '\r' && run[i] != '\n')
            parity_buffer_add_char(&plain, run[i] == '-' ? '+' : run[i] == '_' ? '/' : run[i]);
    if (plain.failed)
        search->failed = true;
    for (size_t start = 0;
         !plain.failed && !found && start < 4 && plain.length >= MIN_BASE64 + start; start++) {
        struct parity_buffer decoded = {0};
        size_t whole = (plain.length - start) / 4 * 4;

        parity_base64_decode(&decoded, plain.data + start, whole);
        if (plain.length - start - whole >= 2) { /* an unpadded end */
            char tail[4] = {'A', 'A', 'A', 'A'};

            memcpy(tail, plain.data + start + whole, plain.length - start - whole);
            parity_base64_decode(&decoded, tail, sizeof tail);
        }
        found = search_buffer(search, &decoded, depth);
    }
    parity_buffer_clear(&plain);
    return found;
}

static const char *search_base64(struct parity_secret_search *search, const char *text,
                                 size_t length, int depth)
{
    const char *end = text + length, *found = NULL;

    for (const char *run = text; run < end && !found;) {
        const char *stop = run;

        while (stop < end && is_base64_text(*stop))
            stop++;
        if (stop - run >= MIN_BASE64)
            found = search_run(search, run, (size_t)(stop - run), depth);
        run = stop + 1;
    }
    return found;
}

static const char *search_text(struct parity_secret_search *search, const char *text, size_t length,
                               int depth)
{
    const char *found = find_own(search, text, length);

    if (!found)
        found = find_shape(text, length);
    if (found || depth >= MAX_DEPTH)
        return found;
    found = search_json(search, text, length, depth);
    if (!found)
        found = search_percent(search, text, length, depth);
    if (!found)
        found = search_escapes(search, text, length, depth);
    if (!found)
        found = search_base64(search, text, length, depth);
    return found;
}

const char *parity_secret_in_text(struct parity_secret_search *search, const char *text,
                                  size_t length)
{
    return search_text(search, text, length, 0);
}

const char *parity_secret_in_scalar(struct parity_secret_search *search, const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);
    struct parity_buffer text = {0};
    const char *found = NULL;

    if (kind == PARITY_JSON_STRING)
        return search_text(search, json_string_value(value), json_string_length(value), 0);
    if (kind == PARITY_JSON_BYTES) {
        parity_json_bytes_get(value, &text);
        return search_buffer(search, &text, 0);
    }
    if (kind != PARITY_JSON_INTEGER && kind != PARITY_JSON_REAL)
        return NULL;
    parity_json_number_text(&text, value);
    if (text.failed)
        search->failed = true;
    else
        found = find_own(search, text.data, text.length);
    parity_buffer_clear(&text);
    return found;
}

/* Letters and digits in lower case: "X-Amz-Security-Token", "session_token". */
static bool is_named(const char *name, size_t length, const char *wanted)
{
    for (size_t i = 0; i < length; i++) {
        if (!is_alnum(name[i]))
            continue;
        if (tolower((unsigned char)name[i]) != *wanted++)
            return false;
    }
    return *wanted == '\0';
}

const char *parity_secret_by_name(const char *name, size_t length, const json_t *value)
{
    static const struct {
        const char *name, *what;
    } names[] = {
        {"secretaccesskey", a_secret}, {"awssecretaccesskey", a_secret}, {"sessiontoken", a_token},
        {"awssessiontoken", a_token},  {"xamzsecuritytoken", a_token},   {"securitytoken", a_token},
    };
    const char *text = json_string_value(value);

    /* A placeholder is what a transformer leaves. */
    if (!text || json_string_length(value) < MIN_OWN_LENGTH || text[0] == '<')
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_named(name, length, names[i].name))
            return names[i].what;
    return NULL;
}
