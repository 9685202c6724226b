import AviaryCore
import AviaryFormats
import AviaryRegistry
import Testing

/// Damaged files: every reader must refuse or read them, and never do anything else.
@Suite struct DamageTests {
  /// A reader whose results can be compared.
  struct Reader: Sendable, CustomStringConvertible {
    var description: String
    var read: @Sendable ([UInt8]) throws -> NamedTensors

    init(_ description: String, _ read: @escaping @Sendable ([UInt8]) throws -> NamedTensors) {
      self.description = description
      self.read = read
    }
  }

  /// Formats with a known end, so that every truncation is detected. `isChecked`: checksums cover the contents, so that
  /// every change is detected.
  static let samples: [(path: String, reader: Reader, isChecked: Bool)] = {
    let npy = Reader("npy") { ["": try NPY.decode($0)] }
    let npz = Reader("npz") { try NPZ.decode($0) }
    let png = Reader("png") { ["": try PNG.decode($0)] }
    let idx = Reader("idx") { ["": try IDX.decode($0)] }
    let safetensors = Reader("safetensors") { try Safetensors($0).tensors }
    return [
      ("npy/f8.npy", npy, false), ("npy/version-2.npy", npy, false), ("npy/fortran-cube.npy", npy, false),
      ("npy/scalar.npy", npy, false), ("npz/stored.npz", npz, true), ("npz/deflated.npz", npz, true),
      ("npz/names.npz", npz, true), ("npz/streamed-deflated.npz", npz, true), ("npz/streamed-stored.npz", npz, true),
      ("npz/compressible.npz", npz, true), ("png/gray-16.png", png, true), ("png/palette-transparent.png", png, true),
      ("png/interlaced-rgb.png", png, true), ("png/bits.png", png, true), ("idx/images-idx3-ubyte", idx, false),
      ("idx/images-idx3-ubyte.gz", idx, true), ("idx/double-idx1.gz", idx, true),
      ("safetensors/every-dtype.safetensors", safetensors, false),
      ("safetensors/metadata.safetensors", safetensors, false),
    ]
  }()

  /// The result of a reader; nil if it refuses the input.
  private func outcome(_ reader: Reader, _ bytes: [UInt8]) -> NamedTensors? {
    do {
      return try reader.read(bytes)
    } catch is FormatError {
      return nil
    } catch {
      Issue.record("not a FormatError: \(error)")
      return nil
    }
  }

  @Test(arguments: samples.indices)
  func cutAnywhere(_ index: Int) throws {
    let (path, reader, _) = Self.samples[index]
    let bytes = try StoredFile.bytes(path)
    for count in bytes.indices where outcome(reader, Array(bytes[..<count])) != nil {
      Issue.record("\(path) was read from its first \(count) of \(bytes.count) bytes")
    }
  }

  @Test(arguments: samples.indices)
  func changedAnywhere(_ index: Int) throws {
    let (path, reader, isChecked) = Self.samples[index]
    let bytes = try StoredFile.bytes(path)
    let sound = try reader.read(bytes)
    for offset in bytes.indices {
      for change: UInt8 in [0xFF, 0x01, 0x20, 0x80] {
        guard let read = outcome(reader, bytes.replacing([bytes[offset] ^ change], at: offset)), isChecked else {
          continue
        }
        // Parts without a checksum (times, versions, comments) may change; the tensors may not.
        #expect(isIdentical(read, Array(sound)), "\(path), byte \(offset) ^ \(change)")
      }
    }
  }

  @Test(arguments: samples.indices)
  func manyChangesAtOnce(_ index: Int) throws {
    let (path, reader, _) = Self.samples[index]
    let bytes = try StoredFile.bytes(path)
    var numbers = Sequence64(state: UInt64(index))
    for _ in 0..<1000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...6, using: &numbers) {
        let place = Int.random(in: damaged.indices, using: &numbers)
        switch numbers.next() % 4 {
        case 0: damaged[place] = [0, 0xFF, 0x7F, 0x80].randomElement(using: &numbers) ?? 0
        case 1: damaged.remove(at: place)
        case 2: damaged.insert(UInt8.random(in: 0...255, using: &numbers), at: place)
        default: damaged[place] = UInt8.random(in: 0...255, using: &numbers)
        }
        if damaged.isEmpty { break }
      }
      _ = outcome(reader, damaged)
    }
  }

  /// Damage with a matching checksum, as an attacker would send it.
  @Test func damagedContentsWithSoundChecksums() throws {
    var numbers = Sequence64(state: 99)
    let npy = try StoredFile.bytes("npy/f8.npy")
    let reader = Reader("npz") { try NPZ.decode($0) }
    for offset in 0..<128 {
      var writer = ZipWriter()
      try writer.append("x.npy", npy.replacing([UInt8.random(in: 0...255, using: &numbers)], at: offset))
      _ = outcome(reader, writer.finished())
    }
    let png = Reader("png") { ["": try PNG.decode($0)] }
    for kind: UInt8 in [0, 2, 3, 4, 6] {
      for bits: UInt8 in [1, 2, 4, 8, 16] {
        for interlace: UInt8 in 0...1 {
          for size in 1...9 as ClosedRange<UInt32> {
            let raw = (0..<(Int.random(in: 0...120, using: &numbers))).map { _ in
              UInt8(truncatingIfNeeded: numbers.next() % 5)
            }
            let bytes = PNGTests.file(
              PNGTests.header(size, 10 - size, bits: bits, color: kind, rest: [0, 0, interlace]),
              kind == 3 ? PNGTests.chunk("PLTE", [1, 2, 3, 4, 5, 6]) : [], PNGTests.chunk("IDAT", PNGTests.zlib(raw)))
            _ = outcome(png, bytes)
          }
        }
      }
    }
  }

  @Test func damagedTables() throws {
    var numbers = Sequence64(state: 3)
    let characters = Array("1,\"\n\r;.e-NA é\0".utf8)
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...40, using: &numbers)).map { _ in
        characters.randomElement(using: &numbers) ?? 0
      }
      do {
        let table = try CSVTable(bytes)
        for column in 0..<table.columnCount { #expect(try table.texts(columnAt: column).count == table.rowCount) }
        #expect(try table.numbers().shape == [table.rowCount, table.columnCount])
      } catch {
        #expect(error is FormatError)
      }
    }
  }
}
