import AviaryTestSupport
import Foundation
import Testing

/// The executable among other processes: descriptors, signals, and competition for the same folder.
@Suite(.withTool) struct ProcessTests {
  private static let unwritable = "aviary: cannot write to standard output: "

  /// Whichever descriptors are closed at startup, the run's files contain only their own lines.
  @Test(arguments: [
    (">&-", 1), ("--json >&-", 1), ("--quiet >&-", 1), ("--json 2>&-", 0), ("2>&-", 0), ("<&-", 0),
    ("<&- >&- 2>&-", 1), ("--json <&- >&- 2>&-", 1),
  ]) func closedDescriptors(_ how: String, _ status: Int32) throws {
    let folder = try ScratchFolder()
    let outcome = try Tool.shell(#""$AVIARY" train mlp-xor --epochs 3 --output run \#(how)"#, in: folder)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(Self.unwritable) == (status == 1 && !how.contains("2>&-")), "\(outcome.errors)")
    let rows = try folder.text("run/metrics.csv").split(separator: "\n")
    #expect(rows.count == 4 && rows.dropFirst().allSatisfy { $0.hasPrefix("train,") }, "\(rows)")
    // The training itself is not lost.
    #expect(folder.holds("run/report.html"))
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "this system has no /dev/full"),
    arguments: [
      "list", "help", "version", "describe mlp", "train mlp-xor --epochs 1", "train mlp-xor --epochs 1 --json",
    ])
  func outputThatIsFull(_ command: String) throws {
    let outcome = try Tool.shell(#""$AVIARY" \#(command) > /dev/full"#, in: try ScratchFolder())
    #expect(outcome.status == 1 && outcome.errors.contains(Self.unwritable), "\(outcome.errors)")
  }

  /// Unnamed trainings that start at the same time get different names.
  @Test func namesAreTakenOnce() throws {
    let folder = try ScratchFolder()
    let running = try (0..<6).map { _ in try Tool.Running(["train", "mlp-xor", "--epochs", "3", "--quiet"], in: folder)
    }
    for process in running {
      let outcome = try process.wait()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["runs"]).count == 6)
  }

  @Test func aPipeThatNobodyReads() throws {
    let folder = try ScratchFolder()
    let list = try Tool.shell(#"{ "$AVIARY" list; "$AVIARY" describe mlp; } | true"#, in: folder)
    #expect(list.status == 0 && list.errors.isEmpty, "\(list.errors)")
    // A training is saved and can continue later.
    let line = #"{ sleep 0.3; "$AVIARY" train mlp-xor --epochs 5000 --output run; } | true"#
    #expect(
      try Tool.shell(line, in: folder).errors
        == "aviary: interrupted and saved; resume with: aviary train --resume run\n")
    #expect(try Tool.run(["train", "--resume", "run"], in: folder).status == 0)
    #expect(try folder.text("run/metrics.csv").split(separator: "\n").count == 5001)
  }

  @Test func signalsThatItWasStartedToIgnoreStayIgnored() throws {
    let folder = try ScratchFolder()
    let running = try Tool.Running(
      shell: #"trap '' HUP INT; exec "$AVIARY" train mlp-xor --epochs 10000000 --quiet --output run"#, in: folder)
    func wait(untilLines count: Int) {
      func lines() -> Int { ((try? folder.text("run/metrics.csv")) ?? "").split(separator: "\n").count }
      while running.process.isRunning, lines() < count { Thread.sleep(forTimeInterval: 0.005) }
    }
    wait(untilLines: 5)
    for signal in [SIGHUP, SIGINT] {
      kill(running.process.processIdentifier, signal)
      let before = try folder.text("run/metrics.csv").split(separator: "\n").count
      wait(untilLines: before + 1000)
    }
    #expect(running.process.isRunning)
    kill(running.process.processIdentifier, SIGTERM)
    let outcome = try running.wait()
    #expect(outcome.status == 1 && !outcome.wasKilled && outcome.errors.contains("interrupted and saved"))
  }

  /// An empty folder, such as left by a kill during loading, is used; any other is not.
  @Test func theNextFreeFolder() throws {
    let folder = try ScratchFolder()
    let name = "runs/mlp-xor-epochs=1"
    try FileManager.default.createDirectory(atPath: folder[name], withIntermediateDirectories: true)
    for run in [name, "\(name)-2"] {
      #expect(try Tool.run(["train", "mlp-xor", "--epochs", "1"], in: folder).status == 0)
      #expect(folder.holds("\(run)/report.html"))
    }
  }

  /// Of two processes that want the same folder, one gets it, however close their starts are.
  @Test func twoProcessesOnOneFolder() throws {
    let folder = try ScratchFolder()
    let pair = #"& a=$!; "$AVIARY" $train --threads 1 --quiet; b=$?; wait $a; echo $? $b"#
    for round in 0..<10 {
      let begin = #"train="train mlp-xor --epochs 60 --output run\#(round)"; "$AVIARY" $train --threads 2 --quiet "#
      let outcome = try Tool.shell(begin + pair, in: folder)
      #expect(outcome.lines.last == "0 1" || outcome.lines.last == "1 0", "\(outcome)")
      #expect(outcome.errors.contains("run\(round): "), "\(outcome.errors)")
      #expect(try folder.contents("run\(round)").count == 5)
      #expect(try folder.text("run\(round)/metrics.csv").split(separator: "\n").count == 61)
    }
    let more = #"train="train --resume run0 --epochs 200000"; "$AVIARY" $train --quiet "#
    let resumed = try Tool.shell(more + #"& sleep 0.3; "$AVIARY" $train --quiet; echo $?; kill %1; wait"#, in: folder)
    #expect(resumed.lines.contains("1"))
    #expect(resumed.errors.contains("run0: another training is writing to it"), "\(resumed.errors)")
  }
}
