import AviaryKernels

/// The geometry of a two-dimensional window that slides over images: sizes, strides, dilation and padding.
public struct Window2D: Sendable, Hashable {
  /// The treatment of an image's border, with reach = (size − 1)·dilation + 1 along each direction.
  public enum Padding: Sendable, Hashable {
    /// Only windows inside the image: out = ⌊(in − reach) / stride⌋ + 1.
    case valid
    /// Zero padding for ⌈in / stride⌉ windows, with the missing pixels split between both sides and an odd one at the
    /// bottom and right, as in TensorFlow.
    case same
    /// Like `valid`, with a last window across the bottom or right border if pixels would be left over:
    /// out = ⌈(in − reach) / stride⌉ + 1, where no window starts beyond the border. As in cuda-convnet and Caffe.
    case cover
    /// Like `valid` on an image with additional rows above and below and columns left and right, fewer than the
    /// window's reach: out = ⌊(in + 2·number − reach) / stride⌋ + 1.
    case border(rows: Int, columns: Int)
  }

  /// Height and width of the window.
  public var size: (height: Int, width: Int) { (height, width) }
  /// Height and width covered by the window, including dilation gaps: (size − 1)·dilation + 1.
  public var reach: (height: Int, width: Int) { ((height - 1) * dilationHeight + 1, (width - 1) * dilationWidth + 1) }
  let height: Int
  let width: Int
  let strideHeight: Int
  let strideWidth: Int
  let dilationHeight: Int
  let dilationWidth: Int
  /// The treatment of the border.
  public let padding: Padding

  /// The limit for sizes: greater numbers fit no image and would overflow.
  private static let greatest = 1 << 30

  /// A window with one dilation for both directions. Traps if a number is not in 1...2³⁰, or a border not in 0...2³⁰.
  public init(
    height: Int, width: Int, strides: (Int, Int) = (1, 1), dilation: Int = 1, padding: Padding = .valid,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      height: height, width: width, strides: strides, dilations: (dilation, dilation), padding: padding, file: file,
      line: line)
  }

  /// A window with separate strides and dilations for height and width. Traps if a number is not in 1...2³⁰, or a
  /// border not in 0...2³⁰.
  public init(
    height: Int, width: Int, strides: (Int, Int), dilations: (Int, Int), padding: Padding, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      [height, width, strides.0, strides.1, dilations.0, dilations.1].allSatisfy((1...Window2D.greatest).contains),
      "the window \(height)×\(width), strides \(strides) and dilations \(dilations) must all be in 1...2³⁰", file, line)
    if case .border(let rows, let columns) = padding {
      require(
        [rows, columns].allSatisfy((0...Window2D.greatest).contains),
        "the border of \(rows) rows and \(columns) columns must be in 0...2³⁰", file, line)
    }
    self.height = height
    self.width = width
    strideHeight = strides.0
    strideWidth = strides.1
    dilationHeight = dilations.0
    dilationWidth = dilations.1
    self.padding = padding
  }

  /// The number of windows over a length `input`, and the missing pixels before the first; nil if none fits.
  private func placement(_ input: Int, _ reach: Int, _ stride: Int, _ border: Int) -> (count: Int, before: Int)? {
    switch padding {
    case .same:
      let count = (input + stride - 1) / stride
      return (count, max((count - 1) * stride + reach - input, 0) / 2)
    case .cover:
      let count = (max(input - reach, 0) + stride - 1) / stride + 1
      return ((count - 1) * stride >= input ? count - 1 : count, 0)
    case .valid, .border:
      guard border < reach, input + 2 * border >= reach else { return nil }
      return ((input + 2 * border - reach) / stride + 1, border)
    }
  }

  private func rows(_ input: Int) -> (count: Int, before: Int)? {
    placement(input, reach.height, strideHeight, border.rows)
  }

  private func columns(_ input: Int) -> (count: Int, before: Int)? {
    placement(input, reach.width, strideWidth, border.columns)
  }

  private var border: (rows: Int, columns: Int) {
    if case .border(let rows, let columns) = padding { (rows, columns) } else { (0, 0) }
  }

  /// Output height and width for images of the given size, or nil if no window fits.
  public func outputSize(height inputHeight: Int, width inputWidth: Int) -> (height: Int, width: Int)? {
    // Larger images do not exist, and the sums would overflow.
    let lengths = 0...(1 << 40)
    guard lengths.contains(inputHeight), lengths.contains(inputWidth), let rows = rows(inputHeight),
      let columns = columns(inputWidth)
    else { return nil }
    return (rows.count, columns.count)
  }

  /// Strides and dilations of height and width, and the rows and columns added around images of the given size, as
  /// other programs specify windows; nil if no window fits.
  package func explicit(
    height inputHeight: Int, width inputWidth: Int
  ) -> (strides: [Int], dilations: [Int], before: [Int], after: [Int])? {
    guard let rows = rows(inputHeight), let columns = columns(inputWidth) else { return nil }
    let after = [
      (rows.count - 1) * strideHeight + reach.height - inputHeight - rows.before,
      (columns.count - 1) * strideWidth + reach.width - inputWidth - columns.before,
    ]
    return (
      [strideHeight, strideWidth], [dilationHeight, dilationWidth], [rows.before, columns.before],
      after.map { Swift.max($0, 0) }
    )
  }

  func paddingBefore(_ shape: Shape) -> (top: Int, left: Int) {
    (rows(shape[1])?.before ?? 0, columns(shape[2])?.before ?? 0)
  }

  func output(_ image: Shape, channels: Int) -> Shape? {
    guard image.rank == 4, let size = outputSize(height: image[1], width: image[2]) else { return nil }
    return [image[0], size.height, size.width, channels]
  }

  func convolution(image: Shape, output: Shape) -> aviary_conv2d {
    let before = paddingBefore(image)
    return aviary_conv2d(
      n: image[0], h: image[1], w: image[2], cin: image[3], kh: height, kw: width, cout: output[3],
      oh: output[1], ow: output[2], stride_h: strideHeight, stride_w: strideWidth,
      pad_top: before.top, pad_left: before.left, dilation_h: dilationHeight, dilation_w: dilationWidth)
  }
}
