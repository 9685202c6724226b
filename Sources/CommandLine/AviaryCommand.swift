import Aviary
import Foundation

/// The whole command line as a function, so your own executable can offer it with *your* models:
///
/// ```swift
/// import Aviary
/// import AviaryCommandLine
///
/// var registries = Registries.standard
/// try registries.register(MyModel.self)
/// AviaryCommand.main(in: registries)
/// ```
public enum AviaryCommand {
  /// Runs the process's arguments and exits with the status of ``run(_:in:recipes:)``.
  public static func main(in registries: Registries, recipes: [Recipe] = Zoo.recipes) -> Never {
    Terminal.secureDescriptors()
    exit(run(Array(CommandLine.arguments.dropFirst()), in: registries, recipes: recipes))
  }

  /// Runs a command.
  ///
  /// - Parameters:
  ///   - arguments: the command's name and its arguments, without the executable's name.
  ///   - registries: the entries that names refer to.
  ///   - recipes: the recipes that can be trained by name.
  /// - Returns: 0 on success; 1 if the command failed, after one message on standard error; 2 if the arguments are
  ///   wrong. If standard output cannot be written, the process exits with status 1.
  public static func run(_ arguments: [String], in registries: Registries, recipes: [Recipe] = Zoo.recipes) -> Int32 {
    do {
      try dispatch(arguments, Surroundings(registries: registries, recipes: recipes))
      return 0
    } catch let error as UsageError {
      Terminal.error(Invocation.respelled("aviary: \(ErrorText.shortened(error.message))\nSee 'aviary help'."))
      return 2
    } catch {
      Terminal.error(Invocation.respelled("aviary: \(ErrorText.shortened("\(error)"))"))
      return 1
    }
  }

  private static func dispatch(_ arguments: [String], _ surroundings: Surroundings) throws {
    let sets = ["baseline", "avx2", "avx512"]
    if let wanted = ProcessInfo.processInfo.environment["AVIARY_ISA"], !wanted.isEmpty, !sets.contains(wanted) {
      throw UsageError("AVIARY_ISA: expected one of \(sets.joined(separator: ", ")), found '\(wanted)'")
    }
    if arguments.count == 2, arguments[0] == "help", commands.contains(where: { $0.name == arguments[1] }) {
      return try dispatch([arguments[1], "--help"], surroundings)
    }
    guard let first = arguments.first, !["help", "--help", "-h"].contains(first) else {
      Terminal.print(Invocation.respelled(help))
      return
    }
    if ["version", "--version"].contains(first) {
      guard arguments.count == 1 else { throw UsageError("'\(first)' takes no arguments") }
      Terminal.print(version)
      return
    }
    guard let command = commands.first(where: { $0.name == first }) else {
      let near = Suggestion.nearest(to: first, in: commands.map { $0.name })
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("unknown command '\(first)'\(hint) (\(commands.map { $0.name }.joined(separator: ", ")))")
    }
    let rest = Array(arguments.dropFirst())
    if rest.contains("--help") || rest.contains("-h") {
      Terminal.print(Invocation.respelled("\(command.summary)\n\n\(command.usage)"))
      return
    }
    try command.init(parsing: rest).run(surroundings)
  }

  static var commands: [any Command.Type] {
    [
      TrainCommand.self, NewCommand.self, EvaluateCommand.self, PredictCommand.self, ExportCommand.self,
      SampleCommand.self, ListCommand.self, DescribeCommand.self, DataCommand.self, OptimizeCommand.self,
      SurfaceCommand.self, SearchCommand.self, CrossValidateCommand.self, CompareCommand.self,
      BenchmarkCommand.self, DoctorCommand.self, CompletionCommand.self,
    ]
  }

  /// The words that may follow the executable's name.
  static let names = commands.map { $0.name } + ["help", "version"]

  private static var help: String {
    let lines = commands.map { "  \($0.name.padded(10)) \($0.summary)" }
    return """
      Trains and evaluates neural networks.

      Commands:
      \(lines.joined(separator: "\n"))

      Run 'aviary COMMAND --help' for a command's options and 'aviary --version' for the version.
      Exit status: 0 on success, 1 if a command fails or its output cannot be written, 2 if the arguments are wrong.
      Get started: aviary train fonts-cnn
      Use your own data: aviary new --data FILE

      To install the command, build it in Aviary's folder and copy it to a folder on your PATH:
        swift build -c release --product aviary && mkdir -p ~/.local/bin && cp .build/release/aviary ~/.local/bin/
      """
  }

  /// The version, and what a bug report should state with it.
  static var version: String {
    "\(AviaryVersion.description) (\(Threads.instructionSet), \(Threads.count) threads, \(compiler), "
      + "\(ProcessInfo.processInfo.operatingSystemVersionString))"
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #elseif compiler(>=6.2)
      "Swift 6.2"
    #else
      "Swift 6.1"
    #endif
  }
}

struct Surroundings {
  let registries: Registries
  let recipes: [Recipe]
}

protocol Command {
  static var name: String { get }
  static var summary: String { get }
  static var usage: String { get }
  init(parsing arguments: [String]) throws
  func run(_ surroundings: Surroundings) throws
}

/// Invalid arguments.
struct UsageError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

extension String {
  /// The text padded with spaces to a width.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
