"""Which C libraries stay in the cache."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from staticgo.model.libraries import Sysroot
from staticgo.toolchain.libraries import forget_unused_libraries, mark_used


def test_what_no_build_used_for_long_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path))
    long_ago = time.time() - 40 * 24 * 3600
    folders = [
        tmp_path / name for name in ("sysroots/old", "sysroots/used", "libraries/scratch/left")
    ]
    for folder in folders:
        (folder / "lib").mkdir(parents=True)
        os.utime(folder, (long_ago, long_ago))
    mark_used(Sysroot(key="used", folder=str(folders[1]), libraries=()))
    forget_unused_libraries()
    assert [folder.exists() for folder in folders] == [False, True, False]
    assert list((tmp_path / "sysroots" / "scratch").iterdir()) == []
