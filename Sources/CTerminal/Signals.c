#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupt_flag = 0;
static volatile sig_atomic_t resize_flag = 0;
static volatile sig_atomic_t continue_flag = 0;
static volatile sig_atomic_t leave_signal = 0;

// A byte in this pipe wakes a wait that began just before a signal came.
static int wake_reading = -1;
static int wake_writing = -1;

static void note_signal(int signal_number) {
  int saved = errno;
  switch (signal_number) {
    case SIGINT: interrupt_flag = 1; break;
    case SIGWINCH: resize_flag = 1; break;
    case SIGCONT: continue_flag = 1; break;
    default: leave_signal = signal_number; break;
  }
  if (wake_writing >= 0 && write(wake_writing, "", 1) < 0) {
    // The pipe is full: that wakes as well.
  }
  errno = saved;
}

static void handle(int signal_number, void (*handler)(int), struct sigaction *before) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = handler;
  // No SA_RESTART: a read that waits for a line has to come back.
  action.sa_flags = 0;
  sigaction(signal_number, &action, before);
}

static void open_wake_pipe(void) {
  int ends[2];
  if (wake_reading >= 0 || pipe(ends) != 0) return;
  for (int end = 0; end < 2; end++) {
    fcntl(ends[end], F_SETFD, FD_CLOEXEC);
    fcntl(ends[end], F_SETFL, O_NONBLOCK);
  }
  wake_reading = ends[0];
  wake_writing = ends[1];
}

void terminal_install_interrupts(void) {
  open_wake_pipe();
  handle(SIGINT, note_signal, NULL);
  handle(SIGQUIT, SIG_IGN, NULL);
  handle(SIGPIPE, SIG_IGN, NULL);
}

bool terminal_interrupt_is_pending(void) { return interrupt_flag != 0; }

bool terminal_take_interrupt(void) {
  // Only a raised flag is lowered, so that an interrupt between the two lines is not lost.
  if (interrupt_flag == 0) return false;
  interrupt_flag = 0;
  return true;
}

void terminal_raise_interrupt(void) { interrupt_flag = 1; }

static const int editing_signals[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGHUP};
enum { editing_signal_count = sizeof editing_signals / sizeof editing_signals[0] };
static struct sigaction actions_before[editing_signal_count];

void terminal_begin_editing(void) {
  open_wake_pipe();
  resize_flag = 0;
  continue_flag = 0;
  leave_signal = 0;
  for (int index = 0; index < editing_signal_count; index++) {
    handle(editing_signals[index], note_signal, &actions_before[index]);
    // What the one who started this process wants ignored stays so.
    if (actions_before[index].sa_handler == SIG_IGN) {
      sigaction(editing_signals[index], &actions_before[index], NULL);
    }
  }
}

void terminal_end_editing(void) {
  for (int index = 0; index < editing_signal_count; index++) {
    sigaction(editing_signals[index], &actions_before[index], NULL);
  }
  // A signal that came too late for the wait must not be lost.
  if (leave_signal != 0) terminal_pass_signal_on();
}

void terminal_pass_signal_on(void) {
  int signal_number = leave_signal;
  if (signal_number == 0) return;
  leave_signal = 0;
  struct sigaction editing;
  for (int index = 0; index < editing_signal_count; index++) {
    if (editing_signals[index] != signal_number) continue;
    sigaction(signal_number, &actions_before[index], &editing);
    kill(getpid(), signal_number);
    sigaction(signal_number, &editing, NULL);
  }
}

terminal_wait terminal_wait_for_key(int descriptor, int milliseconds) {
  for (;;) {
    if (interrupt_flag) return terminal_wait_interrupt;
    if (leave_signal) return terminal_wait_leave;
    if (continue_flag) {
      continue_flag = 0;
      return terminal_wait_continued;
    }
    if (resize_flag) {
      resize_flag = 0;
      return terminal_wait_resized;
    }
    struct pollfd polled[2] = {
        {.fd = descriptor, .events = POLLIN}, {.fd = wake_reading, .events = POLLIN}};
    int count = poll(polled, 2, milliseconds);
    if (count < 0) {
      if (errno != EINTR) return terminal_wait_failed;
    } else if (count == 0) {
      return terminal_wait_timeout;
    } else if (polled[1].revents != 0) {
      char bytes[64];
      while (read(wake_reading, bytes, sizeof bytes) > 0) {
      }
    } else if (!interrupt_flag && !leave_signal && !continue_flag && !resize_flag) {
      // A signal that came with the key goes first: the key is drawn as the window is now.
      return terminal_wait_key;
    }
  }
}

int terminal_open_keys(int descriptor) {
  char path[256];
  if (ttyname_r(descriptor, path, sizeof path) != 0) return -1;
  return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int terminal_read_byte(int descriptor, uint8_t *byte) {
  ssize_t count = read(descriptor, byte, 1);
  if (count < 0 && errno == EINTR) errno = EAGAIN;
  return (int)count;
}
