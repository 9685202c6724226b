import AviaryCurl
import Foundation

/// The system's libcurl, loaded only when something is downloaded.
///
/// Linking it (or FoundationNetworking, which links it) would load some thirty libraries at every start of the tool,
/// double its startup time, and keep it from starting where libcurl is not installed. Its interface has been binary
/// compatible since 2006.
struct LibCurl: Sendable {
  private typealias GlobalInit = @Sendable @convention(c) (Int) -> Int32
  let makeHandle: @Sendable @convention(c) () -> UnsafeMutableRawPointer?
  let perform: @Sendable @convention(c) (UnsafeMutableRawPointer) -> Int32
  let discard: @Sendable @convention(c) (UnsafeMutableRawPointer) -> Void
  let message: @Sendable @convention(c) (Int32) -> UnsafePointer<CChar>
  /// The address of `curl_easy_setopt`, never written to.
  nonisolated(unsafe) let setter: UnsafeMutableRawPointer

  /// The library, loaded once.
  static func loaded() throws -> LibCurl { try shared.get() }

  private static let shared = Result { try LibCurl(names) }
  #if canImport(Darwin)
    private static let names = ["/usr/lib/libcurl.4.dylib", "libcurl.4.dylib"]
  #else
    private static let names = ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"]
  #endif

  /// The first of these libraries that the system has. Throws ``FetchError`` if there is none.
  init(_ names: [String]) throws {
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      throw FetchError.noLibrary(names[0])
    }
    func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
      guard let address = dlsym(library, name) else { throw FetchError.noLibrary(names[0]) }
      return address
    }
    func function<Function>(_ name: String, _ type: Function.Type) throws -> Function {
      unsafeBitCast(try symbol(name), to: type)
    }
    makeHandle = try function("curl_easy_init", type(of: makeHandle))
    perform = try function("curl_easy_perform", type(of: perform))
    discard = try function("curl_easy_cleanup", type(of: discard))
    message = try function("curl_easy_strerror", type(of: message))
    setter = try symbol("curl_easy_setopt")
    let everything = 3
    _ = try function("curl_global_init", GlobalInit.self)(everything)
  }
}
