import AviaryCore
import AviaryFormats

/// Reads the rows of an npy file, or of the matching array of an npz archive.
final class ArrayRowReader: RowReader {
  private let path: String
  private let form: InputForm
  private let rows: ArrayRows
  let notes: [String]

  /// The rows of an npy file.
  init(npy path: String, _ form: InputForm) throws {
    (self.path, self.form, notes) = (path, form, [])
    rows = try NPY.rows(of: path)
  }

  /// The rows of an array in an npz archive.
  init(npz path: String, _ form: InputForm) throws {
    (self.path, self.form) = (path, form)
    let archive = try NPZFile(path)
    let name = try Self.inputs(of: form, in: archive)
    rows = try archive.rows(named: name)
    notes = archive.names.count > 1 ? ["inputs: the array '\(name)'"] : []
  }

  var share: Double { rows.shape[0] == 0 ? 1 : Double(rows.position) / Double(rows.shape[0]) }

  func next() throws -> StoredRows? {
    let start = rows.position
    guard let some = try rows.next(form.rowsAtOnce) else { return nil }
    return StoredRows(
      inputs: try form.shaped(some, path), place: .rows(of: path, start..<start + some.shape[0]))
  }

  /// The named array, else the only one whose rows have the shape of inputs, else the only one whose rows have as many
  /// elements.
  private static func inputs(of form: InputForm, in archive: NPZFile) throws -> String {
    if let name = form.arrayName { return name }
    let readable = archive.names.compactMap { name in (try? archive.item(named: name)).map { (name, $0) } }
      .filter { $0.1.shape.rank > 0 && $0.1.elements != .texts }
    let alike = readable.filter { $0.1.shape.removing(axis: 0) == form.shape }
    let fitting =
      alike.isEmpty
      ? readable.filter { $0.1.shape.removing(axis: 0).elementCount == form.shape.elementCount } : alike
    let own = (form.source as? NPZData)?.configuration.inputs
    if let name = own, fitting.contains(where: { $0.0 == name }) { return name }
    guard fitting.count == 1 else {
      let arrays = readable.map { "'\($0.0)' \($0.1.description)" }.joined(separator: ", ")
      throw DataError(
        archive.path,
        fitting.isEmpty
          ? "no array has rows of the shape \(form.shape) that the model was trained on (arrays: \(arrays))"
          : "several arrays have rows of the shape \(form.shape): \(arrays); name the inputs (--inputs NAME)")
    }
    return fitting[0].0
  }
}
