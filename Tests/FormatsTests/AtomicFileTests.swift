import AviaryCore
import AviaryFormats
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct AtomicFileTests {
  @Test func writesAndReplaces() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("größe.bin")
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(try FileBytes.read(path) == [1, 2, 3])
    try AtomicFile.write([], to: path)
    #expect(try FileBytes.read(path) == [])
    let long = [UInt8](repeating: 7, count: 3_000_000)
    try AtomicFile.write(long, to: path)
    #expect(try FileBytes.read(path) == long)
    try AtomicFile.write("naïve\n", to: path)
    #expect(try FileBytes.read(path) == Array("naïve\n".utf8))
    #expect(try folder.names() == ["größe.bin"])
  }

  @Test func failuresLeaveEverythingAsItWas() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path("no such folder/file")
    let error = try #require(refusal { try AtomicFile.write([1], to: missing) })
    #expect(error.kind == .unwritable && error.source == missing)
    // A folder with something in it cannot be replaced by a file.
    try FileManager.default.createDirectory(atPath: folder.path("taken"), withIntermediateDirectories: false)
    try AtomicFile.write([1], to: folder.path("taken/file"))
    #expect(refusal { try AtomicFile.write([2], to: folder.path("taken")) }?.kind == .unwritable)
    #expect(refusal { try AtomicFile.write([2], to: folder.path("taken/")) }?.kind == .unwritable)
    #expect(refusal { try AtomicFile.write([2], to: "") }?.kind == .unwritable)
    #expect(try folder.names() == ["taken"])
    #expect(try FileBytes.read(folder.path("taken/file")) == [1])
  }

  /// Renaming over a device or a pipe would put a file in its place, for all processes.
  @Test func whatIsNoFileIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: folder.path("pipe"))
    for name in ["pipe", "link"] {
      let error = try #require(refusal { try AtomicFile.write([1], to: folder.path(name)) })
      #expect(error.kind == .unwritable && error.found == "a pipe")
    }
    var status = stat()
    #expect(stat(folder.path("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try folder.names() == ["link", "pipe"])
  }

  @Test func whatCannotBeEncodedOverwritesNothing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("weights")
    try AtomicFile.write([1, 2, 3], to: path)
    let brain = Tensor([1.5]).cast(to: .bfloat16)
    #expect(refusal { try NPY.write(brain, to: path) } != nil)
    #expect(refusal { try NPZ.write(["b": brain], to: path) } != nil)
    #expect(refusal { try PNG.write(brain, to: path) } != nil)
    #expect(refusal { try IDX.write(brain, to: path) } != nil)
    #expect(refusal { try Safetensors(["__metadata__": brain]).write(to: path) } != nil)
    #expect(try FileBytes.read(path) == [1, 2, 3])
    #expect(try folder.names() == ["weights"])
  }

  @Test func linksAndPermissionsStay() throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try AtomicFile.write([1], to: folder.path("target"))
    try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path("target"))
    try files.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "target")
    try AtomicFile.write([2], to: folder.path("link"))
    #expect(try FileBytes.read(folder.path("target")) == [2])
    #expect(try files.destinationOfSymbolicLink(atPath: folder.path("link")) == "target")
    let permissions = try files.attributesOfItem(atPath: folder.path("target"))[.posixPermissions]
    #expect("\(permissions ?? 0)" == "\(0o640)")
  }

  @Test func whatCannotBeRead() throws {
    let folder = try TemporaryFolder()
    let missing = try #require(refusal { try NPZ.read(folder.path("none.npz")) })
    #expect(missing.kind == .missing && missing.source.hasSuffix("none.npz"))
    #expect(refusal { try FileBytes.read(folder.url.path) }?.found == "a folder")
    try AtomicFile.write([1, 2, 3], to: folder.path("three"))
    #expect(refusal { try FileBytes.read(folder.path("three"), maximumByteCount: 2) }?.kind == .tooLarge)
    #expect(try FileBytes.read(folder.path("three"), maximumByteCount: 3).count == 3)
    // A file that is nearly all hole: no machine has so much memory.
    try #require(truncate(folder.path("three"), 1 << 42) == 0)
    #expect(refusal { try Safetensors(contentsOf: folder.path("three")) }?.kind == .tooLarge)
  }
}
