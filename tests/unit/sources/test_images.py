"""Images: layers in their order, what is hidden in them, and manifests that lie."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from staticgo.sources import collect, limits
from tests.binaries.archives import (
    OTHER_PROGRAM,
    PROGRAM,
    TEXT,
    Layout,
    entry,
    files,
    header,
    saved,
    tar,
    zipped,
)
from tests.unit.sources.given import in_file

BASE = files({"bin/app": PROGRAM, "bin/old": PROGRAM, "lib/a": PROGRAM, "lib/b/c": PROGRAM})


def image(*layers: bytes) -> bytes:
    return saved([*layers])


def test_an_upper_layer_replaces_files(tmp_path: Path) -> None:
    upper = files({"./bin/app": OTHER_PROGRAM, "bin/old": TEXT})
    members, troubles = in_file(tmp_path, image(BASE, upper))
    assert members == {"./bin/app": OTHER_PROGRAM, "lib/a": PROGRAM, "lib/b/c": PROGRAM}
    assert not troubles


@pytest.mark.parametrize(
    ("upper", "left"),
    [
        (files({"bin/.wh.old": b""}), {"bin/app", "lib/a", "lib/b/c"}),
        (files({".wh.lib": b""}), {"bin/app", "bin/old"}),
        (files({"lib/.wh..wh..opq": b"", "lib/new": PROGRAM}), {"bin/app", "bin/old", "lib/new"}),
        (files({".wh..wh..opq": b""}), set()),
        (files({"lib": b"now a file"}), {"bin/app", "bin/old"}),
        (tar(header("bin/app", kind=b"5"), header("lib/", kind=b"5")), {"bin/old", "lib/a", "lib/b/c"}),
        (tar(header("lib/b", kind=b"2", link="../bin")), {"bin/app", "bin/old", "lib/a"}),
        (files({".wh..wh.plnk": b"", "lib/.wh.": b""}), {"bin/app", "bin/old", "lib/a", "lib/b/c"}),
        (files({"lib/../bin/.wh.app": b""}), {"bin/old", "lib/a", "lib/b/c"}),
    ],
    ids=["file", "folder", "opaque", "all", "by a file", "by a folder", "by a link", "odd", "dots"],
)  # fmt: skip
def test_what_an_upper_layer_removes_is_not_in_the_image(
    tmp_path: Path, upper: bytes, left: set[str]
) -> None:
    members, troubles = in_file(tmp_path, image(BASE, upper))
    if left:
        assert (set(members), troubles) == (left, [])
    else:
        assert troubles == ["holds no program or library"]


def test_what_is_removed_may_come_back(tmp_path: Path) -> None:
    removed, back = files({"bin/.wh.app": b""}), files({"bin/app": OTHER_PROGRAM})
    members, _ = in_file(tmp_path, image(BASE, removed, back))
    assert members["bin/app"] == OTHER_PROGRAM


def test_a_layer_hides_nothing_of_itself(tmp_path: Path) -> None:
    layer = files({"lib/new": PROGRAM, "lib/.wh..wh..opq": b"", "lib/.wh.new": b""})
    assert set(in_file(tmp_path, image(layer))[0]) == {"lib/new"}


def test_a_hard_link_to_what_was_removed_is_not_forgotten(tmp_path: Path) -> None:
    links = [header(name, kind=b"1", link=to) for name, to in (("b", "a"), ("t", "text"))]
    layer = tar(entry("a", PROGRAM), entry("text", TEXT), *links)
    members, troubles = in_file(tmp_path, image(layer, files({".wh.a": b"", ".wh.text": b""})))
    assert members == {}
    assert troubles == ["is a hard link to a, which an upper layer replaced"]
    assert in_file(tmp_path, image(layer)) == ({"a": PROGRAM}, [])


def test_links_between_layers_are_followed_within_the_archive(tmp_path: Path) -> None:
    """As docker did before version 25: a layer that another image has is a symbolic link."""
    manifest = json.dumps([{"Layers": ["two/layer.tar"]}, {"Layers": ["round"], "RepoTags": ["r"]}])
    data = tar(
        entry("one/layer.tar", BASE),
        header("two/layer.tar", kind=b"2", link="../one/layer.tar"),
        header("round", kind=b"2", link="round"),
        entry("manifest.json", manifest.encode()),
    )
    members, troubles = in_file(tmp_path, data)
    assert len(members) == 4
    assert troubles == ["its layer round is missing"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("as_folder", [False, True])
def test_every_platform_of_a_layout_is_read_and_named(
    tmp_path: Path, packed: bool, as_folder: bool
) -> None:
    layout = Layout()
    amd, arm = gzip.compress(BASE), files({"bin/app": OTHER_PROGRAM})
    proof = layout.json({"layers": [layout.blob(b"{}")]})
    index = layout.json(
        {
            "manifests": [
                layout.manifest([amd], "linux/amd64"),
                layout.manifest([arm], "linux/arm64")
                | {"platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
                proof | {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}},
                {"digest": "sha256:" + "0" * 64, "platform": {"os": "plan9"}},
            ]
        }
    )
    layout.index(index)
    if as_folder:
        for name, data in layout.files.items():
            (tmp_path / "given" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "given" / name).write_bytes(data)
        names = [
            item.name.removeprefix(f"{tmp_path}/given!")
            for item in collect([str(tmp_path if packed else tmp_path / "given")])
        ]
    else:
        data = gzip.compress(layout.tar()) if packed else layout.tar()
        members, troubles = in_file(tmp_path, data)
        names = list(members)
        assert not troubles
    assert names == [
        *(f"linux/amd64!{name}" for name in ("bin/app", "bin/old", "lib/a", "lib/b/c")),
        "linux/arm64/v8!bin/app",
    ]


def test_one_image_needs_no_label(tmp_path: Path) -> None:
    layout = Layout()
    layout.index(layout.manifest([files({"app": PROGRAM})], "linux/amd64"))
    assert in_file(tmp_path, layout.tar()) == ({"app": PROGRAM}, [])


def test_manifests_of_other_things_are_no_images(tmp_path: Path) -> None:
    for text in (b"{}", b"[]", b"not JSON", b'{"Layers": 1}', b"[" * 100_000, b'[{"a": 1}]'):
        data = files({"manifest.json": text, "app": PROGRAM})
        assert in_file(tmp_path, data) == ({"app": PROGRAM}, [])


def _oci(**changes: object) -> bytes:
    layout = Layout()
    config = layout.json({})
    manifest: dict[str, object] = {"config": config, "layers": [layout.blob(BASE)]}
    return layout.index(layout.json(manifest | changes)).tar()


LYING = {
    "no list": saved([]).replace(b'"Layers": []', b'"Layers": {}'),
    "numbers for layers": saved([]).replace(b'"Layers": []', b'"Layers": [1]'),
    "a layer that is not there": files({"manifest.json": b'[{"Layers":["nowhere"]}]'}),
    "a layer that is none": saved([b"x" * 2000]),
    "a layer that is cut": saved([BASE[:3000]]),
    "a compressed layer that is none": saved([gzip.compress(PROGRAM)]),
    "no index": files({"oci-layout": b"{}"}),
    "an index that is no JSON": files({"oci-layout": b"{}", "index.json": b"[" * 9}),
    "an index of nothing": Layout().index().tar(),
    "an index of numbers": files({"oci-layout": b"{}", "index.json": b'{"manifests":[1,2]}'}),
    "a digest with dots": files(
        {"oci-layout": b"{}", "index.json": b'{"manifests":[{"digest":"sha256:../../etc"}]}'}
    ),
    "a layer without a digest": _oci(layers=[{}]),
    "layers that are no list": _oci(layers=7),
    "a configuration without a digest": _oci(config={"digest": 7}),
}


@pytest.mark.parametrize("case", LYING)
def test_a_lying_manifest_is_a_trouble(tmp_path: Path, case: str) -> None:
    _, troubles = in_file(tmp_path, LYING[case])
    assert troubles


def test_an_index_that_names_itself_ends(tmp_path: Path) -> None:
    digest = "0" * 64
    index = json.dumps({"manifests": [{"digest": f"sha256:{digest}"}] * 3}).encode()
    data = {"oci-layout": b"{}", "index.json": index, f"blobs/sha256/{digest}": index}
    _, (message,) = in_file(tmp_path, files(data))
    assert "index in an index" in message


def test_a_layout_s_blobs_are_regular_files(tmp_path: Path) -> None:
    layout = Layout().index({"digest": "sha256:" + "0" * 64})
    for name, data in layout.files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "blobs/sha256").mkdir(parents=True)
    os.mkfifo(tmp_path / "blobs/sha256" / ("0" * 64))
    (trouble,) = collect([str(tmp_path)])
    assert trouble.message == "is not a regular file"  # type: ignore[union-attr]


def test_paths_of_an_image_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staticgo.sources.images.IMAGE_PATHS", 100)
    layer = files({f"{number}": b"" for number in range(60)})
    assert in_file(tmp_path, image(layer, layer))[1] == ["an image of more than 100 paths"]


def test_layers_unpack_within_one_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "GRACE", 1 << 20)
    layer = gzip.compress(tar(entry("zeros", bytes(700 << 10))), 9)
    assert "100 times" in in_file(tmp_path, image(layer, layer))[1][0]
    assert "100 times" not in in_file(tmp_path, image(layer))[1][0]


def test_what_stands_beside_a_layout_is_read_as_well(tmp_path: Path) -> None:
    layout = Layout()
    layout.index(layout.manifest([gzip.compress(files({"app": PROGRAM}))]))
    beside = {"tool": OTHER_PROGRAM, "bin/tool": PROGRAM + b"2", "in.tar": files({"x": PROGRAM})}
    contents = layout.files | beside | {f"text{number}": b"text" for number in range(20)}
    for name, data in contents.items():
        (tmp_path / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dist" / name).write_bytes(data)
    names = [item.name.removeprefix(f"{tmp_path}/dist") for item in collect([f"{tmp_path}/dist"])]
    assert names == ["!app", "/in.tar!x", "/tool", "/bin/tool"]
    members, troubles = in_file(tmp_path, files(contents))
    assert members == {"tool": OTHER_PROGRAM, "bin/tool": PROGRAM + b"2", "app": PROGRAM}
    assert troubles == ["is an archive in an archive, and was not read"]


def test_archives_in_layers_are_troubles_and_layers_are_none(tmp_path: Path) -> None:
    layer = files({"usr/in.zip": zipped({"x": PROGRAM}), "app": PROGRAM})
    said = ["is an archive in an archive, and was not read"]
    for packed in (layer, gzip.compress(layer)):
        assert in_file(tmp_path, saved([packed])) == ({"app": PROGRAM}, said)
        assert in_file(tmp_path, gzip.compress(saved([packed]))) == ({"app": PROGRAM}, said)
