/* Record what one program does to one SQLite file, in order, so that a power cut at any moment can be replayed.
 *
 * Loaded with LD_PRELOAD. RECORD_FILE is the database, RECORD_LOG the record. A record is
 *   char what ('w' write, 't' truncate, 's' sync, 'c' create, 'u' unlink), char file, int64 offset, int64 length, bytes
 * where file is 'd' database, 'j' journal, 'w' write-ahead log, 'a' acknowledgements (RECORD_FILE-ack), '/' their folder.
 * For programs that use the file from one thread only.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define MOST_FILES 4096

static char kind_of[MOST_FILES];
static int record = -1;

static char kind(const char *path) {
    const char *file = getenv("RECORD_FILE");
    if (!file || !path) return 0;
    size_t n = strlen(file), folder = strrchr(file, '/') - file;
    if (strlen(path) == folder && !strncmp(path, file, folder)) return '/';
    if (strncmp(path, file, n)) return 0;
    if (!path[n]) return 'd';
    if (!strcmp(path + n, "-journal")) return 'j';
    if (!strcmp(path + n, "-wal")) return 'w';
    return strcmp(path + n, "-ack") ? 0 : 'a';
}

static char kind_at(int fd) { return fd >= 0 && fd < MOST_FILES ? kind_of[fd] : 0; }

static void put(const void *bytes, size_t n) {
    for (const char *at = bytes; n;) {
        ssize_t done = REAL(write)(record, at, n);
        if (done <= 0) abort();
        at += done;
        n -= done;
    }
}

static void note(char what, char file, int64_t offset, int64_t length, const void *bytes) {
    if (record < 0) record = REAL(open)(getenv("RECORD_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char head[2] = {what, file};
    int64_t numbers[2] = {offset, length};
    put(head, sizeof head);
    put(numbers, sizeof numbers);
    if (bytes) put(bytes, length);
}

static int opened(int fd, const char *path, int created) {
    char file = kind(path);
    if (fd < 0 || fd >= MOST_FILES) return fd;
    kind_of[fd] = file;
    if (file && created) note('c', file, 0, 0, NULL);
    return fd;
}

#define OPEN(name)                                                                        \
    int name(const char *path, int flags, ...) {                                          \
        va_list more;                                                                     \
        va_start(more, flags);                                                            \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;         \
        va_end(more);                                                                     \
        int missing = kind(path) && access(path, F_OK);                                   \
        return opened(REAL(name)(path, flags, mode), path, missing && flags & O_CREAT);   \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    if (kind_at(fd)) kind_of[fd] = 0;
    return REAL(close)(fd);
}

#define PWRITE(name, type)                                                                \
    ssize_t name(int fd, const void *bytes, size_t n, type offset) {                      \
        ssize_t done = REAL(name)(fd, bytes, n, offset);                                  \
        if (done > 0 && kind_at(fd)) note('w', kind_at(fd), offset, done, bytes);         \
        return done;                                                                      \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t n) {
    off_t at = kind_at(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = REAL(write)(fd, bytes, n);
    if (done > 0 && kind_at(fd)) note('w', kind_at(fd), at, done, bytes);
    return done;
}

#define TRUNCATE(name, type)                                                              \
    int name(int fd, type length) {                                                       \
        int failed = REAL(name)(fd, length);                                              \
        if (!failed && kind_at(fd)) note('t', kind_at(fd), length, 0, NULL);              \
        return failed;                                                                    \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                                        \
    int name(int fd) {                                                                    \
        int failed = REAL(name)(fd);                                                      \
        if (!failed && kind_at(fd)) note('s', kind_at(fd), 0, 0, NULL);                   \
        return failed;                                                                    \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    int failed = REAL(unlink)(path);
    if (!failed && kind(path)) note('u', kind(path), 0, 0, NULL);
    return failed;
}
