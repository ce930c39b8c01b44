// Holds string functions whose names begin with `my_` against plain loops: at all alignments, and right
// at the borders of pages that must not be touched.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <wchar.h>

size_t my_strlen(const char *), my_strnlen(const char *, size_t);
size_t my_strcspn(const char *, const char *), my_strspn(const char *, const char *);
void *my_memchr(const void *, int, size_t);
char *my_strchr(const char *, int), *my_strchrnul(const char *, int);
int my_memcmp(const void *, const void *, size_t), my_bcmp(const void *, const void *, size_t);
int my_strcmp(const char *, const char *) __attribute__((weak));
int my_strncmp(const char *, const char *, size_t) __attribute__((weak));
void *my_memmove(void *, const void *, size_t) __attribute__((weak));
void *my_memcpy(void *, const void *, size_t);
char *my_strdup(const char *), *my_strndup(const char *, size_t);
wchar_t *my_wcsdup(const wchar_t *);

static int allocations;
void *my_malloc(size_t n) { allocations++; return malloc(n); }
__attribute__((weak)) void *my_memcpy(void *to, const void *from, size_t n) { return memcpy(to, from, n); }

__attribute__((weak)) void *my_memset(void *to, int c, size_t n) { return memset(to, c, n); }

static uint64_t seed = 1;
static unsigned next(unsigned below) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 33) % below;
}

static int sign(int n) { return (n > 0) - (n < 0); }

#define CHECK(what) \
  do { \
    if (!(what)) { \
      printf("line %d: %s (a %zu, b %zu, round %d)\n", __LINE__, #what, an, bn, round); \
      return 1; \
    } \
  } while (0)

enum { PAGE = 65536, MOST = 150 };

// A page between two that must not be touched.
static unsigned char *page(void) {
  unsigned char *all = mmap(0, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + PAGE, PAGE, PROT_READ | PROT_WRITE)) exit(2);
  return all + PAGE;
}

static size_t length(const unsigned char *s) { size_t n = 0; while (s[n]) n++; return n; }
static int compare(const unsigned char *a, const unsigned char *b, size_t n, int stop) {
  for (; n; a++, b++, n--) {
    if (*a != *b) return *a - *b;
    if (stop && !*a) return 0;
  }
  return 0;
}

int main(void) {
  unsigned char *left = page(), *right = page(), *copy = malloc(PAGE);
  for (int round = 0; round < 60000; round++) {
    // Strings of a few letters, some above 127, at the page's start, its end, or anywhere.
    static const unsigned char letters[] = {'a', 'b', 'A', 0x80, 0xff, 1};
    size_t an = next(MOST), bn = next(3) ? an : next(MOST), where = next(3);
    unsigned char *a = where == 0 ? left : where == 1 ? left + PAGE - an - 1 : left + 64 + next(64);
    where = next(3);
    unsigned char *b = where == 0 ? right : where == 1 ? right + PAGE - bn - 1 : right + 64 + next(64);
    for (size_t i = 0; i < an; i++) a[i] = letters[next(sizeof letters)];
    for (size_t i = 0; i < bn; i++) b[i] = i < an && next(40) ? a[i] : letters[next(sizeof letters)];
    a[an] = b[bn] = 0;
    const char *s = (const char *)a, *t = (const char *)b;
    size_t most = next(an + 20), shorter = an < bn ? an : bn;
    int c = letters[next(sizeof letters)] + (next(2) ? 256 : 0);
    unsigned char *at = a;
    while (*at && *at != (unsigned char)c) at++;
    CHECK(my_strlen(s) == an && length(a) == an);
    CHECK(my_strnlen(s, most) == (most < an ? most : an));
    CHECK(my_strnlen(s, (size_t)-1) == an);
    CHECK(my_strchrnul(s, c) == (char *)at);
    CHECK(my_strchr(s, c) == (*at ? (char *)at : 0));
    CHECK(my_strchr(s, 0) == s + an);
    CHECK(my_memchr(s, c, an) == (*at ? at : 0));
    size_t part = most < an ? most : an;
    CHECK(my_memchr(s, c, part) == (*at && (size_t)(at - a) < part ? at : 0));
    CHECK(my_memchr(s, 0, an + 1) == a + an);
    CHECK(my_memchr(s, c, 0) == 0);
    CHECK(sign(my_memcmp(s, t, shorter)) == sign(compare(a, b, shorter, 0)));
    CHECK(!my_bcmp(s, t, shorter) == !compare(a, b, shorter, 0));
    if (my_strcmp) CHECK(sign(my_strcmp(s, t)) == sign(compare(a, b, MOST, 1)));
    if (my_strncmp) CHECK(sign(my_strncmp(s, t, most)) == sign(compare(a, b, most, 1)));
    char set[4] = {(char)c, (char)letters[next(6)], (char)letters[next(6)], 0};
    set[next(4)] = 0;
    size_t stop = 0, go = 0;
    while (a[stop] && !memchr(set, a[stop], strlen(set))) stop++;
    while (a[go] && memchr(set, a[go], strlen(set))) go++;
    CHECK(my_strcspn(s, set) == stop);
    CHECK(my_strspn(s, set) == go);
    // Overlapping moves, a few bytes apart, within one page; its borders hold still.
    unsigned char *from = left + 512 + next(300), *to = left + 512 + next(300);
    size_t n = next(400);
    for (size_t i = 0; i < 1600; i++) left[i] = (unsigned char)next(256);
    memcpy(copy, left, 1600);
    if (my_memmove) {
      CHECK(my_memmove(to, from, n) == to);
      memmove(copy + (to - left), copy + (from - left), n);
      CHECK(memcmp(copy, left, 1600) == 0);
    }
    to = right + PAGE - n;
    CHECK(my_memcpy(to, from, n) == to && memcmp(to, from, n) == 0);
  }
  size_t an = 5, bn = 3;
  int round = 0;
  char *one = my_strdup("hello"), *two = my_strndup("hello", 3);
  wchar_t *three = my_wcsdup(L"wide");
  CHECK(strcmp(one, "hello") == 0 && strcmp(two, "hel") == 0 && wcscmp(three, L"wide") == 0);
  CHECK(allocations == 3);
  puts("all alike");
  return 0;
}
