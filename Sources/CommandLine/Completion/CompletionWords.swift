import Aviary

/// The words that can follow the executable's name.
package struct CompletionWords {
  /// The commands with their summaries and options.
  package let commands: [(name: String, summary: String, options: [String])]
  /// The names that a command accepts as its first argument.
  package let names: [String: [String]]
  /// Commands whose first argument is the folder of a run.
  package static let ofRuns = ["evaluate", "predict", "sample", "export"]

  init(_ surroundings: Surroundings) {
    var commands: [(name: String, summary: String, options: [String])] = []
    for command in AviaryCommand.commands {
      commands.append((command.name, command.summary, Self.options(in: command.usage)))
    }
    commands.append(("help", "Shows all commands.", []))
    commands.append(("version", "Shows the version.", []))
    self.commands = commands
    let recipes = surroundings.recipes.map(\.name)
    let entries = surroundings.registries.entries.map(\.name)
    names = [
      "train": recipes, "describe": Array(Set(recipes + entries)).sorted(),
      "list": ["recipes", "runs"] + surroundings.registries.kinds.map(\.plural), "data": ["fetch", "list"],
      "completion": CompletionCommand.shells, "help": [],
    ]
  }

  /// The options listed in a command's usage: those at the beginning of a line.
  package static func options(in usage: String) -> [String] {
    var options: [String] = []
    for line in usage.split(separator: "\n") {
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("--"), text.count < line.count else { continue }
      let option = String(text.prefix { !$0.isWhitespace && $0 != "," && $0 != "=" })
      if !options.contains(option) { options.append(option) }
    }
    return options + ["--help"]
  }
}
