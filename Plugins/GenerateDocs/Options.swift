/// The command's arguments.
struct Options {
  /// Where the finished site goes; the plugin's work directory if `nil`.
  var outputPath: String?

  /// The path below the host's root at which the site will be served, as `/aviary`; the root itself if `nil`.
  var hostingBasePath: String?

  /// The modules asked for; empty for all.
  var targets: [String] = []

  /// Whether a broken link or a wrong parameter name fails the command.
  var warningsAsErrors = false

  /// Whether to print the help and do nothing else.
  var showsHelp = false

  static let help = """
    OVERVIEW: Generate one static documentation site of all library modules.

    USAGE: swift package generate-docs [OPTIONS]

    OPTIONS:
      --output-path DIR         Put the site there instead of into the plugin's work directory. A site made before is
                                replaced. On macOS: swift package --allow-writing-to-directory DIR generate-docs …
      --hosting-base-path PATH  The site will be served below this path, as /aviary on a project page.
      --target NAME             Document this module and those it depends on. May be repeated.
      --warnings-as-errors      Fail on a broken link or anything else that docc warns about.
      --help                    Print this.

    The modules are built first if need be. After `swift build -c release`,
    `swift package -c release generate-docs` uses that build and compiles nothing.
    """

  /// Reads the command's arguments; `--name value` and `--name=value` are the same.
  ///
  /// `ArgumentExtractor` would drop an option without a value in silence.
  ///
  /// - Throws: `Failure` for an argument that is not known, given twice, or without its value.
  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      let name = parts.first ?? ""
      switch name {
      case "--help", "-h": showsHelp = true
      case "--warnings-as-errors": warningsAsErrors = true
      case "--target", "--output-path", "--hosting-base-path":
        guard let value = parts.count > 1 ? parts[1] : rest.popFirst(), !value.isEmpty, !value.hasPrefix("-") else {
          throw Failure("\(name) needs a value")
        }
        try set(name, to: value)
      default:
        throw Failure("unknown argument '\(argument)'; `swift package generate-docs --help` lists what there is")
      }
    }
  }

  private mutating func set(_ name: String, to value: String) throws {
    let isRepeated =
      name == "--output-path" ? outputPath != nil : name == "--hosting-base-path" && hostingBasePath != nil
    guard !isRepeated else { throw Failure("\(name) is given twice") }
    switch name {
    case "--output-path": outputPath = value
    case "--hosting-base-path": hostingBasePath = value
    default: targets.append(value)
    }
  }
}
