import OnionISA

/// What `explain` adds to a meaning: something to type, what real CPUs have in its place, and where they
/// differ from Onion.
struct Relatives: Sendable {
  /// A command that shows it.
  var example: String
  /// On the 32-bit x86.
  var x86: String
  /// On RISC-V with its supervisor mode.
  var riscv: String
  /// Where the likeness ends.
  var caveat = ""

  /// Of bits, control registers, traps and words, by their names in lower case.
  static func named(_ name: String) -> Relatives? { all[name.lowercased()] }

  private static let all: [String: Relatives] =
    bits.merging(controls) { $1 }.merging(vectors) { $1 }.merging(words) { $1 }

  private static let bits: [String: Relatives] = [
    "p": Relatives(example: "walk pc", x86: "P, bit 0 of an entry", riscv: "V, bit 0 of an entry"),
    "w": Relatives(
      example: "walk sp", x86: "R/W, bit 1 of an entry, on both levels",
      riscv: "W, bit 2 of an entry",
      caveat: "On x86 supervisor code may write to read-only pages unless CR0.WP is 1."),
    "ring": Relatives(
      example: "rings", x86: "the privilege level of a segment; a page has one bit, U/S",
      riscv: "the modes U, S and M; a page has one bit, U",
      caveat:
        "No page of an x86 has a ring number: to its paging rings 0, 1 and 2 are all supervisor. Onion puts "
        + "the code on the page so that one table shows it all."),
    "a": Relatives(example: "walk pc", x86: "A, bit 5 of an entry", riscv: "A, bit 6 of an entry"),
    "d": Relatives(example: "walk sp", x86: "D, bit 6 of an entry", riscv: "D, bit 7 of an entry"),
    "cpl": Relatives(
      example: "regs", x86: "CPL, the low two bits of CS",
      riscv: "the mode, which no register shows",
      caveat: "On x86 it comes from the code segment, not from the page."),
    "if": Relatives(
      example: "print IF", x86: "IF, bit 9 of EFLAGS; cli and sti ask for CPL <= IOPL",
      riscv: "SIE in sstatus", caveat: "On Onion cli and sti ask for ring 0, whatever IOPL is."),
    "tf": Relatives(
      example: "print TF", x86: "TF, bit 8 of EFLAGS",
      riscv: "none in the base: dcsr.step of the debug specification, or an ebreak behind it"),
    "iopl": Relatives(
      example: "print IOPL", x86: "IOPL, bits 13:12 of EFLAGS",
      riscv: "none: devices are in memory, and pages protect them",
      caveat:
        "On x86 the task's I/O bitmap may still let single ports through, and IOPL rules cli and sti too."
    ),
    "status": Relatives(example: "print/x status", x86: "EFLAGS, and CPL in CS", riscv: "sstatus"),
    "pc": Relatives(example: "print/a pc", x86: "EIP", riscv: "pc; a trap saves it in sepc"),
  ]

  private static let controls: [String: Relatives] = [
    "mode": Relatives(example: "print/x mode", x86: "PG in CR0", riscv: "MODE in satp"),
    "ptbr": Relatives(example: "print/x ptbr", x86: "CR3", riscv: "PPN in satp"),
    "tvec": Relatives(
      example: "gates",
      x86:
        "the IDT register: sidt reads it in every ring unless CR4.UMIP is set, and tells the truth",
      riscv: "stvec"),
    "ksp0": Relatives(
      example: "print/x ksp0", x86: "SS0:ESP0 in the task state segment",
      riscv: "sscratch, by custom: software swaps it with sp"),
    "ksp1": Relatives(
      example: "print/x ksp1", x86: "SS1:ESP1 in the task state segment", riscv: "none"),
    "ksp2": Relatives(
      example: "print/x ksp2", x86: "SS2:ESP2 in the task state segment", riscv: "none"),
    "badaddr": Relatives(example: "print/x badaddr", x86: "CR2", riscv: "stval"),
    "cycle": Relatives(example: "print cycles", x86: "the time stamp counter", riscv: "cycle"),
    "cycleh": Relatives(example: "print cycles", x86: "the time stamp counter", riscv: "cycleh"),
    "instret": Relatives(
      example: "print instructions", x86: "a performance counter", riscv: "instret"),
    "instreth": Relatives(
      example: "print instructions", x86: "a performance counter", riscv: "instreth"),
    "cpuid": Relatives(
      example: "explain getcr", x86: "the local APIC's ID",
      riscv: "mhartid, read in M-mode alone; the kernel gets it from the firmware in a0",
      caveat: "The x86 instruction CPUID says what a CPU can do, not which one it is alone."),
  ]

  private static let vectors: [String: Relatives] = [
    "divide": Relatives(
      example: "catch divide", x86: "#DE, vector 0", riscv: "no trap: dividing by 0 gives all ones"),
    "step": Relatives(
      example: "explain TF", x86: "#DB, vector 1", riscv: "none: debuggers use ebreak",
      caveat: "The command 'step' needs no trap: the shell stops the machine from outside."),
    "breakpoint": Relatives(
      example: "explain brk", x86: "#BP, vector 3, by int3", riscv: "cause 3, by ebreak",
      caveat: "The command 'break' changes no code: the shell looks from outside."),
    "undefined": Relatives(
      example: "explain 0xffffffff", x86: "#UD, vector 6", riscv: "cause 2, illegal instruction"),
    "protection": Relatives(
      example: "catch protection", x86: "#GP, vector 13",
      riscv: "cause 2, illegal instruction, for privileged instructions in U-mode"),
    "page": Relatives(
      example: "catch page", x86: "#PF, vector 14; the address is in CR2",
      riscv: "causes 12 (fetch), 13 (load) and 15 (store); the address is in stval"),
    "misaligned": Relatives(
      example: "catch misaligned", x86: "#AC, vector 17, only in ring 3 and if asked for",
      riscv: "causes 0, 4 and 6, where the CPU doesn't carry the access out"),
    "double": Relatives(
      example: "catch double",
      x86: "#DF, vector 8; a fault while it is delivered shuts the CPU down",
      riscv: "none in the base architecture: a second trap overwrites sepc and scause"),
    "hypercall": Relatives(
      example: "explain vmcall", x86: "vmcall, which leaves to the VMM", riscv: "ecall from VS-mode"
    ),
    "timer": Relatives(
      example: "devices", x86: "the local APIC's timer, at a vector that the kernel chose",
      riscv: "the supervisor timer interrupt"),
    "console": Relatives(
      example: "devices", x86: "the serial port's interrupt", riscv: "an external interrupt"),
    "disk": Relatives(
      example: "explain disk", x86: "the disk controller's interrupt",
      riscv: "an external interrupt"),
    "network": Relatives(
      example: "explain network", x86: "the network card's interrupt",
      riscv: "an external interrupt"),
    "software": Relatives(
      example: "gates", x86: "int n: the gate's DPL says who may",
      riscv: "ecall: one way in, the number stands in a register"),
  ]

  private static let words: [String: Relatives] = [
    "code": Relatives(
      example: "pages", x86: "U/S, one bit, in a page's entry; the ring is the segment's",
      riscv: "U, one bit, in a page's entry"),
    "frame": Relatives(example: "frames", x86: "a page frame", riscv: "a physical page"),
    "trap frame": Relatives(
      example: "stack",
      x86: "EIP, CS and EFLAGS, where the ring changes ESP and SS, and for some an error code",
      riscv: "none: sepc, sstatus and scause are registers"),
    "fault": Relatives(
      example: "catch page", x86: "a fault; traps and aborts are other classes",
      riscv: "a synchronous exception"),
    "interrupt": Relatives(
      example: "catch interrupt", x86: "a vector from the interrupt controller",
      riscv: "an interrupt: the top bit of scause"),
    "kernel": Relatives(
      example: "rings", x86: "code in ring 0, or in ring 1 or 3 where it was deprivileged",
      riscv: "code in S-mode"),
    "own time": Relatives(
      example: "cost",
      x86: "a VMM may give each guest a time-stamp counter of its own (TSC offset)",
      riscv: "htimedelta shifts a guest's clock"),
    "steal time": Relatives(
      example: "vm list", x86: "what Xen and KVM tell their guests by that name",
      riscv: "the same, by the STA extension of SBI"),
    "gate": Relatives(
      example: "gates", x86: "a descriptor of the IDT: handler, DPL, interrupt or trap gate",
      riscv: "no table of gates: traps go where stvec says"),
    "trap": Relatives(
      example: "trap", x86: "an exception or interrupt", riscv: "a trap; scause says which"),
    "walk": Relatives(
      example: "walk pc", x86: "directory and table, 10 bits each, in 32-bit mode without PAE",
      riscv: "the same two levels in Sv32"),
    "tlb": Relatives(
      example: "tlb", x86: "invlpg drops a page, a load of CR3 drops all but global ones",
      riscv: "sfence.vma",
      caveat: "Today's are tagged and larger, and have more than one level."),
    "vmm": Relatives(
      example: "vm", x86: "VMware (1999) and Xen (2003) before VT-x, KVM with it",
      riscv: "software in HS-mode, with the H extension"),
    "guest": Relatives(
      example: "vm", x86: "with VT-x it runs in non-root mode, in rings 0 to 3",
      riscv: "it runs in VS- and VU-mode"),
    "deprivileging": Relatives(
      example: "rings",
      x86:
        "guest kernels in ring 1 (32-bit VMware, which translated them, and Xen, which had them changed) "
        + "or 3 (64-bit Xen)",
      riscv: "a guest kernel in U-mode, its privileged instructions trapped",
      caveat: "On x86 it is not enough: some sensitive instructions don't trap outside ring 0."),
    "ring compression": Relatives(
      example: "shadow", x86: "in 64-bit mode kernel and programs of a guest share ring 3",
      riscv: "the same in U-mode"),
    "shadow": Relatives(
      example: "shadow", x86: "before nested paging (EPT) the usual way",
      riscv: "without the H extension",
      caveat:
        "With nested paging the CPU walks the guest's tables and the VMM's, and none are made."),
    "shadow table": Relatives(
      example: "shadow", x86: "before nested paging (EPT) the usual way",
      riscv: "without the H extension"),
    "hidden fault": Relatives(
      example: "catch page hidden",
      x86: "a #PF that the VMM keeps; with EPT a violation of its table",
      riscv: "a guest page fault, with the H extension"),
    "true fault": Relatives(
      example: "catch page true", x86: "a #PF that goes to the guest's kernel",
      riscv: "a page fault delegated to VS-mode"),
    "traced write": Relatives(
      example: "explain shadow", x86: "a write to a page that the VMM keeps read-only",
      riscv: "the same"),
    "emulation": Relatives(
      example: "cost", x86: "what a VMM does after #GP, or after an exit",
      riscv: "the same after cause 2",
      caveat: "An emulator, by contrast, carries out every instruction of another CPU."),
    "reflection": Relatives(
      example: "card", x86: "the injection of an event into the guest",
      riscv: "the same, by vsepc and vscause"),
    "doorway": Relatives(
      example: "gates real", x86: "none: a VMM's handlers are machine code", riscv: "none",
      caveat: "The VMM here is written in Swift; the doorway is where Onion's world ends."),
    "sensitive": Relatives(
      example: "explain getst", x86: "popf, sgdt, sidt, smsw and others are, and don't trap",
      riscv: "all of them are privileged"),
    "privileged": Relatives(
      example: "explain cli", x86: "hlt, lgdt, mov to CR3", riscv: "csrw satp, sret",
      caveat:
        "An x86 asks for CPL 0, not for a page. To be ignored without a word, as popf ignores IF, is not to "
        + "be privileged."),
    "popek and goldberg": Relatives(
      example: "explain classic", x86: "not met; VT-x (2005) has a mode for guests instead",
      riscv: "met",
      caveat: "The condition is sufficient, not necessary: VMware and Xen found other ways."),
    "strict": Relatives(
      example: "explain setst",
      x86:
        "none: with VT-x a guest's kernel is in ring 0 of a mode for guests, with an IF of its own",
      riscv: "as RISC-V is"),
    "classic": Relatives(
      example: "explain gettv", x86: "popf and pushf, sidt, iret", riscv: "none"),
    "virtual cpu": Relatives(
      example: "vcpu", x86: "with VT-x a control structure holds it (VMCS)",
      riscv: "vsstatus, vsatp and their like"),
  ]
}
