/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/backtrace.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of code, mapped as it is on the disk. */
struct image {
    const unsigned char *bytes; /* NULL: there is none */
    size_t size;
};

/* A function, and how far into it an address is. `name` is borrowed from the image. */
struct place {
    const char *name;
    uintptr_t offset;
};

static void map_image(const char *path, struct image *image)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    void *bytes;

    *image = (struct image){0};
    if (fd < 0)
        return;
    if (fstat(fd, &info) == 0 && info.st_size > 0) {
        bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes != MAP_FAILED)
            *image = (struct image){bytes, (size_t)info.st_size};
    }
    close(fd);
}

static void unmap_image(struct image *image)
{
    if (image->bytes)
        munmap((void *)(uintptr_t)image->bytes, image->size);
}

/* A part of the file; NULL: it has no such part. */
static const void *part(const struct image *image, uint64_t offset, uint64_t size)
{
    return offset <= image->size && size <= image->size - offset ? image->bytes + offset : NULL;
}

static const ElfW(Shdr) * section(const struct image *image, size_t number)
{
    const ElfW(Ehdr) *head = part(image, 0, sizeof *head);

    if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || number >= head->e_shnum ||
        head->e_shentsize != sizeof(ElfW(Shdr)))
        return NULL;
    return part(image, head->e_shoff + number * sizeof(ElfW(Shdr)), sizeof(ElfW(Shdr)));
}

static bool is_function_at(const ElfW(Sym) * symbol, uintptr_t address)
{
    return (symbol->st_info & 0xf) == STT_FUNC && symbol->st_value != 0 &&
           address >= symbol->st_value && address - symbol->st_value < symbol->st_size;
}

/* The function of a symbol table that holds an address, counted from where the file was loaded. */
static struct place find_in_table(const struct image *image, const ElfW(Shdr) * table,
                                  uintptr_t address)
{
    const ElfW(Shdr) *texts = section(image, table->sh_link);
    const ElfW(Sym) *symbols = part(image, table->sh_offset, table->sh_size);
    const char *names = texts ? part(image, texts->sh_offset, texts->sh_size) : NULL;
    size_t count = table->sh_size / sizeof *symbols;

    for (size_t i = 0; symbols && names && i < count; i++) {
        uint64_t name = symbols[i].st_name;

        if (is_function_at(&symbols[i], address) && name < texts->sh_size &&
            memchr(names + name, '\0', texts->sh_size - name))
            return (struct place){names + name, address - symbols[i].st_value};
    }
    return (struct place){0};
}

/* `.symtab` has static functions, too; a file that was stripped of it has none. */
static struct place find_function(const struct image *image, uintptr_t address)
{
    const ElfW(Shdr) * at;

    for (size_t i = 0; (at = section(image, i)) != NULL; i++)
        if (at->sh_type == SHT_SYMTAB)
            return find_in_table(image, at, address);
    return (struct place){0};
}

/* @param back  1: it stands behind a call, which may be the last thing that a function does */
static void add_line(struct parity_buffer *out, uintptr_t address, uintptr_t back)
{
    struct place place;
    struct image image;
    struct link_map *object;
    Dl_info info;

    if (!dladdr1((const void *)(address - back), &info, (void **)&object, RTLD_DL_LINKMAP) ||
        !info.dli_fname) {
        parity_buffer_printf(out, "[0x%lx]\n", (unsigned long)address);
        return;
    }
    map_image(info.dli_fname, &image);
    place = find_function(&image, address - back - object->l_addr);
    place.offset += back;
    if (!place.name && info.dli_sname)
        place = (struct place){info.dli_sname, address - (uintptr_t)info.dli_saddr};
    if (!place.name)
        place = (struct place){"", address - object->l_addr};
    parity_buffer_printf(out, "%s(%s+0x%lx) [0x%lx]\n", info.dli_fname, place.name,
                         (unsigned long)place.offset, (unsigned long)address);
    unmap_image(&image);
}

void parity_backtrace_text(struct parity_buffer *out, const unsigned long *addresses, size_t count)
{
    parity_buffer_add_text(out, "backtrace:\n");
    for (size_t i = 0; i < count; i++)
        add_line(out, addresses[i], i > 0);
}
