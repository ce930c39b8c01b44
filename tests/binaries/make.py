"""Write every tiny image to a folder, to look at with readelf: `python -m tests.binaries.make DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.binaries import elf, go
from tests.binaries.corrupt import CORRUPT

IMAGES = {
    name: image.build() for name, image in sorted(vars(elf).items()) if isinstance(image, elf.Elf)
} | {"GO": elf.STATIC.but(data=go.inline()).build()}


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, image in (IMAGES | dict(CORRUPT)).items():
        (folder / name.replace(" ", "-")).write_bytes(image)


if __name__ == "__main__":
    main()
