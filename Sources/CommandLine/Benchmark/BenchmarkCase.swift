import Aviary

/// A piece of work of a fixed size that is timed: a kernel, a training step, an inference, the start of the program.
///
/// Names, shapes and sizes are those of the comparison with other frameworks, so that a name means the same work in each.
package struct BenchmarkCase {
  /// Sets of cases that are asked for together.
  package enum Group: String, CaseIterable {
    case kernels, train, infer, startup
  }

  package let name: String
  package let group: Group
  package let quantity: BenchmarkQuantity
  /// Makes the data, and gives what is timed.
  package let prepare: () throws -> () throws -> Void

  /// All cases, in the order they are listed and run.
  package static var all: [BenchmarkCase] { products + kernels + layers + trainings + inferences + [startup] }

  /// The cases of names and groups, each once, in the order they are asked for. Throws ``UsageError`` for an unknown name.
  package static func named(_ names: [String]) throws -> [BenchmarkCase] {
    let all = all
    var chosen: [BenchmarkCase] = []
    for name in names {
      let found = all.filter { name == "all" || $0.name == name || $0.group.rawValue == name }
      guard !found.isEmpty else {
        let known = ["all"] + Group.allCases.map(\.rawValue) + all.map(\.name)
        let near = Suggestion.nearest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""
        throw UsageError("unknown case '\(name)'\(near) (\(known.joined(separator: ", ")))")
      }
      chosen += found.filter { new in !chosen.contains { $0.name == new.name } }
    }
    return chosen
  }
}

/// What is told of the time that a call takes.
package struct BenchmarkQuantity {
  /// `"rate"`.
  package let metric: String
  /// `"GFLOP/s"`.
  package let unit: String
  /// How much of the unit's work a call does; for a time, how many of the unit a second is, over the operations of a call.
  let amount: Double
  /// Whether the number is work per time, so that more is better, or a time.
  var isRate = true

  /// The number for a call that takes so many seconds.
  package func value(seconds: Double) -> Double { isRate ? amount / seconds : amount * seconds }
}
