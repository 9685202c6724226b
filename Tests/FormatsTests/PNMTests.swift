import AviaryCore
import AviaryFormats
import Testing

@Suite struct PNMTests {
  private func decode(_ text: String, _ samples: [UInt8] = []) throws -> Tensor {
    try PNM.decode(Array(text.utf8) + samples)
  }

  @Test func binaryGrayAndColors() throws {
    let gray = try decode("P5\n# by hand\n3 2\n255\n", [0, 1, 2, 253, 254, 255])
    #expect(gray == Tensor([0, 1, 2, 253, 254, 255] as [UInt8]).reshaped(to: [2, 3, 1]))
    let colors = try decode("P6 1 2 255\n", [9, 8, 7, 6, 5, 4])
    #expect(colors == Tensor([9, 8, 7, 6, 5, 4] as [UInt8]).reshaped(to: [2, 1, 3]))
    let deep = try decode("P5 2 1 65535\n", [0x12, 0x34, 0xFF, 0xFF])
    #expect(deep == Tensor([0x1234, 0xFFFF] as [UInt16]).reshaped(to: [1, 2, 1]))
  }

  @Test func plainSamples() throws {
    #expect(try decode("P2\n2 2\n255\n0 10\n 255 7\n") == Tensor([0, 10, 255, 7] as [UInt8]).reshaped(to: [2, 2, 1]))
    #expect(try decode("P3 1 1 255 1 2 3") == Tensor([1, 2, 3] as [UInt8]).reshaped(to: [1, 1, 3]))
  }

  @Test func theGreatestSampleBecomesWhite() throws {
    // 7 of 15 is 119 of 255; 1 of 2 is 127.5, rounded up.
    #expect(try decode("P2 3 1 15 0 7 15") == Tensor([0, 119, 255] as [UInt8]).reshaped(to: [1, 3, 1]))
    #expect(try decode("P5 2 1 2\n", [1, 2]) == Tensor([128, 255] as [UInt8]).reshaped(to: [1, 2, 1]))
    #expect(try decode("P2 1 1 1000 500") == Tensor([32768] as [UInt16]).reshaped(to: [1, 1, 1]))
  }

  @Test(arguments: [
    "", "P", "P5 3", "P5 3 2", "P5 0 2 255\n", "P5 3 2 0\n", "P5 3 2 70000\n", "P5 3 2 255\nabc", "P9 1 1 255\n",
    "P2 2 1 255 1", "P2 1 1 255 x", "P2 1 1 255 256", "P5 4294967296 4294967296 255\n", "P2 99999 99999 255 1",
  ]) func damageIsTold(_ text: String) throws {
    #expect(refusal { try decode(text) }?.kind == .malformed)
  }

  @Test func bitmapsAreToldApart() throws {
    #expect(refusal { try decode("P4 8 1\n", [1]) }?.kind == .unsupported)
    // A sample above the maximum.
    #expect(refusal { try decode("P5 1 1 15\n", [16]) }?.found == "16")
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    for image in [
      Tensor([1, 2, 3, 250, 251, 252] as [UInt8]).reshaped(to: [2, 3, 1]),
      Tensor([1, 2, 3, 250, 251, 252] as [UInt8]).reshaped(to: [2, 1, 3]),
      Tensor([1, 60000] as [UInt16]).reshaped(to: [1, 2, 1]),
    ] {
      #expect(try PNM.decode(PNM.encode(image)) == image)
    }
    #expect(try PNM.encode(Tensor([7, 8] as [UInt8]).reshaped(to: [1, 2])) == Array("P5\n2 1\n255\n".utf8) + [7, 8])
    #expect(refusal { try PNM.encode(Tensor([1.5])) }?.kind == .unsupported)
  }
}
