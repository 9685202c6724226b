import AviaryCore
import AviaryZlib

/// The wrapper of compressed bytes; raw values are zlib's `windowBits`.
enum ZlibFormat: Int32 {
  /// Raw deflate (RFC 1951), as in zip archives.
  case raw = -15
  /// With a short header and an Adler-32 checksum (RFC 1950), as in PNG.
  case zlib = 15
  /// With a header, a CRC-32 and the length (RFC 1952).
  case gzip = 31
}

/// A decompression in progress. zlib keeps the address of its stream, so it is allocated on the heap.
final class InflateStream {
  enum Status: Equatable {
    /// The compressed data ended, including its checksum.
    case ended
    /// All input is consumed, or the output is full.
    case paused
    /// The input is invalid; with zlib's message.
    case damaged(String)
  }

  private let stream: UnsafeMutablePointer<z_stream>

  init(_ format: ZlibFormat) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    require(status == Z_OK, "zlib has no memory to decompress")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Starts over, for data in the same format.
  func restart() { inflateReset(stream) }

  /// Inflates until the data ends, the input is consumed or the output is full, and removes the used parts from both.
  func run(_ input: inout UnsafeRawBufferPointer, into output: inout UnsafeMutableRawBufferPointer) -> Status {
    while true {
      // zlib counts in 32 bits.
      let taken = min(input.count, 1 << 30)
      let room = min(output.count, 1 << 30)
      let start = input.bindMemory(to: UInt8.self).baseAddress
      var nothing: UInt8 = 0
      let status = withUnsafeMutablePointer(to: &nothing) { spare in
        stream.pointee.next_in = start.map { UnsafeMutablePointer(mutating: $0) } ?? spare
        stream.pointee.avail_in = UInt32(taken)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress ?? spare
        stream.pointee.avail_out = UInt32(room)
        return inflate(stream, Z_NO_FLUSH)
      }
      input = .init(rebasing: input.dropFirst(taken - Int(stream.pointee.avail_in)))
      output = .init(rebasing: output.dropFirst(room - Int(stream.pointee.avail_out)))
      switch status {
      case Z_STREAM_END: return .ended
      case Z_OK where !input.isEmpty && !output.isEmpty: continue
      case Z_OK, Z_BUF_ERROR: return .paused
      case Z_NEED_DICT: return .damaged("need dictionary")
      default: return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)")
      }
    }
  }
}
