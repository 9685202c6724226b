import Aviary

/// A timed piece of work of fixed size: a kernel, a training step, an inference, or the program's startup.
///
/// Names, shapes and sizes are those of the comparison with other frameworks, so a name means the same work in each.
package struct BenchmarkCase {
  /// Groups of cases.
  package enum Group: String, CaseIterable {
    case kernels, optimizers, train, infer, startup
  }

  package let name: String
  package let group: Group
  package let quantity: BenchmarkQuantity
  /// Prepares the data and returns the work to time.
  package let prepare: () throws -> () throws -> Void

  /// All cases, in the order they are listed and run.
  package static var all: [BenchmarkCase] {
    products + kernels + layers + optimizers + trainings + inferences + [startup]
  }

  /// The cases with these names or in these groups, each once, in the order given. Throws ``UsageError`` for an unknown
  /// name.
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

/// The number reported for the duration of a call.
package struct BenchmarkQuantity {
  /// `"rate"`.
  package let metric: String
  /// `"GFLOP/s"`.
  package let unit: String
  /// The work in one call, in the unit; for a time, units per second divided by the operations per call.
  let amount: Double
  /// Whether the number is a rate (more is better) or a time.
  var isRate = true

  /// The number for a call that takes this many seconds.
  package func value(seconds: Double) -> Double { isRate ? amount / seconds : amount * seconds }
}
