#!/usr/bin/env python3
"""Pack the embedded data set `digits`: 1797 handwritten digits of 8 x 8 pixels with values from 0 to 16.

    python3 -m pip install numpy==2.4.6
    python3 -m pip download --no-deps --only-binary :all: --platform manylinux_2_28_x86_64 --python-version 3.11 \\
        scikit-learn==1.9.1
    python3 make_digits.py --wheel scikit_learn-1.9.1-*.whl [--check]

Writes `digits.npz` beside this script. With `--check` nothing is written: the wheel's table is compared with the file.
The table inside of the wheel is recognized by its SHA-256. Origin, citation and license: LICENSE.md.
"""
import argparse
import gzip
import hashlib
import io
import pathlib
import sys
import zipfile

import numpy

TABLE = "sklearn/datasets/data/digits.csv.gz"
SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"


def load(wheel):
    """Images and labels in the order of the table, whose last column is the digit."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(TABLE)
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        sys.exit(f"{wheel}: {TABLE} is not the pinned version (SHA-256 {digest}, expected {SHA256})")
    table = numpy.loadtxt(io.BytesIO(gzip.decompress(content)), delimiter=",")
    whole = table.astype(numpy.uint8)
    assert (whole == table).all() and whole.shape == (1797, 65) and whole[:, :-1].max() == 16
    return {"images": whole[:, :-1].reshape(-1, 8, 8), "labels": whole[:, -1]}


def write(path, arrays):
    """A deflated npz whose bytes depend on nothing but the arrays: fixed time stamps and modes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            numpy.lib.format.write_array(member, numpy.ascontiguousarray(array), version=(1, 0))
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, member.getvalue(), compresslevel=9)


def main():
    parser = argparse.ArgumentParser(description="Pack the embedded data set `digits`.")
    parser.add_argument("--wheel", type=pathlib.Path, required=True, help="scikit-learn's wheel")
    parser.add_argument("--check", action="store_true", help="compare with digits.npz instead of writing it")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(__file__).with_name("digits.npz"))
    arguments = parser.parse_args()
    arrays = load(arguments.wheel)
    if arguments.check:
        with numpy.load(arguments.output) as stored:
            different = [name for name in arrays if not numpy.array_equal(arrays[name], stored[name])]
        if different:
            sys.exit(f"{arguments.output}: differs from the wheel's in {', '.join(different)}")
        print(f"{arguments.output}: the same")
        return
    write(arguments.output, arrays)
    images = arrays["images"]
    print(f"{arguments.output}: {arguments.output.stat().st_size} bytes, {len(images)} images, "
          f"SHA-256 of the pixels {hashlib.sha256(images.tobytes()).hexdigest()}")


if __name__ == "__main__":
    main()
