#define _GNU_SOURCE
#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// A child with every signal at its default and none blocked, whatever the test runner did.
static int set_attributes(posix_spawnattr_t *attributes, short extra) {
  sigset_t signals;
  sigfillset(&signals);
  sigdelset(&signals, SIGKILL);
  sigdelset(&signals, SIGSTOP);
  posix_spawnattr_setsigdefault(attributes, &signals);
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(attributes, &signals);
  return posix_spawnattr_setflags(
      attributes, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | extra));
}

int pseudoterminal_spawn(
    const char *path, char *const arguments[], char *const environment[], const char *folder,
    int columns, int rows, int *master, pid_t *process) {
  int side = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (side < 0) return errno;
  char slave[128];
  int failure = 0;
  if (grantpt(side) != 0 || unlockpt(side) != 0) {
    failure = errno;
  } else {
    failure = ptsname_r(side, slave, sizeof slave);
  }
  if (failure == 0 && pseudoterminal_resize(side, columns, rows) != 0) failure = errno;
  if (failure != 0) {
    close(side);
    return failure;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // A session leader without a terminal gets the first one that it opens as its own.
  posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, 0, 1);
  posix_spawn_file_actions_adddup2(&actions, 0, 2);
  if (folder != NULL) posix_spawn_file_actions_addchdir_np(&actions, folder);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  set_attributes(&attributes, POSIX_SPAWN_SETSID);
  failure = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    close(side);
    return failure;
  }
  fcntl(side, F_SETFL, fcntl(side, F_GETFL) | O_NONBLOCK);
  *master = side;
  return 0;
}

int pseudoterminal_spawn_piped(
    const char *path, char *const arguments[], char *const environment[], const char *folder,
    int *input, int *output, int *error, pid_t *process) {
  int pipes[3][2];
  for (int stream = 0; stream < 3; stream++) {
    if (pipe2(pipes[stream], O_CLOEXEC) != 0) {
      int failure = errno;
      while (stream-- > 0) {
        close(pipes[stream][0]);
        close(pipes[stream][1]);
      }
      return failure;
    }
  }
  // For the standard input (0) the child has the reading side, for the others the writing one.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int stream = 0; stream < 3; stream++) {
    posix_spawn_file_actions_adddup2(&actions, pipes[stream][stream == 0 ? 0 : 1], stream);
  }
  if (folder != NULL) posix_spawn_file_actions_addchdir_np(&actions, folder);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  set_attributes(&attributes, 0);
  int failure = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  for (int stream = 0; stream < 3; stream++) {
    int mine = pipes[stream][stream == 0 ? 1 : 0];
    close(pipes[stream][stream == 0 ? 0 : 1]);
    if (failure != 0) {
      close(mine);
    } else {
      fcntl(mine, F_SETFL, fcntl(mine, F_GETFL) | O_NONBLOCK);
    }
  }
  if (failure != 0) return failure;
  // A child that reads no further must not end the tests.
  signal(SIGPIPE, SIG_IGN);
  *input = pipes[0][1];
  *output = pipes[1][0];
  *error = pipes[2][0];
  return 0;
}

bool pseudoterminal_is_cooked(int master) {
  // On Linux the master side shows the mode that the child set.
  struct termios mode;
  return tcgetattr(master, &mode) != 0 || (mode.c_lflag & ICANON) != 0;
}

int pseudoterminal_resize(int master, int columns, int rows) {
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  return ioctl(master, TIOCSWINSZ, &size);
}

int pseudoterminal_reap(pid_t process, bool wait, int *status) {
  for (;;) {
    pid_t found = waitpid(process, status, wait ? 0 : WNOHANG);
    if (found == process) return 1;
    if (found == 0) return 0;
    if (errno != EINTR) return -1;
  }
}

bool pseudoterminal_did_exit(int status) { return WIFEXITED(status); }
int pseudoterminal_exit_code(int status) { return WEXITSTATUS(status); }
int pseudoterminal_signal(int status) { return WTERMSIG(status); }
