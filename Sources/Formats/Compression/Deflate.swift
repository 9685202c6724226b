import AviaryCore
import AviaryZlib

/// Whole-buffer compression and decompression.
enum Deflate {
  /// The maximum size of `count` inflated bytes: a deflate block spends at least a bit per 258 bytes or, at best, two
  /// bits per match. Larger announced sizes are false, and are refused before allocating memory.
  static func greatestInflatedCount(of count: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: 1032)
    return overflow ? .max : product
  }

  /// Inflates a range of `bytes` that must become exactly `count` bytes and end with the range.
  ///
  /// The caller has checked `count`.
  static func inflate(
    _ bytes: [UInt8], in range: Range<Int>, _ format: ZlibFormat, count: Int, source: FormatSource
  ) throws -> [UInt8] {
    let stream = InflateStream(format)
    // One extra byte reveals longer data, and lets zlib see the end of data of the right length.
    return try [UInt8](unsafeUninitializedCapacity: count + 1) { buffer, filled in
      var output = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count + 1)
      let (status, left) = bytes.withUnsafeBytes { all in
        var input = UnsafeRawBufferPointer(rebasing: all[range])
        return (stream.run(&input, into: &output), input.count)
      }
      filled = count + 1 - output.count
      switch status {
      case .damaged(let message):
        throw source.error(expected: "valid deflated data", found: "\(message) (zlib), after \(filled) bytes")
      case .paused where filled <= count:
        throw source.error(expected: "deflated data of \(count) bytes", found: "its end after \(filled)")
      case .paused:
        throw source.error(expected: "deflated data of \(count) bytes", found: "more")
      case .ended where filled != count:
        throw source.error(expected: "deflated data of \(count) bytes", found: "\(filled) bytes")
      case .ended where left != 0:
        throw source.error(expected: "the end of the deflated data", found: "\(left) more bytes")
      case .ended: break
      }
    }
  }

  /// Compresses at a level from 1 (fast) to 9 (small), or 0 (stored). The result depends only on the input, the level
  /// and zlib's version.
  static func deflate(_ bytes: [UInt8], _ format: ZlibFormat, level: Int = 6) -> [UInt8] {
    var stream = z_stream()
    // deflate keeps the stream's address, as inflate does.
    return withUnsafeMutablePointer(to: &stream) { stream in
      let level = Int32(max(0, min(9, level)))
      let size = Int32(MemoryLayout<z_stream>.size)
      let status = deflateInit2_(
        stream, level, Z_DEFLATED, format.rawValue, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
      require(status == Z_OK, "zlib has no memory to compress")
      defer { deflateEnd(stream) }
      let bound = Int(deflateBound(stream, UInt(bytes.count)))
      return bytes.withUnsafeBufferPointer { input in
        [UInt8](unsafeUninitializedCapacity: bound) { output, filled in
          var used = 0
          while true {
            let taken = min(input.count - used, 1 << 30)
            let room = min(bound - filled, 1 << 30)
            stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + used) }
            stream.pointee.avail_in = UInt32(taken)
            stream.pointee.next_out = output.baseAddress! + filled
            stream.pointee.avail_out = UInt32(room)
            let status = AviaryZlib.deflate(stream, used + taken == input.count ? Z_FINISH : Z_NO_FLUSH)
            used += taken - Int(stream.pointee.avail_in)
            filled += room - Int(stream.pointee.avail_out)
            if status == Z_STREAM_END { return }
            require(status == Z_OK, "zlib exceeded its own bound on the size of compressed data")
          }
        }
      }
    }
  }
}
