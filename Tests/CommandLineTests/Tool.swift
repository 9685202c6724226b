import AviaryTestSupport
import Foundation
import Testing

/// The built executable, run in a test's own folder.
enum Tool {
  /// Beside the test bundle, which the test runner names in its arguments.
  static let path: String? = {
    for argument in CommandLine.arguments {
      guard let end = argument.range(of: ".xctest") else { continue }
      let tool = URL(filePath: String(argument[..<end.upperBound])).deletingLastPathComponent().appending(
        path: "aviary")
      if FileManager.default.isExecutableFile(atPath: tool.path) { return tool.path }
    }
    return nil
  }()

  /// The outcome of a run.
  struct Outcome {
    var status: Int32
    var wasKilled: Bool
    var output: String
    var errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// A running process.
  final class Running {
    let process = Process()
    private let folder: ScratchFolder
    private let name = UUID().uuidString

    convenience init(_ arguments: [String], in folder: ScratchFolder, environment: [String: String] = [:]) throws {
      try self.init(#require(Tool.path), arguments, in: folder, environment: environment)
    }

    /// A shell command, in which `$AVIARY` is the executable.
    convenience init(shell line: String, in folder: ScratchFolder) throws {
      try self.init("/bin/sh", ["-c", line], in: folder, environment: ["AVIARY": #require(Tool.path)])
    }

    private init(
      _ executable: String, _ arguments: [String], in folder: ScratchFolder, environment: [String: String]
    ) throws {
      self.folder = folder
      process.executableURL = URL(filePath: executable)
      process.arguments = arguments
      process.currentDirectoryURL = URL(filePath: folder.path)
      var variables = ProcessInfo.processInfo.environment
      variables["AVIARY_DATA"] = nil
      process.environment = variables.merging(environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      // Files, not pipes, so that nobody has to read them meanwhile.
      process.standardOutput = try handle("out")
      process.standardError = try handle("err")
      try process.run()
    }

    private func handle(_ kind: String) throws -> FileHandle {
      let file = try folder.write([], to: ".\(kind)-\(name)")
      return try FileHandle(forWritingTo: URL(filePath: file))
    }

    func wait() throws -> Outcome {
      process.waitUntilExit()
      defer { for kind in ["out", "err"] { try? FileManager.default.removeItem(atPath: folder[".\(kind)-\(name)"]) } }
      return Outcome(
        status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
        output: try folder.text(".out-\(name)"), errors: try folder.text(".err-\(name)"))
    }
  }

  static func run(
    _ arguments: [String], in folder: ScratchFolder, environment: [String: String] = [:]
  ) throws -> Outcome {
    try Running(arguments, in: folder, environment: environment).wait()
  }

  /// Runs a shell command, in which `$AVIARY` is the executable.
  static func shell(_ line: String, in folder: ScratchFolder) throws -> Outcome {
    try Running(shell: line, in: folder).wait()
  }
}

extension Trait where Self == ConditionTrait {
  /// Requires that the executable was built beside the tests.
  static var withTool: Self { .enabled(if: Tool.path != nil, "the executable 'aviary' is not beside the test bundle") }
}
