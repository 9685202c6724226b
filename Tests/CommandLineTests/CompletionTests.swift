import Aviary
import AviaryCommandLine
import AviaryTestSupport
import Foundation
import Testing

@Suite(.withTool) struct CompletionTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// The completions that bash offers for the last of these words.
  private func offers(_ words: String...) throws -> [String] {
    let line = """
      eval "$("$AVIARY" completion bash)"; COMP_WORDS=(aviary \(words.map { "'\($0)'" }.joined(separator: " ")))
      COMP_CWORD=\(words.count); _aviary; printf '%s\\n' "${COMPREPLY[@]}"
      """
    let outcome = try Tool.shell("exec bash -c '\(line.replacing("'", with: "'\\''"))'", in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome.lines
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash"))) func bashCompletes() throws {
    #expect(try offers("pre") == ["predict"])
    #expect(try offers("train", "mlp-x") == ["mlp-xor"])
    #expect(try offers("predict", "run", "--pro") == ["--probabilities"])
    #expect(try offers("list", "optim") == ["optimizers"])
    #expect(try offers("describe", "ada").contains("adam"))
    #expect(try offers("train", "mlp-xor", "--epo") == ["--epochs"])
    try folder.write([], to: "runs/mine/recipe.json")
    #expect(try offers("evaluate", "runs/m") == ["runs/mine"])
  }

  @Test func everyShellGetsEveryCommand() throws {
    for shell in ["bash", "zsh", "fish"] {
      let script = try Tool.run(["completion", shell], in: folder)
      #expect(script.status == 0)
      for command in ["train", "predict", "export", "doctor", "completion"] {
        #expect(script.output.contains(command), "\(shell): \(command)")
      }
    }
    #expect(try Tool.run(["completion", "tcsh"], in: folder).status == 2)
  }

  @Test func optionsAreTakenFromTheUsage() {
    let usage = "aviary x\n\nText --no option.\n  --one N   text --two\n  --three   text\n"
    #expect(CompletionWords.options(in: usage) == ["--one", "--three", "--help"])
  }

  @Test func theDoctorTestsThisMachine() throws {
    let outcome = try Tool.run(["doctor"], in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.output)")
    for line in ["release ", "processor ", "kernels ", "matrix product ", "training ", "  mnist "] {
      #expect(outcome.lines.contains { $0.hasPrefix(line) }, "\(line)")
    }
    #expect(outcome.lines.last == "Everything works.")
    let wrong = try Tool.run(["doctor"], in: folder, environment: ["TMPDIR": folder["nowhere"]])
    #expect(wrong.status == 1 && wrong.output.contains("FAILED") && wrong.errors.contains("failed: files"))
  }

  @Test func runsAreExported() throws {
    #expect(try Tool.run(["train", "two-class-logistic", "--epochs", "1", "--output", "run"], in: folder).status == 0)
    for format in ["onnx", "safetensors", "swift"] {
      let outcome = try Tool.run(["export", "run", "--format", format], in: folder)
      #expect(outcome.status == 0 && folder.holds("run.\(format)"), "\(outcome.errors)")
    }
    #expect(try Tool.run(["export", "run", "--format", "pickle"], in: folder).status == 2)
    #expect(try Tool.run(["export", "run", "--format", "swift", "--preprocessing"], in: folder).status == 2)
  }
}
