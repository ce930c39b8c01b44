/* C functions that take the place of those in zig's libc for musl; staticgo's compiler command adds this
 * file to each link. All are weak: a program's own are taken before them.
 *
 * String functions: zig's look at one byte at a time (lib/compiler_rt.zig, lib/c/string.zig of zig 0.17),
 * these at a block. A block is 16 bytes where every CPU of the target has vectors for it (x86-64's SSE2,
 * arm64's NEON), else a machine word. Blocks that reach beyond the end of a string are aligned, so they
 * never reach into another page. The C standard knows no such reads: no sanitizer may watch this file.
 *
 * strdup and its kin: zig's call its own malloc even where the program has another, whose free then
 * crashes on what they return (lib/c/string.zig, lib/c/wchar.zig).
 */
#include <stddef.h>
#include <stdint.h>

#if __has_attribute(no_builtin)
#define WEAK __attribute__((weak, no_builtin)) /* else a loop may become a call of the function it is in */
#else
#define WEAK __attribute__((weak))
#endif

typedef unsigned char byte;

#if defined(__SSE2__)

#include <emmintrin.h>
typedef __m128i block;
typedef unsigned mask; /* one bit a byte */
#define BITS 1
#define ALL 0xffffu
static inline block load(const void *p) { return _mm_loadu_si128(p); }
static inline block aligned(const void *p) { return _mm_load_si128(p); }
static inline block splat(byte c) { return _mm_set1_epi8((char)c); }
static inline mask equal(block a, block b) { return (mask)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)); }
static inline mask zeros(block a) { return equal(a, _mm_setzero_si128()); }
static inline size_t first(mask m) { return (size_t)__builtin_ctz(m); }

#elif defined(__aarch64__) && defined(__ARM_NEON) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <arm_neon.h>
typedef uint8x16_t block;
typedef uint64_t mask; /* four bits a byte: arm64 narrows to them in one instruction */
#define BITS 4
#define ALL (~(mask)0)
static inline block load(const void *p) { return vld1q_u8(p); }
static inline block aligned(const void *p) { return vld1q_u8(p); }
static inline block splat(byte c) { return vdupq_n_u8(c); }
static inline mask equal(block a, block b) {
  uint8x8_t narrow = vshrn_n_u16(vreinterpretq_u16_u8(vceqq_u8(a, b)), 4);
  return vget_lane_u64(vreinterpret_u64_u8(narrow), 0);
}
static inline mask zeros(block a) { return equal(a, vdupq_n_u8(0)); }
static inline size_t first(mask m) { return (size_t)__builtin_ctzll(m) >> 2; }

#else

typedef uintptr_t __attribute__((may_alias)) word;
typedef word block;
typedef uintptr_t mask; /* each byte's highest bit */
#define BITS 8
#define LOW ((mask)-1 / 255 * 0x7f)
#define ALL (~LOW)
static inline block load(const void *p) {
  block b;
  __builtin_memcpy(&b, p, sizeof b);
  return b;
}
static inline block aligned(const void *p) { return *(const block *)p; }
static inline block splat(byte c) { return (mask)-1 / 255 * c; }
static inline mask zeros(block a) { return ~(((a & LOW) + LOW) | a | LOW); }
static inline mask equal(block a, block b) { return zeros(a ^ b); }
static inline size_t first(mask m) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return (size_t)__builtin_ctzll(m) / 8;
#else
  return (size_t)__builtin_clzll(m) / 8 - (sizeof(long long) - sizeof(mask));
#endif
}

#endif

#define SIZE sizeof(block)

/* The aligned block that holds `p`, and in `*skip` how many of its bytes stand before `p`. */
static inline const byte *start(const void *p, size_t *skip) {
  *skip = (uintptr_t)p % SIZE;
  return (const byte *)p - *skip;
}

/* `m` without its first `skip` bytes; `skip` is less than a block. */
static inline mask without(mask m, size_t skip) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return m & (ALL << skip * BITS);
#else
  return m & (ALL >> skip * BITS);
#endif
}

WEAK size_t strlen(const char *s) {
  size_t skip;
  const byte *p = start(s, &skip);
  mask m = without(zeros(aligned(p)), skip);
  while (!m) m = zeros(aligned(p += SIZE));
  return (size_t)(p + first(m) - (const byte *)s);
}

WEAK void *memchr(const void *s, int c, size_t n) {
  if (n == 0) return 0;
  size_t skip;
  const byte *p = start(s, &skip);
  block wanted = splat((byte)c);
  mask m = without(equal(aligned(p), wanted), skip);
  size_t seen = SIZE - skip;
  while (!m) {
    if (seen >= n) return 0;
    m = equal(aligned(p += SIZE), wanted);
    seen += SIZE;
  }
  const byte *found = p + first(m);
  return (size_t)(found - (const byte *)s) < n ? (void *)found : 0;
}

WEAK size_t strnlen(const char *s, size_t n) {
  const char *end = memchr(s, 0, n);
  return end ? (size_t)(end - s) : n;
}

WEAK char *strchrnul(const char *s, int c) {
  size_t skip;
  const byte *p = start(s, &skip);
  block wanted = splat((byte)c), b = aligned(p);
  mask m = without(equal(b, wanted) | zeros(b), skip);
  while (!m) {
    b = aligned(p += SIZE);
    m = equal(b, wanted) | zeros(b);
  }
  return (char *)p + first(m);
}

char *__strchrnul(const char *s, int c) __attribute__((weak, alias("strchrnul")));

WEAK char *strchr(const char *s, int c) {
  char *found = strchrnul(s, c);
  return *(byte *)found == (byte)c ? found : 0;
}

/* How far `s` goes before a byte of `set` or its end; a byte above 127 is no different from others. */
WEAK size_t strcspn(const char *s, const char *set) {
  if (!set[0] || !set[1]) return (size_t)(strchrnul(s, set[0]) - s);
  if (!set[2]) { /* as SQLite's LIKE asks: a letter's two cases */
    size_t skip;
    const byte *p = start(s, &skip);
    block one = splat((byte)set[0]), other = splat((byte)set[1]), b = aligned(p);
    mask m = without(equal(b, one) | equal(b, other) | zeros(b), skip);
    while (!m) {
      b = aligned(p += SIZE);
      m = equal(b, one) | equal(b, other) | zeros(b);
    }
    return (size_t)(p + first(m) - (const byte *)s);
  }
  byte stops[256] = {[0] = 1};
  for (; *set; set++) stops[(byte)*set] = 1;
  const byte *p = (const byte *)s;
  while (!stops[*p]) p++;
  return (size_t)(p - (const byte *)s);
}

WEAK size_t strspn(const char *s, const char *set) {
  byte goes[256] = {0};
  for (; *set; set++) goes[(byte)*set] = 1;
  const byte *p = (const byte *)s;
  while (goes[*p]) p++;
  return (size_t)(p - (const byte *)s);
}

#if defined(__mips__) || (defined(__arm__) && !defined(__ARM_FEATURE_UNALIGNED)) || \
    (defined(__riscv) && !defined(__riscv_misaligned_fast))
#define LOADS_MUST_BE_ALIGNED
#endif

#ifdef LOADS_MUST_BE_ALIGNED

WEAK int memcmp(const void *left, const void *right, size_t n) {
  const byte *a = left, *b = right;
  if (((uintptr_t)a ^ (uintptr_t)b) % SIZE == 0) {
    for (; n && (uintptr_t)a % SIZE; a++, b++, n--)
      if (*a != *b) return *a - *b;
    for (; n >= SIZE && aligned(a) == aligned(b); a += SIZE, b += SIZE) n -= SIZE;
  }
  for (; n; a++, b++, n--)
    if (*a != *b) return *a - *b;
  return 0;
}

#else

/* `width` bytes at `p` as a number whose order is that of the bytes. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define IN_ORDER(width, x) __builtin_bswap##width(x)
#else
#define IN_ORDER(width, x) (x)
#endif
static inline uint64_t number64(const byte *p) {
  uint64_t x;
  __builtin_memcpy(&x, p, sizeof x);
  return IN_ORDER(64, x);
}
static inline uint64_t number32(const byte *p) {
  uint32_t x;
  __builtin_memcpy(&x, p, sizeof x);
  return IN_ORDER(32, x);
}

static inline int order(uint64_t x, uint64_t y) { return (x > y) - (x < y); }

/* Less than 16 bytes, as two numbers that may stand over one another. */
static inline int compare_few(const byte *a, const byte *b, size_t n) {
  if (n >= 8) {
    uint64_t x = number64(a), y = number64(b);
    if (x != y) return order(x, y);
    return order(number64(a + n - 8), number64(b + n - 8));
  }
  if (n >= 4)
    return order(number32(a) << 32 | number32(a + n - 4), number32(b) << 32 | number32(b + n - 4));
  for (; n; a++, b++, n--)
    if (*a != *b) return *a - *b;
  return 0;
}

WEAK int memcmp(const void *left, const void *right, size_t n) {
  const byte *a = left, *b = right;
  if (n < 16) return compare_few(a, b, n);
  size_t i = 0, last = n - SIZE; /* the last block may stand over the one before it */
  for (;;) {
    mask m = equal(load(a + i), load(b + i)) ^ ALL;
    if (m) {
      i += first(m);
      return a[i] - b[i];
    }
    if (i == last) return 0;
    i = last - i < SIZE ? last : i + SIZE;
  }
}

/* How many bytes both pointers can be read for without reaching into another page. */
static inline int near_page_end(const void *a, const void *b) {
  return (uintptr_t)a % 4096 > 4096 - SIZE || (uintptr_t)b % 4096 > 4096 - SIZE;
}

WEAK int strncmp(const char *left, const char *right, size_t n) {
  const byte *a = (const byte *)left, *b = (const byte *)right;
  while (n) {
    if (n < SIZE || near_page_end(a, b)) {
      if (*a != *b || !*a) return *a - *b;
      a++, b++, n--;
      continue;
    }
    block x = load(a);
    mask m = (equal(x, load(b)) ^ ALL) | zeros(x);
    if (m) return a[first(m)] - b[first(m)];
    a += SIZE, b += SIZE, n -= SIZE;
  }
  return 0;
}

WEAK int strcmp(const char *left, const char *right) {
  return strncmp(left, right, (size_t)-1);
}

#if defined(__SSE2__) || (defined(__aarch64__) && defined(__ARM_NEON))

static inline void store(void *p, block b) { __builtin_memcpy(p, &b, sizeof b); }

/* Both ends of a short run are read before either is written, so it may stand over its source. */
#define MOVE_ENDS(type)                                \
  do {                                                 \
    type head, tail;                                   \
    __builtin_memcpy(&head, from, sizeof head);        \
    __builtin_memcpy(&tail, from + n - sizeof tail, sizeof tail); \
    __builtin_memcpy(to, &head, sizeof head);          \
    __builtin_memcpy(to + n - sizeof tail, &tail, sizeof tail);   \
    return target;                                     \
  } while (0)

WEAK void *memmove(void *target, const void *source, size_t n) {
  byte *to = target;
  const byte *from = source;
  if (n <= 16) {
    if (n >= 8) MOVE_ENDS(uint64_t);
    if (n >= 4) MOVE_ENDS(uint32_t);
    if (n >= 2) MOVE_ENDS(uint16_t);
    if (n) *to = *from;
    return target;
  }
  if (n <= 32) MOVE_ENDS(block);
  block a = load(from), b = load(from + 16), y = load(from + n - 32), z = load(from + n - 16);
  if (n <= 64) {
    store(to, a), store(to + 16, b), store(to + n - 32, y), store(to + n - 16, z);
    return target;
  }
  if ((uintptr_t)to - (uintptr_t)from >= n) {
    for (size_t i = 0; i < n - 32; i += 32) {
      block c = load(from + i), d = load(from + i + 16);
      store(to + i, c), store(to + i + 16, d);
    }
    store(to + n - 32, y), store(to + n - 16, z);
  } else { /* the target begins within the source: from the end */
    for (size_t i = n; i > 32; i -= 32) {
      block c = load(from + i - 32), d = load(from + i - 16);
      store(to + i - 32, c), store(to + i - 16, d);
    }
    store(to, a), store(to + 16, b);
  }
  return target;
}

void *memcpy(void *target, const void *source, size_t n) __attribute__((weak, alias("memmove")));

#endif

#endif

WEAK int bcmp(const void *left, const void *right, size_t n) { return memcmp(left, right, n); }

void *malloc(size_t);
void *memcpy(void *restrict, const void *restrict, size_t);

WEAK char *strdup(const char *s) {
  size_t n = strlen(s) + 1;
  char *copy = malloc(n);
  return copy ? memcpy(copy, s, n) : 0;
}

WEAK char *strndup(const char *s, size_t most) {
  size_t n = strnlen(s, most);
  char *copy = malloc(n + 1);
  if (!copy) return 0;
  copy[n] = 0;
  return memcpy(copy, s, n);
}

WEAK wchar_t *wcsdup(const wchar_t *s) {
  size_t n = 0;
  while (s[n++]) {}
  wchar_t *copy = malloc(n * sizeof *s);
  return copy ? memcpy(copy, s, n * sizeof *s) : 0;
}
