extension SwiftExport {
  /// The function in the exported file that decodes its numbers.
  static let decoder = """
      /// Numbers from their bytes, little-endian, in base 64.
      private static func numbers(_ text: String, _ dtype: DType) -> Tensor {
        var (bytes, bits, count) = ([UInt8](), UInt32(0), 0)
        bytes.reserveCapacity(text.utf8.count * 3 / 4)
        for character in text.utf8 {
          let digit: UInt8
          switch character {
          case 0x41...0x5A: digit = character - 0x41
          case 0x61...0x7A: digit = character - 0x61 + 26
          case 0x30...0x39: digit = character - 0x30 + 52
          case 0x2B: digit = 62
          case 0x2F: digit = 63
          default: continue
          }
          (bits, count) = (bits << 6 | UInt32(digit), count + 6)
          guard count >= 8 else { continue }
          count -= 8
          bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes.withUnsafeBytes { bytes in
          if dtype == .float64 {
            let numbers = (0..<bytes.count / 8).map {
              Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
            }
            return Tensor(numbers, shape: [numbers.count])
          }
          let numbers = (0..<bytes.count / 4).map {
            Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
          }
          return Tensor(numbers, shape: [numbers.count])
        }
      }

    """
}
