"""Lets other programs read the files that Aviary writes, and compares them with the manifests.

    AVIARY_WRITE_SAMPLES=samples swift test -c release --disable-testable-imports --filter SampleFilesTests
    python Tests/Reference/check_formats.py samples

NumPy reads npy and npz, safetensors its own format, Pillow PNG, Python's gzip and csv the rest. Exit status 1 and a line
for each file that reads otherwise than it should.
"""

import csv
import gzip
import json
import pathlib
import struct
import sys
import zipfile

import numpy as np
import safetensors
import safetensors.torch
from PIL import Image

from golden import tensor

SAMPLES = pathlib.Path(sys.argv[1])
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "FormatsTests/Golden"
failures, count = [], 0


def cases(kind):
    return json.loads((GOLDEN / kind / "manifest.json").read_text())["cases"]


def check(path, found, expected):
    global count
    count += 1
    if found != expected:
        failures.append(f"{path}: expected {str(expected)[:200]}, found {str(found)[:200]}")


def stored(case):
    return {key: case[key] for key in ("dtype", "shape", "values")}


for case in cases("npy"):
    if "unsupported" not in case:
        path = SAMPLES / "npy" / case["file"]
        check(path, tensor(np.load(path, allow_pickle=False)), stored(case))

for variant in ("npz", "npz-stored", "npz-zip64"):
    for case in cases("npz"):
        path = SAMPLES / variant / case["file"]
        if variant == "npz-zip64" and not case["arrays"]:
            continue  # NumPy does not know an archive that begins with a zip64 end record
        with np.load(path, allow_pickle=False) as arrays:
            check(path, {name: tensor(arrays[name]) for name in arrays}, case["arrays"])
        with zipfile.ZipFile(path) as archive:
            check(path, archive.testzip(), None)

for case in cases("safetensors"):
    path = SAMPLES / "safetensors" / case["file"]
    with safetensors.safe_open(path, "pt") as file:
        check(path, file.metadata(), case["metadata"])
    read = {}
    for name, value in safetensors.torch.load_file(path).items():
        brain = str(value.dtype) == "torch.bfloat16"
        read[name] = {**tensor(value.double()), "dtype": "bfloat16"} if brain else tensor(value)
    check(path, read, {name: stored(value) for name, value in case["tensors"].items()})

for case in cases("png"):
    path = SAMPLES / "png" / case["file"]
    with Image.open(path) as image:
        image.load()
        pixels = np.asarray(image)
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    expected = stored(case)
    if case["dtype"] == "uint16" and pixels.dtype == np.uint8:
        # Pillow keeps the upper half of colors of 16 bits.
        expected = {**expected, "dtype": "uint8", "values": [value >> 8 for value in expected["values"]]}
    check(path, tensor(pixels.astype(expected["dtype"])), expected)

IDX = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
for case in cases("idx"):
    path = SAMPLES / "idx" / case["file"]
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    zeros, code, rank = struct.unpack(">HBB", content[:4])
    shape = struct.unpack(f">{rank}I", content[4:4 + 4 * rank])
    array = np.frombuffer(content[4 + 4 * rank:], IDX[code]).reshape(shape)
    check(path, (zeros, tensor(array.astype(array.dtype.newbyteorder("=")))), (0, stored(case)))

for case in cases("csv"):
    path = SAMPLES / "csv" / case["file"]
    if path.name != "ragged.csv":
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file, delimiter=case["delimiter"]))
        check(path, rows, ([case["header"]] if case["header"] else []) + case["rows"])

print("\n".join(failures) or f"{count} readings as they should be")
sys.exit(1 if failures else 0)
