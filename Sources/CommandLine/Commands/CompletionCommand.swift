import Aviary

/// `aviary completion`: writes a shell completion script.
struct CompletionCommand: Command {
  static let name = "completion"
  static let summary = "Writes a script that completes commands, options and names in bash, zsh or fish."
  static let usage = """
    aviary completion bash|zsh|fish

    Writes the script to standard output. To enable completion in the current shell:

      bash: eval "$(aviary completion bash)"
      zsh:  eval "$(aviary completion zsh)"
      fish: aviary completion fish | source
    """

  static let shells = ["bash", "zsh", "fish"]

  private let shell: String

  init(parsing arguments: [String]) throws {
    let words = try Arguments(arguments, valued: [:], flags: []).positional
    guard words.count == 1, Self.shells.contains(words[0]) else {
      throw UsageError("expected one shell: \(Self.shells.joined(separator: ", "))")
    }
    shell = words[0]
  }

  func run(_ surroundings: Surroundings) throws {
    let executable = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "aviary"
    let words = CompletionWords(surroundings)
    switch shell {
    case "bash": Terminal.print(CompletionScript.bash(words, of: executable))
    case "zsh": Terminal.print(CompletionScript.zsh(words, of: executable))
    default: Terminal.print(CompletionScript.fish(words, of: executable))
    }
  }
}
