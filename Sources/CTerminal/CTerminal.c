#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

bool terminal_has_input(int descriptor, int milliseconds) {
  struct pollfd polled = {.fd = descriptor, .events = POLLIN};
  return poll(&polled, 1, milliseconds) > 0;
}

bool terminal_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int terminal_set_echo(int descriptor, bool on) {
  struct termios mode;
  if (tcgetattr(descriptor, &mode) != 0) return errno;
  if (on) {
    mode.c_lflag |= ECHO;
  } else {
    mode.c_lflag &= ~(tcflag_t)ECHO;
  }
  return tcsetattr(descriptor, TCSANOW, &mode) == 0 ? 0 : errno;
}

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
