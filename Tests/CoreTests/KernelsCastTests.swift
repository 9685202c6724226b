import AviaryKernels
import Testing

@Suite struct KernelsCastTests {
  func cast<From: BitwiseCopyable, To>(_ x: [From], _ from: aviary_dtype, _ to: aviary_dtype, _ initial: To) -> [To] {
    filled(x.count, with: initial) { aviary_cast(from, to, x.count, x, $0) }
  }

  @Test func floatsToIntegersTruncateAndSaturate() {
    let x: [Float] = [0, -0.9, 1.9, -1.9, 127.5, 128, -128.9, 300, 1e20, -1e20, .nan, .infinity, -.infinity]
    #expect(
      cast(x, AVIARY_FLOAT32, AVIARY_INT8, Int8(0)) == [0, 0, 1, -1, 127, 127, -128, 127, 127, -128, 0, 127, -128])
    #expect(
      cast(x, AVIARY_FLOAT32, AVIARY_UINT8, UInt8(0)) == [0, 0, 1, 0, 127, 128, 0, 255, 255, 0, 0, 255, 0])
    #expect(
      cast(x, AVIARY_FLOAT32, AVIARY_INT64, Int64(0))
        == [0, 0, 1, -1, 127, 128, -128, 300, .max, .min, 0, .max, .min])
    #expect(
      cast(x, AVIARY_FLOAT32, AVIARY_UINT64, UInt64(1)) == [0, 0, 1, 0, 127, 128, 0, 300, .max, 0, 0, .max, 0])
    let y: [Double] = [2_147_483_647.5, 2_147_483_648, -2_147_483_648.9, -3e9, 4e9]
    #expect(cast(y, AVIARY_FLOAT64, AVIARY_INT32, Int32(0)) == [.max, .max, .min, .min, .max])
    #expect(cast(x, AVIARY_FLOAT32, AVIARY_BOOL, false) == x.map { $0 != 0 })
  }

  @Test func integers() {
    let x: [Int32] = [0, 1, -1, 255, 256, -129, .max, .min]
    #expect(cast(x, AVIARY_INT32, AVIARY_UINT8, UInt8(0)) == x.map { UInt8(truncatingIfNeeded: $0) })
    #expect(cast(x, AVIARY_INT32, AVIARY_INT64, Int64(0)) == x.map { Int64($0) })
    #expect(cast(x, AVIARY_INT32, AVIARY_UINT64, UInt64(0)) == x.map { UInt64(truncatingIfNeeded: $0) })
    #expect(cast(x, AVIARY_INT32, AVIARY_FLOAT32, Float(0)) == x.map { Float($0) })
    let large: [UInt64] = [.max, 1 << 63]
    #expect(cast(large, AVIARY_UINT64, AVIARY_FLOAT64, 0.0) == [0x1p64, 0x1p63])
    let bytes = (0..<256).map { UInt8($0) }
    #expect(cast(bytes, AVIARY_UINT8, AVIARY_FLOAT32, Float(0)) == bytes.map { Float($0) })
    #expect(cast([true, false], AVIARY_BOOL, AVIARY_FLOAT64, 9.0) == [1, 0])
    #expect(cast(x, AVIARY_INT32, AVIARY_BOOL, false) == x.map { $0 != 0 })
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func everyHalf() {
      let bits = (0...UInt16.max).map { $0 }
      let floats = cast(bits, AVIARY_FLOAT16, AVIARY_FLOAT32, Float(0))
      let back = cast(floats, AVIARY_FLOAT32, AVIARY_FLOAT16, UInt16(0))
      for b in bits {
        let exact = Float16(bitPattern: b), value = floats[Int(b)]
        #expect(exact.isNaN ? value.isNaN : value == Float(exact) && value.sign == exact.sign)
        #expect(exact.isNaN ? Float16(bitPattern: back[Int(b)]).isNaN : back[Int(b)] == b)
      }
    }

    @Test func roundingToHalf() {
      var doubles: [Double] = numbers(4000, seed: 1, scale: 70000) + numbers(4000, seed: 2, scale: 1e-6)
      // Just beside ties, where rounding twice goes wrong.
      doubles += [
        1 + 0x1p-11, 1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-11 - 0x1p-40, 65519.999, 65520, 0x1p-25, 0x1p-25 + 0x1p-60,
      ]
      let halves = cast(doubles, AVIARY_FLOAT64, AVIARY_FLOAT16, UInt16(0))
      for (value, half) in zip(doubles, halves) { #expect(half == Float16(value).bitPattern, "\(value)") }
      let floats = doubles.map { Float($0) }
      let fromFloats = cast(floats, AVIARY_FLOAT32, AVIARY_FLOAT16, UInt16(0))
      for (value, half) in zip(floats, fromFloats) { #expect(half == Float16(value).bitPattern, "\(value)") }
      let integers: [Int64] = [0, 1, -1, 2049, 2051, 65519, 65520, .max, .min]
      let fromIntegers = cast(integers, AVIARY_INT64, AVIARY_FLOAT16, UInt16(0))
      for (value, half) in zip(integers, fromIntegers) { #expect(half == Float16(value).bitPattern, "\(value)") }
    }
  #endif

  @Test func brainFloats() {
    let x: [Float] = [1, 1.00390625, 1.01171875, 3.4e38, .infinity, -0.0]
    #expect(
      cast(x, AVIARY_FLOAT32, AVIARY_BFLOAT16, UInt16(0)) == [0x3F80, 0x3F80, 0x3F82, 0x7F80, 0x7F80, 0x8000])
    let nan = cast([Float.nan], AVIARY_FLOAT32, AVIARY_BFLOAT16, UInt16(0))[0]
    #expect(nan & 0x7F80 == 0x7F80 && nan & 0x7F != 0)
    #expect(cast([UInt16(0x3F82)], AVIARY_BFLOAT16, AVIARY_FLOAT64, 0.0) == [1.015625])
    // A tie of bfloat16, broken by the last bits of a 64-bit integer.
    #expect(cast([Int64(0x0101_0000_0000_0001)], AVIARY_INT64, AVIARY_BFLOAT16, UInt16(0)) == [0x5B81])
    #expect(cast([Int64(0x0101_0000_0000_0000)], AVIARY_INT64, AVIARY_BFLOAT16, UInt16(0)) == [0x5B80])
  }
}
