/// Eight integers stored inline: dimensions or strides. Unused elements are 0.
@usableFromInline
package struct Inline8: Sendable {
  private var values: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)

  package init() {}

  package subscript(index: Int) -> Int {
    get { withPointer { $0[index] } }
    set {
      withUnsafeMutableBytes(of: &values) { $0.storeBytes(of: newValue, toByteOffset: index * 8, as: Int.self) }
    }
  }

  package func withPointer<Result>(_ body: (UnsafePointer<Int>) -> Result) -> Result {
    withUnsafeBytes(of: values) { body($0.baseAddress!.assumingMemoryBound(to: Int.self)) }
  }
}
