import AviaryFormats
import Testing

/// The error with which a reader refuses its input; records an issue if it accepts the input or throws anything else.
func refusal<Result>(
  _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) -> FormatError? {
  do {
    _ = try body()
    Issue.record("nothing was thrown", sourceLocation: location)
  } catch let error as FormatError {
    return error
  } catch {
    Issue.record("not a FormatError: \(error)", sourceLocation: location)
  }
  return nil
}
