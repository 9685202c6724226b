#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The functions of the system's mathematical library that rules and schedules use.
enum Mathematics {
  /// baseˣ.
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// The cosine of half a turn times x.
  static func cosineOfHalfTurns(_ x: Double) -> Double { cos(Double.pi * x) }
}
