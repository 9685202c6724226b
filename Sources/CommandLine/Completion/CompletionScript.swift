/// Completion scripts for shells.
package enum CompletionScript {
  /// The script for bash. Runs complete to the folders in `runs`.
  package static func bash(_ words: CompletionWords, of executable: String) -> String {
    let function = "_" + executable.filter { $0.isLetter || $0.isNumber }
    let options = words.commands.map { "    \($0.name)) options=\"\($0.options.joined(separator: " "))\" ;;" }
    let names = words.names.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
      .map { "    \($0.key)) names=\"\($0.value.joined(separator: " "))\" ;;" }
    return """
      # Completion of \(executable) for bash: source it, or put it into ~/.local/share/bash-completion/completions/\(executable).
      \(function)() {
        local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} options= names=
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(words.commands.map(\.name).joined(separator: " "))" -- "$word"))
          return
        fi
        case $command in
      \(options.joined(separator: "\n"))
        esac
        case $command in
      \(names.joined(separator: "\n"))
          \(CompletionWords.ofRuns.joined(separator: "|"))) names=$(compgen -d -- runs/) ;;
        esac
        case $word in
          -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
          *) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "$names" -- "$word")); fi ;;
        esac
      }
      complete -o default -F \(function) \(executable)
      """
  }

  /// The script for zsh.
  package static func zsh(_ words: CompletionWords, of executable: String) -> String {
    let function = "_" + executable.filter { $0.isLetter || $0.isNumber }
    let commands = words.commands.map { "    '\($0.name):\(escaped($0.summary))'" }
    let options = words.commands.map { "    \($0.name)) options=(\($0.options.joined(separator: " "))) ;;" }
    let names = words.names.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
      .map { "    \($0.key)) names=(\($0.value.joined(separator: " "))) ;;" }
    return """
      #compdef \(executable)
      # Completion of \(executable) for zsh: put it into a folder of $fpath as _\(executable), or eval it after compinit.
      \(function)() {
        local -a commands options names
        commands=(
      \(commands.joined(separator: "\n"))
        )
        if (( CURRENT == 2 )); then
          _describe command commands
          return
        fi
        case $words[2] in
      \(options.joined(separator: "\n"))
        esac
        case $words[2] in
      \(names.joined(separator: "\n"))
          \(CompletionWords.ofRuns.joined(separator: "|"))) names=(runs/*(N/)) ;;
        esac
        if [[ $words[CURRENT] == -* ]]; then
          compadd -- $options
        elif (( CURRENT == 3 )); then
          compadd -- $names
          _files
        else
          _files
        fi
      }
      if [ "$funcstack[1]" = "_\(executable)" ]; then \(function) "$@"; else compdef \(function) \(executable); fi
      """
  }

  /// The script for fish.
  package static func fish(_ words: CompletionWords, of executable: String) -> String {
    var lines = [
      "# Completion of \(executable) for fish: save it as ~/.config/fish/completions/\(executable).fish."
    ]
    for command in words.commands {
      lines.append(
        "complete -c \(executable) -n __fish_use_subcommand -f -a \(command.name) -d '\(escaped(command.summary))'")
    }
    for command in words.commands {
      let isSeen = "-n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.options {
        lines.append("complete -c \(executable) \(isSeen) -l \(option.dropFirst(2))")
      }
      if let names = words.names[command.name], !names.isEmpty {
        lines.append("complete -c \(executable) \(isSeen) -a '\(names.joined(separator: " "))'")
      }
      if CompletionWords.ofRuns.contains(command.name) {
        lines.append("complete -c \(executable) \(isSeen) -a '(__fish_complete_directories runs/)'")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The text escaped for single quotes.
  private static func escaped(_ text: String) -> String { text.replacing("'", with: "’") }
}
