/// A space that 32-bit addresses belong to. The three spaces never mix by accident.
public protocol AddressSpace: Sendable {}

/// What a program computes with; the page tables give it a meaning.
public enum VirtualSpace: AddressSpace {}

/// What a guest takes for physical memory; the VMM's map gives it a meaning.
public enum GuestPhysicalSpace: AddressSpace {}

/// The physical memory of the real machine.
public enum MachineSpace: AddressSpace {}

/// A 32-bit address in one of the three address spaces.
public struct Address<Space: AddressSpace>: Hashable, Comparable, Sendable {
  public var rawValue: UInt32

  @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The 4 KiB page or frame that holds the address.
  @inlinable public var frame: Frame<Space> { Frame(rawValue >> 12) }

  /// The distance from the start of the page, 0 to 4095 bytes.
  @inlinable public var offset: UInt32 { rawValue & 0xFFF }

  @inlinable public func isAligned(to size: UInt32) -> Bool { rawValue & (size &- 1) == 0 }

  /// The address `distance` bytes on, modulo 2³².
  @inlinable public static func + (address: Self, distance: UInt32) -> Self {
    Self(address.rawValue &+ distance)
  }

  /// The address `distance` bytes before, modulo 2³².
  @inlinable public static func - (address: Self, distance: UInt32) -> Self {
    Self(address.rawValue &- distance)
  }

  @inlinable public static func < (left: Self, right: Self) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension Address: CustomStringConvertible {
  /// Eight hexadecimal digits, as every view prints them.
  public var description: String { hexadecimal(rawValue) }
}

/// The number of a 4 KiB page (virtual) or frame (physical), 0 to 2²⁰−1.
public struct Frame<Space: AddressSpace>: Hashable, Comparable, Sendable {
  public var number: UInt32

  @inlinable public init(_ number: UInt32) { self.number = number & 0xFFFFF }

  /// Bytes in a frame.
  @inlinable public static var size: UInt32 { 4096 }

  /// The address of the frame's first byte.
  @inlinable public var start: Address<Space> { Address(number << 12) }

  @inlinable public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension Frame: CustomStringConvertible {
  public var description: String { hexadecimal(number, digits: 5) }
}

public typealias VirtualAddress = Address<VirtualSpace>
public typealias GuestPhysicalAddress = Address<GuestPhysicalSpace>
public typealias MachineAddress = Address<MachineSpace>
public typealias VirtualPage = Frame<VirtualSpace>
public typealias GuestFrame = Frame<GuestPhysicalSpace>
public typealias MachineFrame = Frame<MachineSpace>

extension VirtualAddress {
  /// Bits 31:22, which choose the entry of the page directory.
  @inlinable public var directoryIndex: UInt32 { rawValue >> 22 }

  /// Bits 21:12, which choose the entry of the page table.
  @inlinable public var tableIndex: UInt32 { (rawValue >> 12) & 0x3FF }
}

/// `value` in lower-case hexadecimal with at least `digits` digits and no prefix.
public func hexadecimal(_ value: UInt32, digits: Int = 8) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
