"""Which C or C++ library a symbol comes from, by how its name begins: for `--size`."""

from __future__ import annotations

# First match wins. Each library prefixes its public names so; most do it with their own, too.
ORIGINS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"sqlite3",), "C: SQLite"),
    ((b"rd_kafka", b"rd_buf", b"rd_list", b"rd_slice"), "C: librdkafka"),
    ((b"ZSTD_", b"ZSTDMT_", b"HUF_", b"FSE_", b"XXH", b"ZSTDv"), "C: zstd"),
    ((b"LZ4",), "C: lz4"),
    ((b"deflate", b"inflate", b"crc32", b"adler32"), "C: zlib"),
    (
        (b"SSL_", b"EVP_", b"BN_", b"X509", b"CRYPTO_", b"OPENSSL_", b"ossl_", b"ASN1_", b"OSSL_"),
        "C: OpenSSL",
    ),
    ((b"rocksdb_", b"_ZN7rocksdb", b"_ZNK7rocksdb"), "C++: RocksDB"),
    # Itanium C++ ABI, "Mangling": St is namespace std, Sa to Sd abbreviate its classes.
    (
        (b"_ZNSt", b"_ZNKSt", b"_ZSt", b"_ZNSa", b"_ZNSs", b"_ZTVNSt", b"_ZTISt", b"_ZTVSt"),
        "C++: standard library",
    ),
    ((b"_ZN10__cxxabiv1", b"__cxa_", b"__gxx_", b"_Unwind_", b"unw_"), "C++: run time"),
    ((b"_R", b"_ZN4core", b"_ZN5alloc", b"_ZN3std"), "Rust"),
    ((b"_Z",), "C++"),
    ((b"__asan_", b"__tsan_", b"__msan_", b"__ubsan_", b"__sanitizer_"), "C: sanitizers"),
    ((b"x_cgo_", b"_cgo_", b"crosscall"), "runtime/cgo"),
)
