; variables.s - what the kernel remembers. Code 00: no process can read or write it.

gates:          .space  64 * 8          ; traps.s

memory_end:     .word   0               ; memory.s
free_list:      .word   0
free_frames:    .word   0
shared_frames:  .space  SHARED_PAGES * 4

balloon_works:  .word   0               ; balloon.s
balloon_frames: .word   0
balloon:        .space  KERNEL_REACH / 0x1000 ; a byte for each frame: 1 = it is in the balloon
balloon_end:

current:        .word   0               ; processes.s
ticks:          .word   0
turns:          .word   0
last_number:    .word   0
processes:      .space  PROCESSES * P_SIZE
processes_end:

name_given:     .space  24              ; calls.s

line:           .space  LINE_SIZE       ; console.s
line_length:    .word   0
line_ready:     .word   0

disk_lock:      .word   0               ; disk.s
disk_done:      .word   0
disk_status:    .word   0

array_lock:     .word   0               ; array.s
right_stripes:  .space  DISKS * 4
label_number:   .word   0
label:          .space  512
piece:          .space  512
piece_2:        .space  512

files_lock:     .word   0               ; files.s
mounted:        .word   0               ; volume + 1
changed:        .word   0               ; a bit for each sector of the table
        .align  512
table:          .space  512             ; sector 0
directory:      .space  2 * 512
chain:          .space  2 * 512
file_sector:    .space  512

sending:        .word   0               ; network.s
send_status:    .word   0
send_lock:      .word   0
frames_waiting: .word   0
first_frame:    .word   0
buffer_offered: .word   0
frame_out:      .space  FRAME_SIZE
frames:         .space  FRAME_ROOM * FRAME_SIZE
