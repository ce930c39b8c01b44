"""Which options take the next word as their operand, so that it is never taken for an option."""

from __future__ import annotations

# clang's options of the form "Separate" or "JoinedOrSeparate" that gcc has too, or that macOS' and
# the linker's users write (https://clang.llvm.org/docs/ClangCommandLineReference.html).
DRIVER_OPERANDS = (
    "--param",
    "--sysroot",
    "--target",
    "-A",
    "-B",
    "-D",
    "-F",
    "-I",
    "-L",
    "-MF",
    "-MQ",
    "-MT",
    "-T",
    "-U",
    "-Xassembler",
    "-Xclang",
    "-Xpreprocessor",
    "-arch",
    "-bundle_loader",
    "-compatibility_version",
    "-current_version",
    "-e",
    "-exported_symbols_list",
    "-filelist",
    "-framework",
    "-idirafter",
    "-iframework",
    "-imacros",
    "-imultilib",
    "-include",
    "-install_name",
    "-iprefix",
    "-iquote",
    "-isysroot",
    "-isystem",
    "-iwithprefix",
    "-iwithprefixbefore",
    "-l",
    "-mllvm",
    "-o",
    "-rpath",
    "-target",
    "-u",
    "-undefined",
    "-unexported_symbols_list",
    "-weak_framework",
    "-x",
)

NOT_LINKING = ("-E", "-M", "-MM", "-S", "-c", "-fsyntax-only")
"""With one of these a call stops before the linker."""

# These two of the driver's hand their operand to the linker.
LINKERS_OPERANDS = ("-Xlinker", "-z")

# ld.lld's and ld64's options with a separate operand, as `-Wl,-rpath,DIR` has one.
LINKER_OPERANDS = (
    "--defsym",
    "--dynamic-linker",
    "--dynamic-list",
    "--entry",
    "--exclude-libs",
    "--export-dynamic-symbol",
    "--export-dynamic-symbol-list",
    "--require-defined",
    "--retain-symbols-file",
    "--rpath",
    "--rpath-link",
    "--script",
    "--section-start",
    "--soname",
    "--undefined",
    "--unresolved-symbols",
    "--version-script",
    "--wrap",
    "-Map",
    "-T",
    "-compatibility_version",
    "-current_version",
    "-dylib_install_name",
    "-dynamic-linker",
    "-e",
    "-exported_symbols_list",
    "-force_load",
    "-framework",
    "-h",
    "-headerpad",
    "-install_name",
    "-m",
    "-rpath",
    "-rpath-link",
    "-soname",
    "-u",
    "-undefined",
    "-unexported_symbols_list",
    "-weak_framework",
    "-y",
    "-z",
)

STATIC = ("-static", "-static-pie")
"""The driver's words for a link without shared libraries."""

# What `--push-state` remembers (GNU ld's manual): how the archives and libraries that follow are taken.
# Each first word is what holds from the start in zig, which names a library only where it is needed.
STATES = {
    "archives": {
        "--no-whole-archive": "--no-whole-archive",
        "--whole-archive": "--whole-archive",
    },
    "needed": {"--as-needed": "--as-needed", "--no-as-needed": "--no-as-needed"},
    "kinds": {
        "-Bdynamic": "-Bdynamic | -call_shared | -dy",
        "-Bstatic": "-Bstatic | -dn | -non_shared | -static",
    },
}
"""For each, the words by which it is set, with all their spellings as a shell's `case` has them."""
