/* SPDX-License-Identifier: Apache-2.0 */
#include "client/aws_config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "client/credentials.h"
#include "client/shell_words.h"

static const size_t max_file_bytes = (size_t)16 << 20;

static void clear_file(struct parity_aws_config_file *file)
{
    parity_free(file->path);
    parity_ini_clear(&file->ini);
    memset(file, 0, sizeof *file);
}

void parity_aws_config_clear(struct parity_aws_config *config)
{
    clear_file(&config->config);
    clear_file(&config->credentials);
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* At a dollar sign: appends the variable's value, or the text itself where there is none. */
static const char *expand_variable(const char *at, struct parity_buffer *out)
{
    bool braced = at[1] == '{';
    const char *start = at + 1 + braced;
    const char *end = start;
    const char *value = NULL;
    char *name;

    while (braced ? *end && *end != '}' : is_name_char(*end))
        end++;
    if (end > start && (!braced || *end == '}')) {
        name = parity_strndup(start, (size_t)(end - start));
        if (!name)
            out->failed = true;
        else
            value = getenv(name);
        parity_free(name);
        end += braced;
    }
    if (value)
        parity_buffer_add_text(out, value);
    else
        parity_buffer_add(out, at, (size_t)(end - at));
    return end;
}

/* The home folder that a path beginning with `~` means; NULL if nobody has one. */
static const char *find_home(const char *user, size_t length)
{
    const struct passwd *entry = NULL;
    char *name;

    if (length == 0) {
        const char *home = getenv("HOME");

        if (home)
            return home;
        entry = getpwuid(getuid());
    } else {
        name = parity_strndup(user, length);
        entry = name ? getpwnam(name) : NULL;
        parity_free(name);
    }
    return entry ? entry->pw_dir : NULL;
}

static char *expand_home(const char *path)
{
    size_t user = path[0] == '~' ? strcspn(path + 1, "/") : 0;
    const char *home = path[0] == '~' ? find_home(path + 1, user) : NULL;
    size_t length = home ? strlen(home) : 0;

    if (!home)
        return parity_strdup(path);
    while (length && home[length - 1] == '/')
        length--;
    return parity_asprintf("%.*s%s", (int)length, home,
                           length || path[1 + user] ? path + 1 + user : "/");
}

char *parity_aws_config_expand_path(const char *path)
{
    struct parity_buffer text = {0};
    char *expanded, *result;

    while (*path && !text.failed) {
        if (*path == '$')
            path = expand_variable(path, &text);
        else
            parity_buffer_add_char(&text, *path++);
    }
    expanded = parity_buffer_take(&text);
    result = expanded ? expand_home(expanded) : NULL;
    parity_free(expanded);
    return result;
}

/*
 * AWS's tools take a file that is absent, no regular file or closed to them for an empty one, and
 * so does a machine that has its keys in the environment. Why it is empty is kept for messages.
 */
static int check_readable(const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    return access(path, R_OK) < 0 ? errno : 0;
}

static int load_file(const char *variable, const char *standard, struct parity_aws_config_file *out,
                     struct parity_error *err)
{
    const char *path = getenv(variable);
    struct parity_buffer text = {0};
    int rc = -1;

    out->path = parity_aws_config_expand_path(path ? path : standard);
    if (!out->path) {
        parity_fail_nomem(err);
        return -1;
    }
    out->error = check_readable(out->path);
    if (out->error)
        return 0;
    if (parity_file_read(out->path, max_file_bytes, &text, err) == 0)
        rc = parity_ini_parse(text.data ? text.data : "", text.length, out->path, &out->ini, err);
    if (text.data)
        explicit_bzero(text.data, text.length);
    parity_buffer_clear(&text);
    return rc;
}

int parity_aws_config_load(struct parity_aws_config *out, struct parity_error *err)
{
    memset(out, 0, sizeof *out);
    if (load_file("AWS_CONFIG_FILE", "~/.aws/config", &out->config, err) < 0)
        return -1;
    return load_file("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", &out->credentials, err);
}

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/*
 * The name in a section "<kind> <name>" with its quotes taken off. Only two words make one: that
 * "profilex y" is a profile and "profile a b" is none are quirks of botocore.
 * @param out  new; NULL if it is no such section
 */
static int section_name(const char *section, const char *kind, char **out)
{
    struct parity_shell_words words = {0};
    int rc = 0;

    *out = NULL;
    if (begins_with(section, kind))
        rc = parity_shell_words_split(section, &words);
    if (rc == 0 && words.count == 2) {
        *out = words.items[1];
        words.items[1] = NULL;
    }
    parity_shell_words_clear(&words);
    return rc < 0 ? -1 : 0;
}

int parity_aws_config_named_section(const struct parity_aws_config *config, const char *kind,
                                    const char *name, const struct parity_ini_section **out)
{
    const struct parity_ini *ini = &config->config.ini;

    *out = NULL;
    for (size_t i = 0; i < ini->count; i++) {
        char *found;

        if (section_name(ini->sections[i].name, kind, &found) < 0)
            return -1;
        if (found && strcmp(found, name) == 0)
            *out = &ini->sections[i]; /* of several that differ in quotes the last one counts */
        parity_free(found);
    }
    return 0;
}

int parity_aws_config_profile(const struct parity_aws_config *config, const char *name,
                              struct parity_aws_profile *out)
{
    const struct parity_ini_section *plain = NULL;

    if (parity_aws_config_named_section(config, "profile", name, &out->config) < 0)
        return -1;
    if (strcmp(name, "default") == 0)
        plain = parity_ini_section(&config->config.ini, name);
    if (plain && (!out->config || plain > out->config)) /* again the last one, of one array */
        out->config = plain;
    out->credentials = parity_ini_section(&config->credentials.ini, name);
    return out->config || out->credentials ? 0 : 1;
}

const char *parity_aws_profile_value(const struct parity_aws_profile *profile, const char *name)
{
    const char *value = parity_ini_value(profile->credentials, name);

    return value ? value : parity_ini_value(profile->config, name);
}

const char *parity_aws_config_environment_profile(void)
{
    const char *profile = getenv("AWS_DEFAULT_PROFILE");

    if (!profile || !profile[0])
        profile = getenv("AWS_PROFILE");
    return profile && profile[0] ? profile : NULL;
}

static const char *find_nearest_profile(const struct parity_aws_config *config, const char *name)
{
    const char *nearest = NULL;

    for (size_t i = 0; i < config->config.ini.count; i++) {
        const char *section = config->config.ini.sections[i].name;

        if (begins_with(section, "profile "))
            nearest = parity_suggest(name, nearest, section + strlen("profile "));
    }
    for (size_t i = 0; i < config->credentials.ini.count; i++)
        nearest = parity_suggest(name, nearest, config->credentials.ini.sections[i].name);
    return nearest;
}

void parity_aws_config_fail_profile(const struct parity_aws_config *config, const char *name,
                                    struct parity_error *err)
{
    const char *nearest = find_nearest_profile(config, name);

    parity_fail(err, PARITY_E_CREDENTIALS, NULL, "profile '%s' is neither in %s nor in %s%s%s%s",
                name, config->config.path, config->credentials.path,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* "services.<service>.<setting>": through the section that the profile's `services` names. */
static int find_service_setting(const struct parity_aws_config *config,
                                const struct parity_aws_profile *profile, const char *setting,
                                char **out, struct parity_error *err)
{
    const char *name = parity_aws_profile_value(profile, "services");
    const char *dot = strrchr(setting, '.');
    const struct parity_ini_section *section;
    const char *block;
    char *service;
    int rc;

    if (!name)
        return 0;
    if (parity_aws_config_named_section(config, "services", name, &section) < 0)
        return -1;
    if (!section) {
        parity_fail(err, PARITY_E_INVALID, config->config.path,
                    "a profile says 'services = %s', but there is no section [services %s]", name,
                    name);
        return -1;
    }
    service = parity_strndup(setting, (size_t)(dot - setting));
    if (!service)
        return -1;
    block = parity_ini_value(section, service);
    rc = block ? parity_ini_nested(block, dot + 1, out) : 0;
    parity_free(service);
    return rc;
}

/* "name" or, of a nested block, "block.name". */
static int find_setting(const struct parity_aws_profile *profile, const char *setting, char **out)
{
    const char *dot = strchr(setting, '.');
    const char *value;
    char *block;
    int rc;

    if (!dot) {
        value = parity_aws_profile_value(profile, setting);
        *out = value ? parity_strdup(value) : NULL;
        return value && !*out ? -1 : 0;
    }
    block = parity_strndup(setting, (size_t)(dot - setting));
    if (!block)
        return -1;
    value = parity_aws_profile_value(profile, block);
    rc = value ? parity_ini_nested(value, dot + 1, out) : 0;
    parity_free(block);
    return rc;
}

static int load_setting(const char *profile_name, const char *setting,
                        struct parity_aws_config *config, char **out, struct parity_error *err)
{
    struct parity_aws_profile profile;
    const char *name = profile_name ? profile_name : "default";
    int found;

    if (parity_aws_config_load(config, err) < 0)
        return -1;
    found = parity_aws_config_profile(config, name, &profile);
    if (found != 0) {
        if (found > 0 && profile_name)
            parity_aws_config_fail_profile(config, name, err);
        return found > 0 && !profile_name ? 0 : -1; /* nobody has to have a default profile */
    }
    if (begins_with(setting, "services.") && strchr(setting + strlen("services."), '.'))
        return find_service_setting(config, &profile, setting + strlen("services."), out, err);
    return find_setting(&profile, setting, out);
}

int parity_config_profile_setting(const char *profile, const char *setting, char **out,
                                  struct parity_error *err)
{
    struct parity_aws_config config = {0};
    int rc;

    *out = NULL;
    if (!profile || !profile[0])
        profile = parity_aws_config_environment_profile();
    rc = load_setting(profile, setting, &config, out, err);
    if (rc < 0)
        parity_fail_nomem(err); /* unless the reason is known already: the first report counts */
    parity_aws_config_clear(&config);
    return rc;
}
