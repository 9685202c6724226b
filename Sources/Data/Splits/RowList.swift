import AviaryCore
import AviaryFormats

/// Reads a list of rows from a file's bytes.
enum RowList {
  /// An npy array of integers [rows], or a text of integers with `#` comments.
  static func decode(_ bytes: [UInt8], source: String) throws -> [Int] {
    if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
      let array = try DataError.wrapping { try NPY.decode(bytes, source: source) }
      guard array.rank == 1, array.dtype.isInteger else {
        throw DataError(source, "expected a one-dimensional array of integers, found \(array.spec)")
      }
      return array.scalars(as: Int.self)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError(source, "expected a text file of integers or an npy file, found neither")
    }
    var rows: [Int] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.prefix { $0 != "#" }
      for word in content.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," }) {
        guard let row = Int(word) else {
          throw DataError(source, "line \(number + 1): expected a whole number, found \"\(word.prefix(40))\"")
        }
        rows.append(row)
      }
    }
    return rows
  }
}
