import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The states that a recurrent layer outputs.
public enum RecurrentOutputs: String, CaseIterable, FieldValue, Sendable {
  /// The state after the whole sequence: [units].
  case last
  /// The states of all steps: [steps, units].
  case all
}

/// The direction in which a recurrent layer reads the steps.
public enum RecurrentDirection: String, CaseIterable, FieldValue, Sendable {
  /// From the first to the last.
  case forward
  /// From the last to the first.
  case backward
  /// Both directions, with separate weights; the outputs are concatenated along the last axis.
  case both
}

/// Fields shared by all recurrent layers.
struct RecurrentFields: FieldGroup {
  @Field("Number of units", .positive, example: 8) var units: Int
  @Field("last: the state after the whole sequence; all: the states of all steps") var outputs = RecurrentOutputs.last
  @Field("Direction of the sequence; both: two sets of units with concatenated outputs") var direction =
    RecurrentDirection.forward
  @Field(
    .schedule, "Dropout rate of the state between steps, with the same mask at every step",
    .in(0..<1)) var recurrentDropout: any Schedule = 0.0
  @Field("Adds a bias b") var bias = true
  @Field(.initializer, "Initializer of the input weights W") var weightInitializer: any Initializer = GlorotUniform()
  @Field(.initializer, "Initializer of the recurrent weights U") var recurrentInitializer: any Initializer =
    GlorotUniform()
  @Field(.initializer, "Initializer of the bias b") var biasInitializer: any Initializer = Zeros()

  init() {}

  init(_ units: Int, _ outputs: RecurrentOutputs, _ direction: RecurrentDirection, _ recurrentDropout: any Schedule) {
    self.units = units
    self.outputs = outputs
    self.direction = direction
    self.recurrentDropout = recurrentDropout
  }

  /// Whether the layer reads forward and outputs the states of all steps.
  var isCausal: Bool { outputs == .all && direction == .forward }

  /// The output shape for inputs [steps, …]. Throws ``LayerError`` for other inputs.
  func output(for input: Shape, in builder: inout ParameterBuilder) throws -> Shape {
    guard input.rank >= 2 else {
      throw LayerError(
        path: builder.path,
        "it takes sequences [steps, features], not \(input); put an 'embedding' or 'reshape' layer before it"
      )
    }
    let width = direction == .both ? 2 * units : units
    if outputs == .last { builder.stepsVary = false }
    return outputs == .all ? [input[0], width] : [width]
  }
}

/// The parameters of a recurrent cell and the pass over the steps.
struct RecurrentPass {
  var fields: RecurrentFields
  var cell: Recurrence.Cell
  /// The initializer of the bias, by default that of the fields.
  var biasInitializer: any Initializer
  /// The cell's extra parameter: its name, and its number of elements per unit.
  var extra: (name: String, count: Int)?

  init(
    _ fields: RecurrentFields, _ cell: Recurrence.Cell, biasInitializer: (any Initializer)? = nil,
    extra: (name: String, count: Int)? = nil
  ) {
    self.fields = fields
    self.cell = cell
    self.biasInitializer = biasInitializer ?? fields.biasInitializer
    self.extra = extra
  }

  /// The prefixes of the parameter names, and whether the direction is backward.
  private var ways: [(prefix: String, isReversed: Bool)] {
    switch fields.direction {
    case .forward: [("", false)]
    case .backward: [("", true)]
    case .both: [("forward.", false), ("backward.", true)]
    }
  }

  /// Declares, for each direction, `weight` [features, gates·units], `recurrent` [units, gates·units], `bias`
  /// [gates·units] and the cell's extra parameter.
  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try fields.output(for: input, in: &builder)
    let (features, units) = (input.dropFirst().reduce(1, *), fields.units)
    for (prefix, _) in ways {
      try builder.parameter(
        prefix + "weight", shape: [features, cell.gates * units], initializer: fields.weightInitializer,
        fans: Fans(input: features, output: units))
      try builder.parameter(
        prefix + "recurrent", shape: [units, cell.gates * units], initializer: fields.recurrentInitializer,
        fans: Fans(input: units, output: units))
      if fields.bias {
        try builder.parameter(prefix + "bias", shape: [cell.gates * units], initializer: biasInitializer)
      }
      if let extra { try builder.parameter(prefix + extra.name, shape: [extra.count * units], initializer: Zeros()) }
    }
    return output
  }

  /// The outputs for inputs [rows, steps, …].
  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (rows, steps) = (input.shape[0], input.shape[1])
    // Puts the steps outermost, so that a step's rows are contiguous.
    let x = input.reshaped(to: [rows, steps, input.shape.dropFirst(2).reduce(1, *)]).transposed(axes: [1, 0, 2])
      .reshaped(to: [steps * rows, input.shape.dropFirst(2).reduce(1, *)])
    let states = ways.map { prefix, isReversed in
      let states = run(x, (steps, rows), prefix, isReversed, parameters, &context)
      guard fields.outputs == .last else { return states }
      let end = isReversed ? 0 : steps - 1
      return states.slice(axis: 0, end..<(end + 1)).squeezed(axis: 0)
    }
    if fields.outputs == .last { context.lengths = nil }
    let output = states.count == 1 ? states[0] : Variable.concatenate(states, axis: -1)
    return fields.outputs == .last ? output : output.transposed(axes: [1, 0, 2])
  }

  /// The state that a step passes to the next.
  private var stateNames: [String] { if case .lstm = cell { ["h", "c"] } else { ["h"] } }

  private func run(
    _ x: Variable, _ size: (steps: Int, rows: Int), _ prefix: String, _ isReversed: Bool, _ parameters: Parameters,
    _ context: inout Context
  ) -> Variable {
    let weight = parameters[prefix + "weight"]
    let gates = fields.bias ? x.affine(weight: weight, bias: parameters[prefix + "bias"]) : x.matmul(weight)
    let zeros = Tensor.zeros([size.rows, fields.units], dtype: x.dtype)
    let states = stateNames.map { name in
      let carried = isReversed ? nil : context.carried(prefix + name, of: parameters, rows: size.rows)
      return Variable(carried ?? zeros)
    }
    var operands =
      [gates.reshaped(to: [size.steps, size.rows, gates.shape[1]]), parameters[prefix + "recurrent"]] + states
    if let extra { operands.append(parameters[prefix + extra.name]) }
    let keep = context.drops ? 1 - fields.recurrentDropout.share(in: context, of: parameters) : 1
    if keep < 1 {
      let random = context.random(for: parameters)[prefix + "state"]
      let mask = random.bernoulli([size.rows, fields.units], probability: keep).cast(to: x.dtype)
      operands.append(Variable(mask / keep))
    }
    let pass = Recurrence(cell, reversed: isReversed, lengths: context.lengths, isDropped: keep < 1)
    let outputs = Variable.apply(pass, to: operands)
    if context.carried != nil, !isReversed {
      for (name, output) in zip(stateNames, outputs) {
        context.carry(prefix + name, of: parameters, output.value[size.steps - 1].contiguous())
      }
    }
    return outputs[0]
  }
}
