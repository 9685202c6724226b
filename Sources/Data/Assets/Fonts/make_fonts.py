#!/usr/bin/env python3
"""Render the embedded data set `fonts`: 2790 gray images of 36 x 36 pixels, 558 for each of five typefaces.

    apt-get download fonts-lato=2.0-2.1 fonts-ebgaramond=0.016+git20210310.42d4f9f2-1 \\
        fonts-jetbrains-mono=2.242+ds-3 fonts-roboto-slab=1.100263+20170512-2 fonts-dancingscript=1.2-2
    for package in fonts-*.deb; do dpkg-deb -x "$package" unpacked; done
    python3 -m pip install pillow==13.0.0 numpy==2.4.6
    python3 make_fonts.py --fonts unpacked [--sheet ../../../../Docs/Images/fonts.png] [--check]

Writes `fonts.npz` beside this script. With `--check` nothing is written: the images are rendered again and compared
with the file's. The font files are recognized by their SHA-256, so that other versions cannot slip in unnoticed.

Each typeface shows 62 letters and digits and 14 symbols seven or eight times. Every image draws its own weight, size,
angle and place. The glyph is rendered six times larger, turned, averaged down and rounded to 16 levels of gray, which
keeps the file small. No image occurs twice. Licenses of the fonts: LICENSES.md.
"""
import argparse
import hashlib
import io
import pathlib
import sys
import zipfile

import numpy
from PIL import Image, ImageDraw, ImageFont

SIDE = 36
SUPERSAMPLING = 6
LEVELS = 16
SEED = 2790
LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
SYMBOLS = "&@#$%?{}§¶£¥©¢"
PER_TYPEFACE = 558
CHARACTERS = ((LETTERS_AND_DIGITS + SYMBOLS) * 8)[:PER_TYPEFACE]

CAPITAL_HEIGHT = (21.0, 24.0)  # pixels
ANGLE = 2.5  # degrees, either way
SHIFT = 1.0  # pixels, either way

# In the order of the labels: the name and the weights to draw from, each file with its SHA-256.
TYPEFACES = {
    "Lato": {
        "Lato-Bold.ttf": "e0b1c4de011de8dd077cf21f97919fc31158eb290ee1176cbae06d500a6304bc",
        "Lato-Heavy.ttf": "24e8051e0e9dae2d9ff2aab1946320ab03fba441a9604b47d2002aee312e90d7",
    },
    "EB Garamond": {
        "EBGaramond12-Regular.otf": "4ee3bdb3a6618e74ac13a7b2c0a5079fa949be94a25736008ddb9f8b2e492963",
    },
    "JetBrains Mono": {
        "JetBrainsMono-ExtraLight.ttf": "1e2c8e9db2e0bf6a60af5e611ff51f907523e500452de3e4da3d3b6d37cd2e51",
        "JetBrainsMono-Light.ttf": "679c094dd76a57ffcc0f86a440e92cb7ed7705a7eb70da877f3caf038d50c38e",
    },
    "Roboto Slab": {
        "RobotoSlab-Regular.otf": "1ab154c4863f88a2481f4945591f9b630962daeb95a28a3efb3d84b8733e6f45",
    },
    "Dancing Script": {
        "DancingScript-Regular.otf": "38178945aaefdea573f4998d8b984985aaebb95964da337b23e77e682d7d3d17",
        "DancingScript-Bold.otf": "0ef9febbf9cf763e47b51170bc74c5ac0e0cc65918469ec6521729ce11dacd46",
    },
}


def between(random, low, high):
    return low + (high - low) * random.random()


def load(folder):
    """The font files by name, each checked against its SHA-256."""
    found = {path.name: path for path in sorted(folder.rglob("*")) if path.suffix in (".ttf", ".otf")}
    fonts = {}
    for weights in TYPEFACES.values():
        for name, expected in weights.items():
            if name not in found:
                sys.exit(f"{folder}: no {name}; unpack the packages named at the head of this script there")
            content = found[name].read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if digest != expected:
                sys.exit(f"{found[name]}: not the pinned version (SHA-256 {digest}, expected {expected})")
            fonts[name] = content
    return fonts


def face(content, size):
    return ImageFont.truetype(io.BytesIO(content), size, layout_engine=ImageFont.Layout.BASIC)


def capital_height(content):
    """The height of H for an em of one pixel."""
    _, top, _, bottom = face(content, 1000).getbbox("H")
    return (bottom - top) / 1000


def render(random, content, capital, character):
    """One image: the character centered, then moved, turned and scaled by chance; all ink stays inside the frame."""
    while True:
        height = between(random, *CAPITAL_HEIGHT)
        angle = between(random, -ANGLE, ANGLE)
        shift = (between(random, -SHIFT, SHIFT), between(random, -SHIFT, SHIFT))
        wide = SIDE * SUPERSAMPLING
        canvas = Image.new("L", (2 * wide, 2 * wide))
        font = face(content, height / capital * SUPERSAMPLING)
        left, top, right, bottom = font.getbbox(character)
        corner = (wide - (left + right) / 2, wide - (top + bottom) / 2)
        ImageDraw.Draw(canvas).text((round(corner[0]), round(corner[1])), character, font=font, fill=255)
        canvas = canvas.rotate(
            angle, resample=Image.Resampling.BICUBIC, translate=tuple(round(s * SUPERSAMPLING) for s in shift))
        inside = (wide // 2, wide // 2, wide // 2 + wide, wide // 2 + wide)
        box = canvas.getbbox()
        if box[0] < inside[0] or box[1] < inside[1] or box[2] > inside[2] or box[3] > inside[3]:
            continue
        fine = numpy.asarray(canvas.crop(inside), dtype=numpy.int64)
        total = fine.reshape(SIDE, SUPERSAMPLING, SIDE, SUPERSAMPLING).sum(axis=(1, 3))
        full = 255 * SUPERSAMPLING**2
        level = (total * (LEVELS - 1) * 2 + full) // (2 * full)
        return (level * (255 // (LEVELS - 1))).astype(numpy.uint8)


def render_all(fonts):
    """Images, labels and code points, class by class; within a class in an order drawn by chance."""
    images, labels, characters, seen = [], [], [], set()
    random = numpy.random.Generator(numpy.random.PCG64(SEED))
    for label, weights in enumerate(TYPEFACES.values()):
        names = list(weights)
        capitals = {name: capital_height(fonts[name]) for name in names}
        keys = [random.random() for _ in CHARACTERS]
        for index in sorted(range(len(CHARACTERS)), key=keys.__getitem__):
            while True:
                name = names[int(random.random() * len(names))]
                image = render(random, fonts[name], capitals[name], CHARACTERS[index])
                if image.tobytes() not in seen:
                    break
            seen.add(image.tobytes())
            images.append(image)
            labels.append(label)
            characters.append(ord(CHARACTERS[index]))
    return {
        "images": numpy.stack(images),
        "labels": numpy.array(labels, dtype=numpy.uint8),
        "characters": numpy.array(characters, dtype=numpy.uint8),
    }


def write(path, arrays):
    """A deflated npz whose bytes depend on nothing but the arrays: fixed time stamps and modes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            numpy.lib.format.write_array(member, array, version=(1, 0))
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, member.getvalue(), compresslevel=9)


def write_sheet(path, arrays):
    """A contact sheet: a row a typeface, ten of its images, dark on white."""
    wanted, gap, zoom = "AaGgRkQ7&e", 4, 2
    cell = SIDE * zoom
    sheet = numpy.full((len(TYPEFACES) * (cell + gap) + gap, len(wanted) * (cell + gap) + gap), 255, dtype=numpy.uint8)
    for label in range(len(TYPEFACES)):
        for column, character in enumerate(wanted):
            index = numpy.flatnonzero((arrays["labels"] == label) & (arrays["characters"] == ord(character)))[0]
            image = numpy.kron(255 - arrays["images"][index], numpy.ones((zoom, zoom), dtype=numpy.uint8))
            y, x = gap + label * (cell + gap), gap + column * (cell + gap)
            sheet[y : y + cell, x : x + cell] = image
    Image.fromarray(sheet).quantize(LEVELS).save(path, optimize=True)


def main():
    parser = argparse.ArgumentParser(description="Render the embedded data set `fonts`.")
    parser.add_argument("--fonts", type=pathlib.Path, required=True, help="folder with the unpacked font packages")
    parser.add_argument("--sheet", type=pathlib.Path, help="also write a contact sheet (PNG) here")
    parser.add_argument("--check", action="store_true", help="compare with fonts.npz instead of writing it")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(__file__).with_name("fonts.npz"))
    arguments = parser.parse_args()
    arrays = render_all(load(arguments.fonts))
    if arguments.check:
        with numpy.load(arguments.output) as stored:
            different = [name for name in arrays if not numpy.array_equal(arrays[name], stored[name])]
        if different:
            sys.exit(f"{arguments.output}: differs from what the fonts give in {', '.join(different)}")
        print(f"{arguments.output}: the same")
        return
    write(arguments.output, arrays)
    if arguments.sheet:
        write_sheet(arguments.sheet, arrays)
    images = arrays["images"]
    print(f"{arguments.output}: {arguments.output.stat().st_size} bytes, {len(images)} images, "
          f"mean {images.mean():.6f}, SHA-256 of the pixels {hashlib.sha256(images.tobytes()).hexdigest()}")


if __name__ == "__main__":
    main()
