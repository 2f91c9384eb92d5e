/* SPDX-License-Identifier: Apache-2.0 */
#include "client/settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "client/credentials.h"

void parity_settings_clear(struct parity_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        parity_free(settings->items[i].name);
        parity_free(settings->items[i].value);
    }
    parity_free(settings->items);
    memset(settings, 0, sizeof *settings);
}

static int look_up(struct parity_settings *settings, const char *name, const char *variable,
                   char **out, struct parity_error *err)
{
    const char *text = variable ? getenv(variable) : NULL;

    *out = NULL;
    if (!text || !*text)
        return parity_config_profile_setting(settings->profile, name, out, err);
    *out = parity_strdup(text);
    if (*out)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

int parity_settings_get(struct parity_settings *settings, const char *name, const char *variable,
                        const char **out, struct parity_error *err)
{
    struct parity_setting_entry entry = {0};

    *out = NULL;
    for (size_t i = 0; i < settings->count; i++)
        if (strcmp(settings->items[i].name, name) == 0) {
            *out = settings->items[i].value;
            return 0;
        }
    if (look_up(settings, name, variable, &entry.value, err) < 0)
        return -1;
    entry.name = parity_strdup(name);
    if (!entry.name ||
        parity_grow(&settings->items, &settings->capacity, settings->count + 1, sizeof entry) < 0) {
        parity_free(entry.name);
        parity_free(entry.value);
        parity_fail_nomem(err);
        return -1;
    }
    settings->items[settings->count++] = entry;
    *out = entry.value;
    return 0;
}

int parity_settings_get_flag(struct parity_settings *settings, const char *name,
                             const char *variable, bool preset, bool *out, struct parity_error *err)
{
    const char *text;

    *out = preset;
    if (parity_settings_get(settings, name, variable, &text, err) < 0)
        return -1;
    if (!text)
        return 0;
    *out = strcasecmp(text, "true") == 0;
    if (*out || strcasecmp(text, "false") == 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, variable ? variable : name,
                "'%.40s' is neither true nor false", text);
    return -1;
}

/* "Simple Email Service" to "simple_email_service", or in capitals. */
static char *snake_case(const char *prefix, const char *service_id, const char *suffix, bool upper)
{
    char *text = parity_asprintf("%s%s%s", prefix, service_id, suffix);
    size_t start = strlen(prefix), end = start + strlen(service_id);

    for (size_t i = start; text && i < end; i++) {
        unsigned char c = (unsigned char)text[i];

        text[i] = (char)(c == ' ' || c == '-' ? '_' : upper ? toupper(c) : tolower(c));
    }
    return text;
}

static int find_endpoint_url(struct parity_settings *settings, const char *variable,
                             const char *section, const char **out, struct parity_error *err)
{
    const char *specific = getenv(variable), *global = getenv("AWS_ENDPOINT_URL");

    *out = specific && *specific ? specific : global && *global ? global : NULL;
    if (*out)
        return 0;
    if (parity_settings_get(settings, section, NULL, out, err) < 0)
        return -1;
    return *out ? 0 : parity_settings_get(settings, "endpoint_url", NULL, out, err);
}

int parity_settings_endpoint_url(struct parity_settings *settings, const char *service_id,
                                 const char **out, struct parity_error *err)
{
    char *variable, *section;
    bool ignore;
    int rc = -1;

    *out = NULL;
    if (parity_settings_get_flag(settings, "ignore_configured_endpoint_urls",
                                 "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", false, &ignore, err) < 0)
        return -1;
    if (ignore)
        return 0;
    variable = snake_case("AWS_ENDPOINT_URL_", service_id, "", true);
    section = snake_case("services.", service_id, ".endpoint_url", false);
    if (variable && section)
        rc = find_endpoint_url(settings, variable, section, out, err);
    else
        parity_fail_nomem(err);
    parity_free(variable);
    parity_free(section);
    return rc;
}
