/// The command's arguments.
struct Options {
  /// Where to put the finished site; the plugin's work directory if `nil`.
  var outputPath: String?

  /// The path below the host's root where the site will be served, such as `/aviary`; the root itself if `nil`.
  var hostingBasePath: String?

  /// The requested modules; empty for all.
  var targets: [String] = []

  /// Whether a broken link or a wrong parameter name fails the command.
  var warningsAsErrors = false

  /// Whether to print only the help.
  var showsHelp = false

  static let help = """
    OVERVIEW: Generate a static documentation site for all library modules.

    USAGE: swift package generate-docs [OPTIONS]

    OPTIONS:
      --output-path DIR         Put the site there instead of in the plugin's work directory. Replaces an earlier site.
                                On macOS: swift package --allow-writing-to-directory DIR generate-docs …
      --hosting-base-path PATH  Path where the site will be served, such as /aviary on a project page.
      --target NAME             Document this module and its dependencies. Repeatable.
      --warnings-as-errors      Fail on broken links and other docc warnings.
      --help                    Print this help.

    Builds the modules first if necessary. After `swift build -c release`,
    `swift package -c release generate-docs` uses that build and compiles nothing.
    """

  /// Parses the arguments; `--name value` and `--name=value` are equivalent.
  ///
  /// `ArgumentExtractor` would silently drop an option without a value.
  ///
  /// - Throws: `Failure` for an unknown or repeated argument, or a missing value.
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
        throw Failure("unknown argument '\(argument)'; `swift package generate-docs --help` lists the options")
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
