import Aviary
import Foundation

/// `aviary doctor`: describes this machine and tests that everything works on it.
struct DoctorCommand: Command {
  static let name = "doctor"
  static let summary = "Shows processor, memory and data sets, and tests that everything works here."
  static let usage = """
    aviary doctor

    Takes about a second. Exits with status 1 if a test fails. Include the output in bug reports.
    """

  init(parsing arguments: [String]) throws {
    guard try Arguments(arguments, valued: [:], flags: []).positional.isEmpty else {
      throw UsageError("'doctor' takes no arguments")
    }
  }

  func run(_ surroundings: Surroundings) throws {
    show("release", AviaryCommand.version)
    show("processor", "\(Processor.name), \(ProcessInfo.processInfo.activeProcessorCount) cores")
    let limit = ProcessInfo.processInfo.environment["AVIARY_ISA"].map { "; limited by AVIARY_ISA=\($0)" } ?? ""
    show("kernels", "\(Threads.instructionSet), \(Threads.count) threads\(limit)")
    show("caches", Processor.caches.map { "\($0 >> 10) KiB" }.joined(separator: ", "))
    show("memory", "\(MemoryLimit.byteCount >> 20) MiB for this process")
    show("data", DataEnvironment.standardFolder ?? "no folder; set AVIARY_DATA")
    for name in surroundings.registries.entries(of: .dataSet).map(\.name) {
      guard let source = try? surroundings.registries.make(.dataSet, name) as? any FetchableDataSource else { continue }
      let place = source.location(in: DataEnvironment())
      show("  \(name)", place ?? Invocation.respelled("missing; fetch it with: aviary data fetch \(name)"))
    }
    var failures: [String] = []
    for test in SelfTest.all {
      do { show(test.title, try test.body()) } catch {
        failures.append(test.title)
        show(test.title, "FAILED: \(error)")
      }
    }
    guard failures.isEmpty else { throw SelfTest.Failure("failed: \(failures.joined(separator: ", "))") }
    Terminal.print("Everything works.")
  }

  private func show(_ title: String, _ text: String) { Terminal.print("\(title.padded(16)) \(text)") }
}
