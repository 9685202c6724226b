"""Small tar archives as other programs write them, and what is in them.

Output: FormatsTests/Golden/tar/, with a manifest.json beside the archives. Most are by the system's `tar` (GNU tar), in
each of its formats; what it has no option for by Python's `tarfile`. Damaged archives are made in the tests.
"""

import gzip
import hashlib
import io
import os
import pathlib
import subprocess
import tarfile
import tempfile

from golden import write, write_bytes

FOLDER = "FormatsTests/Golden/tar/"
LONG = "a-folder-of-a-long-name/" * 5 + "and-a-file-of-a-name-that-does-not-fit-into-a-hundred-bytes.txt"
FILES = {"batches/data_batch_1.bin": bytes(range(256)) * 5, "batches/empty": b"", "batches/block": b"x" * 512,
         "größe.txt": "grün\n".encode()}
cases = []


def archive(name, files, content, **notes):
    with tarfile.open(fileobj=io.BytesIO(content)) as read:
        assert {m.name: read.extractfile(m).read() for m in read if m.isreg()} == files
    # Mostly zeros; gzip keeps the repository small, and the tests read it through their own.
    write_bytes(f"{FOLDER}{name}.tar.gz", gzip.compress(content, mtime=0))
    cases.append({"file": f"{name}.tar.gz", "files": [
        {"name": path, "count": len(data), "sha256": hashlib.sha256(data).hexdigest()} for path, data in files.items()],
        **notes})


def system(name, files, *options, **notes):
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            target = pathlib.Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        os.symlink("größe.txt", pathlib.Path(folder, "link"))
        # Fixed owners, modes and times: the same bytes wherever it runs.
        fixed = ["--sort=name", "--owner=aviary:1", "--group=aviary:1", "--mode=u=rw,go=r", "--mtime=@0",
                 "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"]
        fixed = [option for option in fixed if "--format=pax" in options or "pax-option" not in option]
        command = ["tar", *options, *fixed, "-cf", "-", "--no-recursion", *sorted(files), "link"]
        content = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout
    archive(name, dict(sorted(files.items())), content, **notes)


for form in ("v7", "ustar", "gnu", "pax"):
    system(form, FILES, f"--format={form}")
for form in ("ustar", "gnu", "pax"):
    system(f"{form}-long", {LONG: b"long\n", "short": b"short\n"}, f"--format={form}")

stream = io.BytesIO()
with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
    folder = tarfile.TarInfo("folder")
    folder.type = tarfile.DIRTYPE
    tar.addfile(folder)
    entry = tarfile.TarInfo("folder/file")
    entry.size = 3
    tar.addfile(entry, io.BytesIO(b"abc"))
    hard = tarfile.TarInfo("folder/again")
    hard.type, hard.linkname = tarfile.LNKTYPE, "folder/file"
    tar.addfile(hard)
    later = tarfile.TarInfo("later")
    later.size = 4
    tar.addfile(later, io.BytesIO(b"late"))
content = bytearray(stream.getvalue())
with tarfile.open(fileobj=io.BytesIO(content)) as read:
    regular = {m.name: read.extractfile(m).read() for m in read if m.isreg()}
archive("folders-and-links", regular, bytes(content), note="a folder and a hard link have no contents")

# The size of the first file as GNU tar writes those of 8 GiB and more: 0x80 and a big-endian integer.
with tarfile.open(fileobj=io.BytesIO(content)) as read:
    start = read.getmember("folder/file").offset
content[start + 124:start + 136] = b"\x80" + (3).to_bytes(11, "big")
content[start + 148:start + 156] = b" " * 8
content[start + 148:start + 156] = b"%06o\0 " % sum(content[start:start + 512])
archive("binary-size", regular, bytes(content), note="a size that is no text")

stream = io.BytesIO()
with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "for all"}) as tar:
    entry = tarfile.TarInfo("x")
    entry.size, entry.pax_headers = 5, {"path": "renamed/ö", "comment": "=\n="}
    tar.addfile(entry, io.BytesIO(b"hello"))
archive("pax-records", {"renamed/ö": b"hello"}, stream.getvalue(), note="a global header; values with = and line breaks")

write(f"{FOLDER}manifest.json",
      {"generator": "Tests/Reference/archives.py",
       "versions": {"tar": subprocess.run(["tar", "--version"], check=True, capture_output=True,
                                          text=True).stdout.split("\n")[0]},
       "conventions": "gzip around each archive; files: each regular file, in the archive's order"}, cases)
