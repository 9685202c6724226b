import AviaryCore

/// An npy file that is written row by row; the number of rows is entered into its header at the end.
package final class GrowingNPY {
  private let file: GrowingFile
  private var spec: TensorSpec?
  private var count = 0

  /// Starts a file.
  package init(_ path: String) throws { file = try GrowingFile(path) }

  /// Appends rows [n, …], which must have the type and shape of the first ones.
  package func append(_ rows: Tensor) throws {
    let row = TensorSpec(rows.shape.removing(axis: 0), rows.dtype)
    if spec == nil {
      try file.append(header(row))
      spec = row
    }
    guard row == spec else {
      throw FormatError(
        .unsupported, source: "npy", expected: "rows of \(spec?.description ?? "")", found: row.description)
    }
    count += rows.shape[0]
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.spec.byteCount)
    rows.appendStored(to: &bytes)
    try file.append(bytes)
  }

  /// Completes the file and gives it its name. Without rows, it is an empty float32 array.
  package func commit() throws {
    let row = spec ?? TensorSpec([], .float32)
    if spec == nil { try file.append(header(row)) } else { try file.overwriteBeginning(header(row)) }
    try file.commit()
  }

  /// NumPy's header has room for any number of rows, so its length stays the same.
  private func header(_ row: TensorSpec) throws -> [UInt8] {
    guard let code = NPYHeader.code(of: row.dtype) else {
      throw FormatError(.unsupported, source: "npy", expected: "elements of a NumPy type", found: row.dtype.name)
    }
    return NPY.header(code, row.shape.inserting(count, at: 0))
  }
}
