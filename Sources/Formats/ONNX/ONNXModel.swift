import AviaryCore

/// A graph of operators in the ONNX format (Open Neural Network Exchange), operator set 17.
package struct ONNXModel {
  /// An attribute of an operator.
  package enum Attribute {
    case integer(Int)
    case integers([Int])
    case float(Double)
    case text(String)
  }

  /// An operator applied to its inputs.
  package struct Node {
    package var operation: String
    package var inputs: [String]
    package var outputs: [String]
    package var attributes: [(name: String, value: Attribute)]

    package init(
      _ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [(name: String, value: Attribute)]
    ) {
      (self.operation, self.inputs, self.outputs, self.attributes) = (operation, inputs, outputs, attributes)
    }
  }

  /// An input or output; nil as a length means any number of rows.
  package struct Value {
    package var name: String
    package var dtype: DType
    package var shape: [Int?]

    package init(_ name: String, _ dtype: DType, _ shape: [Int?]) {
      (self.name, self.dtype, self.shape) = (name, dtype, shape)
    }
  }

  /// The version of the operator set.
  package static let operatorSet = 17

  package var name: String
  package var producer: String
  package var nodes: [Node] = []
  package var constants: [(name: String, tensor: Tensor)] = []
  package var inputs: [Value] = []
  package var outputs: [Value] = []
  /// Metadata: a text per key.
  package var metadata: [(key: String, value: String)] = []

  /// A graph without nodes.
  package init(name: String, producer: String) { (self.name, self.producer) = (name, producer) }

  /// The contents of the file.
  package func encoded() -> [UInt8] {
    var writer = ProtobufWriter()
    // Version 8 of the format introduced operator set 17.
    writer.integer(1, 8)
    writer.text(2, producer)
    writer.message(7, graph)
    writer.message(8) {
      $0.text(1, "")
      $0.integer(2, ONNXModel.operatorSet)
    }
    for (key, value) in metadata {
      writer.message(14) {
        $0.text(1, key)
        $0.text(2, value)
      }
    }
    return writer.bytes
  }

  private func graph(_ writer: inout ProtobufWriter) {
    for node in nodes { writer.message(1) { write(node, to: &$0) } }
    writer.text(2, name)
    for (name, tensor) in constants { writer.message(5) { write(tensor, name, to: &$0) } }
    for input in inputs { writer.message(11) { write(input, to: &$0) } }
    for output in outputs { writer.message(12) { write(output, to: &$0) } }
  }

  private func write(_ node: Node, to writer: inout ProtobufWriter) {
    for input in node.inputs { writer.text(1, input) }
    for output in node.outputs { writer.text(2, output) }
    writer.text(3, node.outputs.first ?? "")
    writer.text(4, node.operation)
    for (name, value) in node.attributes {
      writer.message(5) { attribute in
        attribute.text(1, name)
        switch value {
        case .float(let number):
          attribute.float(2, Float(number))
          attribute.integer(20, 1)
        case .integer(let number):
          attribute.integer(3, number)
          attribute.integer(20, 2)
        case .text(let text):
          attribute.text(4, text)
          attribute.integer(20, 3)
        case .integers(let numbers):
          for number in numbers { attribute.integer(8, number) }
          attribute.integer(20, 7)
        }
      }
    }
  }

  private func write(_ tensor: Tensor, _ name: String, to writer: inout ProtobufWriter) {
    for length in tensor.shape { writer.integer(1, length) }
    writer.integer(2, ONNXModel.code(of: tensor.dtype))
    writer.text(8, name)
    var bytes: [UInt8] = []
    tensor.appendStored(to: &bytes)
    writer.data(9, bytes)
  }

  private func write(_ value: Value, to writer: inout ProtobufWriter) {
    writer.text(1, value.name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, ONNXModel.code(of: value.dtype))
        tensor.message(2) { shape in
          for length in value.shape {
            shape.message(1) { if let length { $0.integer(1, length) } else { $0.text(2, "rows") } }
          }
        }
      }
    }
  }

  /// ONNX's code for an element type.
  package static func code(of dtype: DType) -> Int {
    switch dtype {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .bfloat16: 16
    }
  }
}
