import AviaryCommandLine
import AviaryTestSupport
import Foundation
import Testing

@Suite struct RunNameTests {
  @Test(arguments: [
    ("optimizer.name", "adadelta", "fonts-cnn-optimizer=adadelta"), ("seed", "2", "fonts-cnn-seed=2"),
    ("stages.train.optimizer.learningRate", "1e-3", "fonts-cnn-learningRate=1e-3"),
    ("transforms.0.divisor", "16", "fonts-cnn-divisor=16"), ("model.units", "[128,32]", "fonts-cnn-units=128-32"),
    ("data.file", "../own data/t.csv", "fonts-cnn-file=..-own-data-t.csv"),
    ("model.dropout", "", "fonts-cnn-dropout=x"),
    ("model.activation", "äö; rm -rf $HOME", "fonts-cnn-activation=rm-rf-HOME"),
  ]) func whatWasChangedIsInTheName(_ path: String, _ value: String, _ expected: String) {
    var name = RunName("fonts-cnn")
    name.add(path, value)
    #expect(name.text == expected)
  }

  @Test func theNameIsBounded() {
    var name = RunName("fonts-cnn")
    for index in 0..<100 { name.add("model.layers", #"[{"name":"dense","units":\#(index)}, "relu", "dropout"]"#) }
    #expect(name.text.hasPrefix("fonts-cnn-layers=name-dense-units-0-re") && name.text.utf8.count <= 100)
  }
}

@Suite struct InvocationTests {
  @Test(arguments: [
    ("/packages/aviary/.build/x86_64-unknown-linux-gnu/release/aviary", "swift run -c release aviary"),
    ("/packages/aviary/.build/release/my-aviary", "swift run -c release my-aviary"), ("aviary", "aviary"),
    ("/usr/local/bin/aviary", "aviary"), ("/elsewhere/.build/release/aviary", "aviary"),
    (".build/release/aviary", "swift run -c release aviary"), ("./aviary", "./aviary"),
  ]) func commandsAreSpelledAsTheyWereCalled(_ executable: String, _ expected: String) {
    #expect(Invocation.spelling(of: executable, in: "/packages/aviary") == expected)
  }

  @Test func onlyCommandsAreRespelled() {
    let text = "aviary: see 'aviary data list' or run: aviary train --resume runs/aviary training"
    #expect(
      Invocation.respelled(text, command: "./av")
        == "aviary: see './av data list' or run: ./av train --resume runs/aviary training")
    #expect(Invocation.respelled(text, command: "aviary") == text)
  }

  @Test(arguments: [("t.json", "t.json"), ("my table.json", "'my table.json'"), ("it's", #"'it'\''s'"#), ("", "''")])
  func wordsAreQuoted(_ word: String, _ expected: String) { #expect(Invocation.quoted(word) == expected) }
}

@Suite(.withTool) struct RunListingTests {
  @Test func runsAreListedWhateverTheyHold() throws {
    let folder = try ScratchFolder()
    func list(_ arguments: String...) throws -> [String] {
      let outcome = try Tool.run(["list", "runs"] + arguments, in: folder)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      return outcome.lines
    }
    #expect(try list() == ["there is no folder 'runs' here; train a recipe first: aviary train fonts-cnn"])
    for arguments in [["--seed", "3"], ["--set", "optimizer.name=rmsprop", "--output", "runs/other"]] {
      #expect(try Tool.run(["train", "mlp-xor", "--epochs", "4", "--quiet"] + arguments, in: folder).status == 0)
    }
    try FileManager.default.removeItem(atPath: folder["runs/other/weights.safetensors"])
    try folder.write(Array("{".utf8), to: "runs/broken/recipe.json")
    try folder.write(Array("hello".utf8), to: "runs/notes/readme.txt")
    try folder.write([1, 2, 3], to: "runs/file")
    let lines = try list()
    #expect(lines.count == 4 && lines[0].hasPrefix("run ") && lines[0].hasSuffix(" date"))
    func words(_ run: String) throws -> [String] {
      let line = try #require(lines.first { $0.hasPrefix("\(run) ") })
      return line.split(separator: " ").map(String.init)
    }
    let finished = try words("runs/mlp-xor-epochs=4-seed=3")
    #expect(finished[1...3] == ["mlp-xor", "finished", "4"] && finished[4...5] == ["test", "accuracy"])
    #expect(Double(finished[6]) != nil && finished.count == 9)
    #expect(try words("runs/other")[1...3] == ["mlp-xor", "stopped", "4"])
    #expect(try words("runs/broken")[1...3] == ["?", "damaged", "0"])
    #expect(try list("runs").count == 4)
    try folder.write([], to: "empty/x")
    #expect(try list("empty") == ["no runs in empty"])
  }

  @Test func aRunUnderWayIsRunning() throws {
    let folder = try ScratchFolder()
    let endless = ["train", "mlp-xor", "--epochs", "10000000", "--quiet", "--output", "runs/endless"]
    let running = try Tool.Running(endless, in: folder)
    func state() throws -> String? {
      let lines = try Tool.run(["list", "runs"], in: folder).lines
      return lines.last.map { $0.split(separator: " ").map(String.init) }.flatMap { $0.count > 2 ? $0[2] : nil }
    }
    while running.process.isRunning, (try? folder.text("runs/endless/metrics.csv").contains("\ntrain,2,")) != true {
      Thread.sleep(forTimeInterval: 0.01)
    }
    #expect(try state() == "running")
    kill(running.process.processIdentifier, SIGKILL)
    _ = try running.wait()
    #expect(try state() == "stopped")
  }

  @Test func theVersionIsToldAndWritten() throws {
    let folder = try ScratchFolder()
    for arguments in [["--version"], ["version"]] {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 0 && outcome.lines.count == 1 && outcome.output.hasPrefix("aviary 0."))
    }
    #expect(try Tool.run(["train", "mlp-xor", "--epochs", "1", "--quiet", "--output", "run"], in: folder).status == 0)
    let weights = try folder.bytes("run/weights.safetensors")
    #expect(String(decoding: weights, as: UTF8.self).contains(#""writer":"aviary 0."#))
    #expect(try folder.text("run/report.html").contains(", by aviary 0."))
  }
}
