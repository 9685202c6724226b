"""Small files as other programs write them, and what is in them.

Output: FormatsTests/Golden/{npy,npz,safetensors,png,idx,csv}/, each with a manifest.json beside the files.
npy and npz by NumPy, safetensors by its own library, png by Pillow (and by the encoder below where Pillow cannot:
interlacing and chosen row filters; Pillow must read these back). Damaged files are made in the tests, by cutting these.
"""

import csv
import gzip
import io
import struct
import zipfile
import zlib

import numpy as np
import PIL
import safetensors
import safetensors.numpy
import safetensors.torch
import torch
from PIL import Image

from golden import Numbers, tensor, versions, write, write_bytes

FOLDER = "FormatsTests/Golden/"
r = Numbers(31)
cases = []


def finish(kind, conventions, *modules):
    write(f"{FOLDER}{kind}/manifest.json",
          {"generator": "Tests/Reference/formats.py", "versions": versions(*modules), "conventions": conventions}, cases)
    cases.clear()


# npy


def npy(name, array, version=None, written=None, **notes):
    """`written`: the array as handed to NumPy, where it differs from `array` in order of bytes or of elements."""
    written = array if written is None else written
    stream = io.BytesIO()
    np.lib.format.write_array(stream, written, version)
    content = stream.getvalue()
    assert np.array_equal(np.load(io.BytesIO(content)), array, equal_nan=array.dtype.kind == "f")
    write_bytes(f"{FOLDER}npy/{name}.npy", content)
    cases.append({"file": f"{name}.npy", "version": list(content[6:8]), "descr": np.lib.format.dtype_to_descr(written.dtype),
                  "fortranOrder": bool(written.flags.fnc and not written.flags.c_contiguous), **tensor(array), **notes})


for code in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
    dtype = np.dtype(f"<{code}")
    info = np.iinfo(dtype)
    npy(code, np.array([[info.min, 0, 1], [2, info.max - 1, info.max]], dtype))
npy("bool", np.array([[True, False, True], [False, False, True]]))
npy("f2", np.array([0.0, -0.0, 1.5, -2.25, 65504.0, 6e-8, 6.1e-5, np.inf, -np.inf, np.nan, 1 / 3], np.float16))
npy("f4", np.array([[0.0, -1.5, 3.4e38], [1e-45, np.nan, -np.inf]], np.float32))
npy("f8", np.array([[0.0, -1.5, 1.7e308], [5e-324, np.nan, np.inf]]))
grid = np.arange(12.0).reshape(3, 4) / 8
npy("version-2", grid, (2, 0))
npy("version-3", grid, (3, 0))
npy("fortran", grid, written=np.asfortranarray(grid))
cube = np.arange(24, dtype=np.int32).reshape(2, 3, 4)
npy("fortran-cube", cube, written=np.asfortranarray(cube))
npy("big-endian-f4", grid.astype(np.float32), written=grid.astype(">f4"))
npy("big-endian-i4", cube - 12, written=(cube - 12).astype(">i4"))
npy("scalar", np.array(-2.5))
npy("empty", np.zeros((0, 3), np.float32))
for name, array in [("complex", np.array([1 + 2j])), ("text", np.array(["ab", "c"])),
                    ("record", np.array([(1, 2.5)], [("a", "<i4"), ("b", "<f8")])),
                    ("object", np.array([{"a": 1}], dtype=object))]:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array)
    write_bytes(f"{FOLDER}npy/unsupported/{name}.npy", stream.getvalue())
    cases.append({"file": f"unsupported/{name}.npy", "descr": str(np.lib.format.dtype_to_descr(array.dtype)),
                  "unsupported": True, "shape": list(array.shape)})
finish("npy", "values in row-major order of the logical array, whatever the file's order; float16 values as they are in "
       "float64; integers beyond 2^53 as strings; `unsupported`: dtypes without a tensor counterpart", np)

# npz


def npz(name, content, arrays, **notes):
    with np.load(io.BytesIO(content)) as loaded:
        assert list(loaded) == list(arrays) and all(np.array_equal(loaded[k], v) for k, v in arrays.items())
    write_bytes(f"{FOLDER}npz/{name}.npz", content)
    cases.append({"file": f"{name}.npz", "arrays": {k: tensor(v) for k, v in arrays.items()}, **notes})


class Unseekable(io.RawIOBase):
    """A pipe-like stream: zip writers then put sizes behind the data."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, data):
        self.content += bytes(data)
        return len(data)


def saved(function, *positional, **arrays):
    stream = io.BytesIO()
    function(stream, *positional, **arrays)
    return stream.getvalue()


several = {"x": grid, "y": np.array([2, 0, 1], np.int64), "mask": np.array([True, False]), "scalar": np.array(7, np.uint8),
           "fortran": np.asfortranarray(cube), "empty": np.zeros((0, 2))}
npz("stored", saved(np.savez, **several), several)
npz("deflated", saved(np.savez_compressed, **several), several)
npz("positional", saved(np.savez, grid, np.array([1, 2], np.int32)), {"arr_0": grid, "arr_1": np.array([1, 2], np.int32)})
named = {"layer/weight": grid.astype(np.float32), "größe": np.array([1.5])}
npz("names", saved(np.savez_compressed, **named), named)
npz("no-arrays", saved(np.savez), {})
repeating = {"ramp": np.tile(np.arange(16, dtype=np.uint8), 100), "ones": np.ones((20, 5))}
npz("compressible", saved(np.savez_compressed, **repeating), repeating)
for name, method in [("streamed-deflated", zipfile.ZIP_DEFLATED), ("streamed-stored", zipfile.ZIP_STORED)]:
    pipe = Unseekable()
    with zipfile.ZipFile(pipe, "w", method) as archive:
        archive.comment = b"written through a pipe"
        for key in ("x", "y"):
            archive.writestr(zipfile.ZipInfo(f"{key}.npy"), saved(np.save, several[key]), method)
    npz(name, pipe.content, {k: several[k] for k in ("x", "y")}, note="sizes stand behind the data; the archive has a comment")
finish("npz", "arrays in the archive's order; each as in npy/manifest.json", np)

# safetensors


def safe(name, tensors, metadata=None, content=None):
    content = safetensors.numpy.save(tensors, metadata) if content is None else content
    write_bytes(f"{FOLDER}safetensors/{name}.safetensors", content)
    length, = struct.unpack("<Q", content[:8])
    cases.append({"file": f"{name}.safetensors", "metadata": metadata, "header": content[8:8 + length].decode(),
                  "tensors": {k: tensor(tensors[k]) for k in sorted(tensors)}})


every = {code.name: np.array([[0, 1, 2], [3, 4, 100]]).astype(code)
         for code in map(np.dtype, ("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"))}
safe("every-dtype", every)
safe("metadata", {"0.dense.weight": grid.astype(np.float32), "0.dense.bias": np.array([0.5, -1.5, 2.0, 0.0], np.float32)},
     {"format": "größe \"quoted\" \n"})
safe("empty-and-scalar", {"empty": np.zeros((0, 3), np.float32), "scalar": np.array(2.5), "one": np.ones((1, 1, 1), np.int8)})
safe("no-tensors", {})
special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-7, 65504.0])
safe("special-values", {"f16": special.astype(np.float16), "f32": special.astype(np.float32), "f64": special})
brain = torch.tensor([1.0, -2.5, 3.140625, 1e38, float("inf"), float("nan"), 0.0], dtype=torch.bfloat16)
content = safetensors.torch.save({"b": brain})
write_bytes(f"{FOLDER}safetensors/bfloat16.safetensors", content)
cases.append({"file": "bfloat16.safetensors", "metadata": None,
              "header": content[8:8 + struct.unpack("<Q", content[:8])[0]].decode(),
              "tensors": {"b": {**tensor(brain.double()), "dtype": "bfloat16"}}})
finish("safetensors", "tensors by name, not in file order; `header`: the file's JSON header as text; bfloat16 and float16 "
       "values as they are in float64", np, safetensors, torch)

# png


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(rows, bytes_per_pixel, filters):
    """Applies row filter filters[y % count] of the PNG specification: none, sub, up, average, Paeth."""
    out, above = b"", bytes(len(rows[0])) if rows else b""
    for y, row in enumerate(rows):
        kind, line = filters[y % len(filters)], bytearray()
        for x, value in enumerate(row):
            left = row[x - bytes_per_pixel] if x >= bytes_per_pixel else 0
            corner = above[x - bytes_per_pixel] if x >= bytes_per_pixel else 0
            p = left + above[x] - corner
            nearest = min((left, above[x], corner), key=lambda v: abs(p - v))
            line.append((value - (0, left, above[x], (left + above[x]) // 2, nearest)[kind]) & 255)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def encoded(array, bits, color, filters=(0,), interlaced=False, extra=b"", parts=1):
    """A PNG of `array` (H, W, C) of samples; `parts`: number of IDAT chunks."""
    height, width, channels = array.shape

    def rows(block):
        if bits == 16:
            return [line.astype(">u2").tobytes() for line in block]
        if bits == 8:
            return [line.astype(np.uint8).tobytes() for line in block]
        planes = (block[..., 0][..., None] >> np.arange(bits - 1, -1, -1)) & 1
        return [np.packbits(line.reshape(-1).astype(np.uint8)).tobytes() for line in planes]

    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    blocks = [array[y::dy, x::dx] for y, x, dy, dx in passes] if interlaced else [array]
    step = max(1, channels * bits // 8)
    data = zlib.compress(b"".join(filtered(rows(b), step, filters) for b in blocks if b.size), 9)
    size = -(-len(data) // parts)
    pieces = b"".join(chunk(b"IDAT", data[i:i + size]) for i in range(0, len(data), size))
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + pieces + chunk(b"IEND", b"")


def png(name, content, mode=None, values=None, writer="Pillow", **notes):
    """Stores the pixels as Pillow reads them, converted to `mode` (palettes to RGB); or the given values."""
    image = Image.open(io.BytesIO(content))
    read = np.asarray(image.convert(mode) if mode else image)
    if values is not None:
        assert not read.size or read.shape[:2] == values.shape[:2]
        if read.dtype == values.dtype or mode:
            assert np.array_equal(read.reshape(values.shape), values), name
    pixels = read if values is None else values
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    assert len(content) < 4096, name
    write_bytes(f"{FOLDER}png/{name}.png", content)
    cases.append({"file": f"{name}.png", "writer": writer, "bitDepth": content[24], "colorType": content[25],
                  "interlaced": bool(content[28]), **tensor(pixels), **notes})


def pillow(image, **options):
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return stream.getvalue()


def pixels(*shape, high=256, dtype=np.uint8):
    """A gradient with noise, so that an encoder's filters have something to do."""
    y, x = np.mgrid[0:shape[0], 0:shape[1]]
    base = (x * 9 + y * 17)[..., None] * (np.arange(shape[2]) + 1) * (high // 256 or 1)
    return ((base + r.integers(0, max(high // 16, 2), *shape)) % high).astype(dtype)


gray, color, alpha = pixels(7, 5, 1), pixels(6, 9, 3), pixels(5, 6, 4)
png("gray", pillow(Image.fromarray(gray[..., 0])))
png("gray-36", pillow(Image.fromarray(pixels(36, 36, 1)[..., 0]), optimize=True))
png("rgb", pillow(Image.fromarray(color)))
png("rgba", pillow(Image.fromarray(alpha)))
png("gray-alpha", pillow(Image.merge(
    "LA", [Image.fromarray(c) for c in np.moveaxis(pixels(4, 3, 2), 2, 0)])))
wide = pixels(5, 7, 1, high=65536, dtype=np.uint16)
png("gray-16", pillow(Image.fromarray(wide[..., 0])), values=wide)
png("palette", pillow(Image.fromarray(color).quantize(16)), "RGB", note="palette of 16; values are the colors")
png("palette-2", pillow(Image.fromarray(color).quantize(2)), "RGB", note="palette of 2, one bit a pixel")
png("palette-transparent", pillow(Image.fromarray(color).quantize(5), transparency=1), "RGBA",
    note="one palette entry is transparent; values are RGBA")
png("bits", pillow(Image.fromarray(gray[..., 0] > 60)), "L", note="one bit a pixel; values 0 and 255")
png("ancillary-chunk", pillow(Image.fromarray(gray[..., 0]), dpi=(72, 72)), note="with a chunk to be skipped (pHYs)")
own = "Tests/Reference/formats.py"
for name, array, bits, kind in [("gray", gray, 8, 0), ("rgb", color, 8, 2), ("rgba", pixels(11, 13, 4), 8, 6)]:
    png(f"interlaced-{name}", encoded(array, bits, kind, (1, 4, 2), True), values=array, writer=own)
png("interlaced-1x1", encoded(gray[:1, :1], 8, 0, (0,), True), values=gray[:1, :1], writer=own)
for index, name in enumerate(("none", "sub", "up", "average", "paeth")):
    png(f"filter-{name}", encoded(color, 8, 2, (index,), parts=3), values=color, writer=own, note="three IDAT chunks")
few = pixels(5, 7, 1, high=16)
png("gray-4-bits", encoded(few, 4, 0, (0, 1)), "L", values=few * 17, writer=own, note="values scaled to 0...255")
rgb16 = pixels(3, 4, 3, high=65536, dtype=np.uint16)
png("rgb-16", encoded(rgb16, 16, 2, (1, 2, 4)), values=rgb16, writer=own, note="Pillow reads these as 8 bits: not compared")
finish("png", "shape [height, width, channels]; uint8, or uint16 for 16 bits; palettes expanded to colors", np, PIL)

# idx

KINDS = {np.dtype("u1"): 0x08, np.dtype("i1"): 0x09, np.dtype("i2"): 0x0B, np.dtype("i4"): 0x0C, np.dtype("f4"): 0x0D,
         np.dtype("f8"): 0x0E}


def idx(name, array, compressed=False):
    content = struct.pack(f">HBB{array.ndim}I", 0, KINDS[array.dtype], array.ndim, *array.shape)
    content += array.astype(array.dtype.newbyteorder(">")).tobytes()
    name += ".gz" if compressed else ""
    write_bytes(f"{FOLDER}idx/{name}", gzip.compress(content, 9, mtime=0) if compressed else content)
    cases.append({"file": name, **tensor(array)})


images, labels = r.integers(0, 256, 4, 5, 6).astype(np.uint8), np.array([3, 0, 9, 1], np.uint8)
idx("images-idx3-ubyte", images)
idx("images-idx3-ubyte", images, True)
idx("labels-idx1-ubyte", labels)
idx("labels-idx1-ubyte", labels, True)
idx("int8-idx1", np.array([-128, 0, 127], np.int8))
idx("int16-idx2", np.array([[-32768, 0], [1, 32767]], np.int16))
idx("int32-idx1", np.array([-(2**31), 5, 2**31 - 1], np.int32))
idx("float-idx2", np.array([[0.5, -1.25, 3e38]], np.float32))
idx("double-idx1", np.array([0.1, -1e300]), True)
idx("empty-idx2", np.zeros((0, 3), np.uint8))
finish("idx", "as at yann.lecun.com/exdb/mnist; big-endian inside; .gz by gzip", np)

# csv


def table(name, text, header=True, delimiter=",", encoding="utf-8", **notes):
    content = text.encode(encoding)
    rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter) if row]
    write_bytes(f"{FOLDER}csv/{name}.csv", content)
    cases.append({"file": f"{name}.csv", "delimiter": delimiter, "header": rows[0] if header else None,
                  "rows": rows[1 if header else 0:], **notes})


table("plain", "x,y,label\n0.5,-1.25,a\n1e3,2.5E-2,b\n-0,+7,a\n")
table("crlf", "x,y\r\n1,2\r\n3,4\r\n")
table("quoted", 'name,remark\n"Ada, Countess","said ""yes"""\nplain,"two\nlines"\n"",end\n')
table("quoted-crlf", '"a","b"\r\n"1","line\r\nbreak"\r\n')
table("missing", "a,b,c\n1,,3\n,,\n4,NA,\n5,nan,6\n", note="empty fields, NA and nan mean a missing value")
table("no-header", "1,2,3\n4,5,6\n", header=False)
table("no-last-newline", "x,y\n1,2\n3,4")
table("semicolons", "x;y\n1,5;2\n3;4,25\n", delimiter=";", note="decimal commas stay text")
table("tabs", "x\ty\n1\t2\n", delimiter="\t")
table("byte-order-mark", "größe,y\n1,2\n", encoding="utf-8-sig")
table("spaces", "x, y\n 1 ,2\n", note="spaces belong to the field")
table("one-column", "x\n1\n2\n")
table("blank-lines", "x,y\n\n1,2\n\n\n3,4\n\n", note="blank lines are skipped")
table("header-only", "x,y\n")
table("empty", "", header=False)
table("ragged", "x,y\n1,2\n3\n4,5,6\n", note="rows of unequal length: a reader of numbers must refuse it, naming line 3")
table("not-a-number", "x,y\n1,2\n3,four\n", note="a reader of numbers must refuse it, naming line 3, column y")
finish("csv", "rows as text, fields unquoted, as Python's csv module reads them (blank lines left out)", np)
