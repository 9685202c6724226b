#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Functions of the system's math library for rules and schedules.
enum Mathematics {
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// `cos(π·x)`
  static func cosineOfHalfTurns(_ x: Double) -> Double { cos(Double.pi * x) }
}
