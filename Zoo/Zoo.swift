import AviaryCore
import AviaryTraining
import AviaryZooAssets

/// The zoo's recipes and cards, embedded in the executable.
public enum Zoo {
  /// All built-in recipes, in alphabetical order.
  public static let recipes: [Recipe] = texts(aviary_zoo_recipe).map { name, text in
    do { return try Recipe(parsing: text, source: "\(name).json") } catch {
      trap("cannot read the built-in recipe: \(error)")
    }
  }
  .sorted { $0.name < $1.name }

  /// The card of a model in Markdown; nil if the zoo has no such model.
  public static func card(of model: String) -> String? { texts(aviary_zoo_card).first { $0.name == model }?.text }

  private static func texts(
    _ asset: (Int) -> UnsafePointer<aviary_zoo_text>?
  ) -> [(name: String, text: String)] {
    var found: [(name: String, text: String)] = []
    while let text = asset(found.count)?.pointee {
      let bytes = UnsafeBufferPointer(start: text.bytes, count: text.length)
      found.append((String(cString: text.name), String(decoding: bytes, as: UTF8.self)))
    }
    return found
  }
}
