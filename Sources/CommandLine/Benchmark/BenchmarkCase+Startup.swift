import Aviary
import Foundation

extension BenchmarkCase {
  /// Starts a new process of this executable and runs it to the end of the first training step of `mlp-mnist`.
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

/// Why the startup could not be timed.
private enum StartupError: Error, CustomStringConvertible {
  case unknownExecutable
  case failed(status: Int32)

  var description: String {
    switch self {
    case .unknownExecutable: "startup: the path of this executable is unknown"
    case .failed(let status): "startup: the process exited with status \(status); see its message above"
    }
  }
}
