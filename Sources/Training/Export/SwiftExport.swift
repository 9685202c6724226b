import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryRegistry

/// A run's model as one Swift file with its weights, which depends only on the product AviaryLayers.
///
/// The file declares a structure that makes predictions from stored inputs; it includes the run's transforms.
///
/// ```swift
/// try SwiftExport(of: FinishedRun("runs/fonts-cnn", in: .standard)).write(to: "FontsCNN.swift", …)
/// // in another package:
/// let model = try FontsCNN()
/// print(model.classes(of: images))
/// ```
public struct SwiftExport: Sendable {
  /// The structure's name.
  public let typeName: String
  /// The contents of the file.
  public let text: String

  /// Exports a run's model.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - given: the structure's name; nil derives it from the recipe's name: `FontsCnn`.
  /// - Throws: ``ExportError`` if a layer or a transform belongs to another package.
  public init(of run: FinishedRun, typeName given: String? = nil) throws {
    try run.requirePlainInputs()
    typeName = given ?? SwiftExport.typeName(run.recipe.name)
    let (start, letters) = (typeName.first, typeName.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" })
    guard letters, start?.isLetter == true else {
      throw ExportError("'\(typeName)' is not a valid name of a Swift type; use letters and digits")
    }
    let architecture = try SwiftExport.architecture(of: run)
    let steps = try SwiftPreprocessing(run.preprocessing)
    let parameters = run.model.parameters
    text = SwiftExport.file(
      typeName, run, architecture, steps,
      weights: (SwiftExport.base64(parameters.trainable), SwiftExport.base64(parameters.state)))
  }

  /// Writes the file atomically.
  public func write(to path: String) throws { try AtomicFile.write(text, to: path) }

  /// `fonts-cnn` becomes `FontsCnn`.
  private static func typeName(_ name: String) -> String {
    let words = name.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return joined.first?.isLetter == true ? joined : "Model\(joined)"
  }

  /// The description of the layers. Throws if one of them is not part of AviaryLayers.
  private static func architecture(of run: FinishedRun) throws -> String {
    do {
      var registries = Registries()
      try registries.registerLayers()
      let architecture = try run.model.architecture()
      _ = try Model(architecture: architecture, source: "the model", in: registries)
      return (architecture["layer"] ?? .null).json()
    } catch let error as ConfigurationError {
      throw ExportError("a layer of the model is not part of AviaryLayers: \(error)")
    }
  }

  private static func file(
    _ name: String, _ run: FinishedRun, _ architecture: String, _ steps: SwiftPreprocessing,
    weights: (trainable: String, state: String)
  ) -> String {
    let names = run.classNames.map { names in
      "\n  /// The class names, in the order of the outputs.\n  public static let classNames = "
        + "[\(names.map { SwiftExport.literal($0) }.joined(separator: ", "))]\n"
    }
    let dtype = run.model.dtype
    return """
      // The model of the run '\(run.recipe.name)', written by \(AviaryVersion.description).
      // Depends only on the product AviaryLayers of the package aviary.

      import AviaryCore
      import AviaryLayers
      import AviaryRegistry

      /// The trained model of the recipe '\(run.recipe.name)'.
      public struct \(name): Sendable {\(names ?? "")
        /// The network with its weights.
        public let model: Model
      \(steps.properties)
        /// Builds the network with the weights in this file.
        public init() throws {
          var registries = Registries()
          try registries.registerLayers()
          let layer = try Specification(ConfigurationValue(parsing: Self.architecture))
          var model = try Model(layer, in: registries, input: \(literal(run.model.inputShape)), dtype: .\(dtype.name), seed: 0)
          model.parameters.trainable = Self.numbers(Self.trainable, .\(dtype.name))
          model.parameters.state = Self.numbers(Self.state, .\(dtype.name))
          self.model = model
      \(steps.initialization)  }

        /// The model's outputs for stored rows [n] + \(run.inputForm.shape).
        public func callAsFunction(_ inputs: Tensor) -> Tensor { model(prepared(inputs)) }
      \(functions(run))
        /// Applies the run's transforms to stored inputs.
        public func prepared(_ inputs: Tensor) -> Tensor {
          let isWide = [DType.int32, .uint32, .int64, .uint64, .float64].contains(inputs.dtype)
          \(steps.statements.isEmpty ? "let" : "var") x = inputs.cast(to: isWide ? .float64 : .\(dtype.name))
      \(steps.statements)    return x.cast(to: .\(dtype.name))
        }

      \(decoder)
        private static let architecture = #\"""
          \(architecture)
          \"""#

        private static let trainable = \"""
      \(weights.trainable)
          \"""

        private static let state = \"""
      \(weights.state)
          \"""
      \(steps.constants)}

      """
  }

  /// The functions of a classifier; empty for other models.
  private static func functions(_ run: FinishedRun) -> String {
    let loss = (run.recipe.stages.last?.objective.underlying as? Supervised)?.loss
    guard run.classCount != nil, run.model.outputShape.rank == 1, run.model.outputShape[0] > 1 else { return "" }
    let isSoftmax = loss is SoftmaxCrossEntropy
    let function = isSoftmax ? "self(inputs).softmax()" : loss is SigmoidCrossEntropy ? "self(inputs).sigmoid()" : nil
    let probabilities = function.map { function in
      """

        /// The probabilities of the classes [n, classes] for stored rows.
        public func probabilities(_ inputs: Tensor) -> Tensor { \(function) }

      """
    }
    let classes =
      run.classNames == nil
      ? ""
      : """

        /// The most probable class of each row.
        public func classes(of inputs: Tensor) -> [String] {
          self(inputs).argmax(axis: 1).scalars(as: Int.self).map { Self.classNames[$0] }
        }

      """
    return (probabilities ?? "") + classes
  }

  static func literal(_ shape: some Sequence<Int>) -> String { "[\(shape.map(String.init).joined(separator: ", "))]" }

  static func literal(_ text: String) -> String { text.debugDescription }

  /// The bytes of a tensor in Base64, with line breaks.
  static func base64(_ tensor: Tensor) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var (text, line) = ([UInt8](), 0)
    tensor.contiguous().withBytes { bytes in
      text.reserveCapacity(bytes.count * 3 / 2)
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let some = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
        let bits = some[0] << 16 | some[1] << 8 | some[2]
        if line == 0 { text += "    ".utf8 }
        for place in 0..<4 where start + place <= bytes.count {
          text.append(digits[Int(bits >> UInt32(18 - 6 * place) & 63)])
        }
        line += 4
        if line == 112 {
          text.append(UInt8(ascii: "\n"))
          line = 0
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
