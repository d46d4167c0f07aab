import OnionISA

/// The words of the field, in a sentence or two each. Onion's own terms come from its manual; the others
/// mean what the textbooks mean.
enum Glossary {
  static let bits: [String: String] = [
    "P":
      "Present, bit 0 of a page-table entry. If it is 0, any use of the page is a page fault and the other "
      + "bits are free.",
    "W": "Writable, bit 1 of a page's entry. A store needs it in every ring, in ring 0 too.",
    "RING":
      "Bits 3:2 of a page's entry: its privilege code, 00 to 11. Code runs from a page only in the ring of "
      + "that number. Loads and stores are allowed to that ring and to all rings further in.",
    "A":
      "Accessed, bit 4 of an entry. The CPU sets it when a walk that used the entry was granted.",
    "D": "Dirty, bit 5 of a page's entry. The CPU sets it on the first store to the page.",
    "CPL":
      "Current privilege level, bits 1:0 of status: the ring that the CPU runs in, and what a privileged "
      + "instruction is judged by. On Onion it always equals the code of the page that is being executed.",
    "IF": "Interrupts on, bit 2 of status. While it is 0 every interrupt waits.",
    "TF":
      "Trap flag, bit 3 of status. While it is 1 a step trap (vector 1) follows each instruction.",
    "IOPL": "Bits 5:4 of status: the least privileged ring that may use in and out.",
    "STATUS": "The register that holds CPL (bits 1:0), IF (2), TF (3) and IOPL (5:4).",
    "PC": "The address of the instruction that comes next.",
  ]

  static let words: [String: String] = [
    "code":
      "A page's privilege code, bits 3:2 of its entry: 00, 01, 10 or 11. It says in which ring the page's "
      + "code runs (code 01: ring 1), and how far out a ring may be that loads and stores there.",
    "frame":
      "4 KiB of memory, as pages are mapped to. 'frames' shows who owns each. (What a trap leaves on the "
      + "stack is a trap frame.)",
    "trap frame":
      "Four words that a trap pushes on the stack of its handler: error, pc, status and sp. iret takes them "
      + "back.",
    "fault":
      "A trap by which an instruction is refused: it has changed nothing, the pc that is saved is its own, and "
      + "after an iret it is tried again.",
    "interrupt":
      "A trap that no instruction asked for: a device did. It comes between two instructions, and only while "
      + "IF is 1.",
    "kernel":
      "The part of an operating system that owns the machine, in ring 0. Under a VMM a guest's kernel only "
      + "believes that it is there.",
    "own time":
      "What a guest's clock counts: the cycles of its own instructions, emulated ones included, of the traps that "
      + "it was told, and of its TLB misses. It is not what the bare machine would take: there no VMM empties the "
      + "TLBs by its loads of ptbr. 'compare' runs both.",
    "steal time":
      "Cycles for which a guest had something to run and another had the CPU. 'vm list' counts them for each.",
    "ring":
      "A privilege level. The CPU is in one: ring 0 may do everything, ring 3 least. On Onion a page's 2-bit code "
      + "says in which ring its code runs. An x86 looks at no page for that: its level is in the register CS.",
    "gate":
      "An entry of the trap table: where a trap's handler is, and which rings may come in by int. A gate is the "
      + "only way inward.",
    "trap":
      "What the CPU does when something is refused, asked for or interrupts: through a gate, on the new ring's "
      + "stack, into the handler, in one go.",
    "walk":
      "What the MMU does to translate an address: it reads an entry of the page directory, then one of a page "
      + "table. 'walk ADDRESS' draws it.",
    "tlb":
      "Translation lookaside buffer: it remembers the last translations, so that not every access needs a walk. "
      + "Onion has two, 64 entries each. A changed table needs invlpg.",
    "vmm":
      "Virtual machine monitor, or hypervisor: it owns the real machine and gives each guest a virtual one.",
    "guest":
      "A whole machine's software (a kernel with its programs) that runs on a virtual machine.",
    "deprivileging":
      "Running a guest's kernel in a less privileged ring than it was written for. On Onion the VMM maps "
      + "its pages with code 01 instead of 00, so it runs in ring 1, and what needs ring 0 traps into the VMM.",
    "ring compression":
      "The VMM takes ring 0, so a guest's rings 0 and 1 both run in real ring 1. A shadow table for "
      + "each keeps the wall between them.",
    "shadow":
      "The page tables that the real CPU walks while a guest runs. The VMM makes them from the guest's own "
      + "tables and from its map of the guest's memory.",
    "shadow table":
      "The page tables that the real CPU walks while a guest runs. The VMM makes them from the guest's "
      + "own tables and from its map of the guest's memory.",
    "hidden fault":
      "A page fault that the guest's own tables don't explain: the VMM fills its shadow table, or carries "
      + "out a store to a page table, and the guest never learns of it.",
    "true fault":
      "A page fault that the guest's own tables refuse as well: the guest's kernel must be told.",
    "traced write":
      "A store to one of the guest's page tables. Those pages are write-protected in the shadow, so the "
      + "store traps, and the VMM carries it out and drops what it had derived.",
    "emulation": "The VMM carries out an instruction for the guest on the virtual CPU.",
    "reflection":
      "The VMM delivers a trap that belongs to the guest to the guest's own kernel, by the rules of the "
      + "architecture, with virtual rings.",
    "doorway":
      "The VMM's first page: 64 words, one for each vector. A fetch of one in ring 0 hands over to the VMM.",
    "sensitive":
      "An instruction that changes the state by which the machine is controlled, or whose result depends on "
      + "that state.",
    "privileged": "An instruction that traps outside ring 0.",
    "popek and goldberg":
      "Their condition (1974): a machine can be virtualised by trap and emulate if every sensitive "
      + "instruction is privileged. Their model has no paging, devices or interrupts. Onion's strict profile "
      + "meets it while the real IOPL is 0, the classic one does not.",
    "strict":
      "The profile of Onion on which every sensitive instruction traps outside ring 0: in and out only "
      + "while the real IOPL is 0, which a VMM sees to.",
    "classic":
      "The profile of Onion with holes like those of the 32-bit x86, which has more: getst, setst, gettv and iret do "
      + "not trap.",
    "virtual cpu":
      "What the guest believes its CPU to be: ring, IF, control registers. 'vcpu' shows it beside the truth.",
    "hypercall":
      "A call from a guest's kernel to the VMM: vmcall on Onion. A guest that was not made for it gets "
      + "vector 8.",
  ]

  /// Where an instruction is not what its cousins are.
  static func caveat(_ instruction: Instruction) -> String? {
    switch instruction {
    case .cli, .sti: "x86's asks for CPL <= IOPL; this one for ring 0."
    case .setst, .getst: "x86's popf and pushf never trap in protected mode, in no ring."
    case .gettv: "x86's sidt runs in every ring, if UMIP doesn't forbid it."
    case .iret: "x86's iret outside ring 0 keeps IOPL, and IF too if CPL > IOPL, without a trap."
    case .hlt: "On a VMM's machine a guest's hlt gives the CPU to others."
    case .in, .out: "x86's also asks the I/O bitmap of the task."
    case .invlpg:
      "A load of ptbr drops all entries of the TLBs, as x86's of CR3 does but for global pages."
    case .swap: "x86's xchg with memory is a locked access; Onion has one CPU."
    default: nil
    }
  }

  static func vector(_ vector: Vector) -> String {
    switch vector {
    case .divide: "a division by 0"
    case .step: "after each instruction while TF is set"
    case .breakpoint: "brk"
    case .undefined: "a word that is no instruction"
    case .protection:
      "a privileged instruction or a port outside its rings, a gate that refuses, or an iret inward"
    case .page: "an access that paging doesn't grant; badaddr holds the address"
    case .misaligned: "an address that isn't a multiple of the access's size"
    case .double: "a trap that couldn't be delivered"
    case .hypercall: "vmcall"
    case .timer: "the timer ticked, until it is acknowledged at port 0x21"
    case .console: "input waits and bit 0 of port 0x11 is set"
    case .disk: "the disk has finished"
    case .network: "the network has finished, or a frame came"
    default: vector.kind == .unused ? "never" : "int with this number"
    }
  }
}
