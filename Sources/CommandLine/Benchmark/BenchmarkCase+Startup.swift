import Aviary
import Foundation

extension BenchmarkCase {
  /// A fresh process of this executable, up to the end of its first step of the training `mlp-mnist`.
  static var startup: BenchmarkCase {
    BenchmarkCase(
      name: "startup", group: .startup, quantity: BenchmarkQuantity(metric: "wall", unit: "s", amount: 1, isRate: false)
    ) {
      guard let executable = Bundle.main.executableURL else { throw StartupError.unknownExecutable }
      let arguments = ["benchmark", "--case", "mlp-mnist", "--once", "--threads", "\(Threads.count)"]
      return {
        let child = try Process.run(executable, arguments: arguments)
        child.waitUntilExit()
        guard child.terminationStatus == 0 else { throw StartupError.failed(status: child.terminationStatus) }
      }
    }
  }
}

/// Why the start of a process could not be timed.
private enum StartupError: Error, CustomStringConvertible {
  case unknownExecutable
  case failed(status: Int32)

  var description: String {
    switch self {
    case .unknownExecutable: "startup: the system does not tell where this executable is"
    case .failed(let status): "startup: the process that was started ended with status \(status); its message is above"
    }
  }
}
