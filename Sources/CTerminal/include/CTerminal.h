// What a terminal program needs of C: signal flags, the window's size, the locale, and writing
// through interruptions. Everything here may be called from any thread.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Makes SIGINT raise a flag instead of ending the process, and ignores SIGQUIT and SIGPIPE.
/// Blocking calls then fail with EINTR rather than going on. Calling it again does no harm.
void terminal_install_interrupts(void);

/// Whether SIGINT came since the flag was last taken.
bool terminal_interrupt_is_pending(void);

/// Lowers the flag and says whether it was raised.
bool terminal_take_interrupt(void);

/// Raises the flag, as SIGINT would.
void terminal_raise_interrupt(void);

/// What a wait for a key came to.
typedef enum {
  terminal_wait_key,        // There is something to read, or the end of it.
  terminal_wait_interrupt,  // The interrupt flag is raised, and still is.
  terminal_wait_resized,    // The window has another size.
  terminal_wait_continued,  // The process was stopped and goes on; the terminal's mode may be lost.
  terminal_wait_leave,      // A signal stops or ends the process: see terminal_pass_signal_on.
  terminal_wait_failed,     // See errno.
  terminal_wait_timeout,    // Nothing came in the time that was given.
} terminal_wait;

/// From here to terminal_end_editing, signals that concern a line editor are held for
/// terminal_wait_for_key: SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGHUP.
void terminal_begin_editing(void);
void terminal_end_editing(void);

/// Waits for a key or one of the signals, for at most so many milliseconds; a negative number is for ever.
/// A signal that came before is not missed.
terminal_wait terminal_wait_for_key(int descriptor, int milliseconds);

/// Lets the signal that terminal_wait_leave told of do its work. Comes back if that was to stop
/// the process and it goes on.
void terminal_pass_signal_on(void);

/// Opens the terminal behind a descriptor a second time, so that a read that finds nothing comes back at
/// once: what a wait saw may be gone, since Ctrl-C throws away what was typed before it. Whoever shares
/// the first descriptor notices nothing. Returns -1 where it can't be opened.
int terminal_open_keys(int descriptor);

/// Reads at most one byte. Returns the count, or -1 with errno: EAGAIN if nothing is there any more or a
/// signal came instead.
int terminal_read_byte(int descriptor, uint8_t *byte);

/// Whether something can be read now or within so many milliseconds.
bool terminal_has_input(int descriptor, int milliseconds);

bool terminal_is_terminal(int descriptor);

/// Whether what is typed is shown by the terminal itself, where no line is being edited.
/// Returns 0, or an errno value.
int terminal_set_echo(int descriptor, bool on);

/// The window's columns or rows, or 0 when the descriptor has no window or its size is unknown.
int terminal_columns(int descriptor);
int terminal_rows(int descriptor);

/// Writes all of the bytes, going on after interruptions and when the other side is slow.
/// Returns 0, or the errno value of the write that failed.
int terminal_write_all(int descriptor, const void *bytes, size_t count);

/// Writes out what stdio still holds for the standard output. Returns 0, or an errno value.
int terminal_flush_standard_output(void);

/// Takes the character set from the environment, or UTF-8 when it names another.
/// Returns whether the character set is UTF-8 now.
bool terminal_use_utf8(void);

/// The columns that a character takes, 0 for a combining one, -1 for a control character.
int terminal_character_width(uint32_t scalar);

/// Waits for the lock of an open file or folder for at most about `milliseconds`.
/// Returns 0, or an errno value. Closing the descriptor gives the lock back.
int terminal_lock(int descriptor, int milliseconds);
