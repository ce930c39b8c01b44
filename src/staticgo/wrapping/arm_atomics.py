"""Atomic functions for ARM before v6, which zig's runtime library does not have.

LLVM calls libgcc's names there (`__sync_fetch_and_add_4`), and zig's compiler_rt says of them "The Linux
code path is not implemented yet" (lib/compiler_rt/atomics.zig).
"""

from __future__ import annotations

import hashlib

SOURCE = """\
/* ARM before v6 has no atomic instructions: Linux does these in a page of its own
   (Documentation/arch/arm/kernel_user_helpers.rst), and LLVM calls the functions below. */
typedef unsigned char u1;
typedef unsigned short u2;
typedef unsigned int u4;
typedef unsigned long long u8;
#define NAMED(name) __asm__(#name) __attribute__((weak, visibility("hidden")))
#define SWAP4 ((int (*)(u4, u4, volatile u4 *))0xffff0fc0)
#define SWAP8 ((int (*)(const u8 *, const u8 *, volatile u8 *))0xffff0f60)
#define BARRIER ((void (*)(void))0xffff0fa0)

void barrier(void) NAMED(__sync_synchronize);
void barrier(void) { BARRIER(); }

/* What stands at `at`, after `new` was put there if it was `old`. */
static u4 swap4(volatile u4 *at, u4 old, u4 new) {
    for (;;) {
        u4 is = *at;
        if (is != old) { BARRIER(); return is; }
        if (!SWAP4(old, new, at)) return old;
    }
}
static u8 swap8(volatile u8 *at, u8 old, u8 new) {
    for (;;) {
        u8 is = *at;
        if (!SWAP8(&old, &new, at)) return old;
        if (is != old) return is;
    }
}
#define PART(n)                                                              \\
    static u##n swap##n(volatile u##n *at, u##n old, u##n new) {             \\
        volatile u4 *word = (volatile u4 *)((u4)at & ~3u);                   \\
        u4 shift = ((u4)at & 3) * 8, mask = (u4)(u##n)-1 << shift;           \\
        for (;;) {                                                           \\
            u4 all = *word;                                                  \\
            u##n is = all >> shift;                                          \\
            if (is != old) { BARRIER(); return is; }                         \\
            if (!SWAP4(all, (all & ~mask) | (u4)new << shift, word)) return old; \\
        }                                                                    \\
    }
PART(1)
PART(2)

#define CHANGE(n, name, result)                                              \\
    u##n name##n(volatile u##n *at, u##n by) NAMED(__sync_##name##_##n);     \\
    u##n name##n(volatile u##n *at, u##n by) {                               \\
        u##n is, was = *at;                                                  \\
        while ((is = swap##n(at, was, result)) != was) was = is;             \\
        return was;                                                          \\
    }
#define LESS(n) ((n)was < (n)by)
#define ALL(n, signed_)                                                      \\
    u##n val##n(volatile u##n *at, u##n old, u##n new) NAMED(__sync_val_compare_and_swap_##n); \\
    u##n val##n(volatile u##n *at, u##n old, u##n new) { return swap##n(at, old, new); } \\
    CHANGE(n, lock_test_and_set, by)                                         \\
    CHANGE(n, fetch_and_add, was + by)                                       \\
    CHANGE(n, fetch_and_sub, was - by)                                       \\
    CHANGE(n, fetch_and_and, was & by)                                       \\
    CHANGE(n, fetch_and_or, was | by)                                        \\
    CHANGE(n, fetch_and_xor, was ^ by)                                       \\
    CHANGE(n, fetch_and_nand, ~(was & by))                                   \\
    CHANGE(n, fetch_and_umin, LESS(u##n) ? was : by)                         \\
    CHANGE(n, fetch_and_umax, LESS(u##n) ? by : was)                         \\
    CHANGE(n, fetch_and_min, LESS(signed_) ? was : by)                       \\
    CHANGE(n, fetch_and_max, LESS(signed_) ? by : was)
ALL(1, signed char)
ALL(2, short)
ALL(4, int)
ALL(8, long long)
"""

FILE_NAME = f"arm-atomics-{hashlib.sha256(SOURCE.encode()).hexdigest()[:12]}.c"
