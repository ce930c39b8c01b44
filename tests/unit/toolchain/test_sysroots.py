"""A compiler that finds one target's own libraries: the command, run by sh over a stand-in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from staticgo.model.libraries import Sysroot
from staticgo.model.plan import CToolchain, Libc, Wrapper
from staticgo.toolchain.sysroots import bare, pkg_config_script, with_sysroot
from staticgo.toolchain.zig import write_wrappers

ECHO = '#!/bin/sh\nprintf "%s\\n" "${0##*/}" "$@"\n'


def toolchain(folder: Path) -> CToolchain:
    return CToolchain(
        kind="zig",
        name="zig",
        libc=Libc.MUSL,
        cc=Wrapper(name="cc-1", content=ECHO),
        cxx=Wrapper(name="cxx-1", content=ECHO),
        bin_dir=str(folder / "bin"),
    )


def equipped(folder: Path, key: str = "0123456789abcdef") -> CToolchain:
    root = folder / "the 'root"
    (root / "include" / "sub").mkdir(parents=True, exist_ok=True)
    return with_sysroot(toolchain(folder), Sysroot(key=key, folder=str(root), libraries=()))


def called(folder: Path, *words: str) -> list[str]:
    made = equipped(folder)
    write_wrappers(made)
    done = subprocess.run(
        [str(Path(made.bin_dir, made.cc.name)), *words], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_a_compile_finds_headers_and_a_link_libraries(tmp_path: Path) -> None:
    root = f"{tmp_path}/the 'root"
    assert called(tmp_path, "-c", "a b.c") == ["cc-1", "-c", "a b.c", "-isystem", f"{root}/include"]
    assert called(tmp_path, "a.o")[2:] == ["-isystem", f"{root}/include", f"-L{root}/lib"]


def test_the_folder_that_libraries_believe_in_is_the_sysroot(tmp_path: Path) -> None:
    root = f"{tmp_path}/the 'root"
    words = called(tmp_path, "-c", "-I/usr/local/include/sub", "-I/usr/local/include/none", "-Isub")
    assert words[2:5] == [f"-I{root}/include/sub", "-I/usr/local/include/none", "-Isub"]


def test_the_name_holds_the_key_and_no_folder(tmp_path: Path) -> None:
    one, same = equipped(tmp_path / "a"), equipped(tmp_path / "b")
    assert one.cc.name == same.cc.name == "cc-1-0123456789ab"
    assert equipped(tmp_path / "a", key="f" * 24).cc.name != one.cc.name


def test_what_was_put_on_is_taken_off(tmp_path: Path) -> None:
    assert bare(equipped(tmp_path)) == toolchain(tmp_path)


def test_pkg_config_sees_the_sysroot_only(tmp_path: Path) -> None:
    text = pkg_config_script(str(tmp_path))
    if text is None:
        pytest.skip("there is no pkg-config to call: pip install pkgconf")
    (tmp_path / "lib" / "pkgconfig").mkdir(parents=True)
    (tmp_path / "lib" / "pkgconfig" / "foo.pc").write_text(
        "prefix=/usr/local\nName: foo\nDescription: foo\nVersion: 1\n"
        "Cflags: -I${prefix}/include -I${prefix}/include/foo\n"
        "Libs: -L${prefix}/lib -lfoo\nLibs.private: -lbar\n"
    )
    command = tmp_path / "pkg-config"
    command.write_text(text)
    command.chmod(0o755)

    def ask(*words: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": "/usr/bin:/bin", "PKG_CONFIG_PATH": "/usr/lib/pkgconfig"}
        return subprocess.run(
            [command, *words], capture_output=True, text=True, env=env, check=False
        )

    assert ask("--cflags", "--libs", "--", "foo").stdout.split() == [
        *("-I/usr/local/include/foo", "-lfoo", "-lbar")
    ]
    assert ask("--libs", "zlib").returncode != 0
