/// The header of a PGM or PPM file, and then its samples.
struct PNMReader {
  let width: Int
  let height: Int
  let channels: Int
  /// The maximum sample.
  let greatest: Int
  /// Whether samples are written as decimal text.
  private let isPlain: Bool
  private let bytes: [UInt8]
  private let source: FormatSource
  private var position: Int

  /// Reads the header, and checks that the file is large enough for the samples.
  init(_ bytes: [UInt8], _ source: FormatSource) throws {
    let kinds: [UInt8: (isPlain: Bool, channels: Int)] = [
      UInt8(ascii: "2"): (true, 1), UInt8(ascii: "3"): (true, 3), UInt8(ascii: "5"): (false, 1),
      UInt8(ascii: "6"): (false, 3),
    ]
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "P"), let kind = kinds[bytes[1]] else {
      let isBitmap = bytes.count > 1 && bytes[0] == UInt8(ascii: "P") && 0x31...0x37 ~= bytes[1]
      throw source.error(
        isBitmap ? .unsupported : .malformed, at: 0, expected: "a PGM or PPM file, which begins with P2, P3, P5 or P6",
        found: isBitmap
          ? "P\(bytes[1] - 0x30)" : bytes.first.map { quoted(byte: $0) } ?? "an empty file",
        remedy: isBitmap ? "save the image as PGM, PPM or PNG" : nil)
    }
    (self.bytes, self.source, position) = (bytes, source, 2)
    (isPlain, channels) = kind
    var cursor = Cursor(bytes: bytes, source: source, position: 2)
    width = try cursor.number(1...0x7FFF_FFFF, "the width")
    height = try cursor.number(1...0x7FFF_FFFF, "the height")
    greatest = try cursor.number(1...65535, "the maximum sample")
    let width = greatest > 255 ? 2 : 1
    // A plain sample takes at least a digit and, except for the last one, a blank; one blank ends a binary header.
    let (pixels, overflow) = self.width.multipliedReportingOverflow(by: height)
    let (samples, overflows) = pixels.multipliedReportingOverflow(by: channels)
    position = isPlain ? cursor.position : cursor.position + 1
    let room = max(0, bytes.count - position)
    guard !overflow, !overflows, samples <= (isPlain ? (room + 1) / 2 : room / width) else {
      throw source.error(
        at: position, expected: "\(self.width) × \(height) pixels of \(channels) samples", found: "\(room) bytes")
    }
  }

  /// Reads all samples.
  mutating func fill<Sample: FixedWidthInteger & UnsignedInteger>(
    _ target: UnsafeMutableBufferPointer<Sample>
  ) throws {
    let full = Int(Sample.max)
    var cursor = Cursor(bytes: bytes, source: source, position: position)
    for index in target.indices {
      let sample: Int
      if isPlain {
        sample = try cursor.number(0...greatest, "sample \(index)")
      } else {
        let start = position + index * (greatest > 255 ? 2 : 1)
        sample = greatest > 255 ? Int(bytes[start]) << 8 | Int(bytes[start + 1]) : Int(bytes[start])
        guard sample <= greatest else {
          throw source.error(at: start, expected: "samples of at most \(greatest)", found: "\(sample)")
        }
      }
      target[index] = Sample(greatest == full ? sample : (sample * full + greatest / 2) / greatest)
    }
  }

  /// Walks over numbers, blanks and comments.
  private struct Cursor {
    let bytes: [UInt8]
    let source: FormatSource
    var position: Int

    mutating func number(_ range: ClosedRange<Int>, _ what: @autoclosure () -> String) throws -> Int {
      skipBlanks()
      let start = position
      var value = 0
      while position < bytes.count, 0x30...0x39 ~= bytes[position] {
        value = min(value * 10 + Int(bytes[position] - 0x30), 1 << 40)
        position += 1
      }
      guard position > start, range ~= value else {
        let found =
          position > start
          ? "\(value)" : position < bytes.count ? quoted(byte: bytes[position]) : "the end of the file"
        throw source.error(
          at: start, expected: "\(what()), a number from \(range.lowerBound) to \(range.upperBound)", found: found)
      }
      return value
    }

    /// A comment goes from # to the end of the line.
    private mutating func skipBlanks() {
      while position < bytes.count {
        if bytes[position] == UInt8(ascii: "#") {
          while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
        } else if bytes[position] == 0x20 || 0x09...0x0D ~= bytes[position] {
          position += 1
        } else {
          return
        }
      }
    }
  }
}
