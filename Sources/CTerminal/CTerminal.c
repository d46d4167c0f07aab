#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static volatile sig_atomic_t interrupt_flag = 0;

static void note_interrupt(int signal_number) {
  (void)signal_number;
  interrupt_flag = 1;
}

int terminal_install_interrupts(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = note_interrupt;
  // No SA_RESTART: a read that waits for a line has to come back.
  action.sa_flags = 0;
  if (sigaction(SIGINT, &action, NULL) != 0) return errno;
  action.sa_handler = SIG_IGN;
  if (sigaction(SIGQUIT, &action, NULL) != 0) return errno;
  if (sigaction(SIGPIPE, &action, NULL) != 0) return errno;
  return 0;
}

bool terminal_interrupt_is_pending(void) { return interrupt_flag != 0; }

bool terminal_take_interrupt(void) {
  // Only a raised flag is lowered, so that an interrupt between the two lines is not lost.
  if (interrupt_flag == 0) return false;
  interrupt_flag = 0;
  return true;
}

void terminal_raise_interrupt(void) { interrupt_flag = 1; }

bool terminal_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int terminal_rows(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

int terminal_write_all(int descriptor, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(descriptor, next, count);
    if (written >= 0) {
      next += written;
      count -= (size_t)written;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
      if (poll(&ready, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

int terminal_flush_standard_output(void) {
  while (fflush(stdout) != 0) {
    if (errno != EINTR) return errno;
    clearerr(stdout);
  }
  return 0;
}

bool terminal_use_utf8(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) setlocale(LC_CTYPE, "en_US.UTF-8");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int terminal_character_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

int terminal_lock(int descriptor, int milliseconds) {
  for (int waited = 0;; waited += 5) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 0;
    if (errno != EWOULDBLOCK && errno != EINTR) return errno;
    if (waited >= milliseconds) return EWOULDBLOCK;
    poll(NULL, 0, 5);
  }
}
