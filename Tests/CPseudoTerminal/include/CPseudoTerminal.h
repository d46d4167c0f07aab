// Starting a process under a pseudo-terminal or on pipes: calls that Swift's Glibc module lacks.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// Starts the program as the leader of its own session, with a new pseudo-terminal of the given
/// size as its controlling terminal and its three standard streams. `folder` may be NULL.
/// Returns 0 and fills in the master side and the process, or returns an errno value.
int pseudoterminal_spawn(
    const char *path, char *const arguments[], char *const environment[], const char *folder,
    int columns, int rows, int *master, pid_t *process);

/// Starts the program with pipes for its standard streams; the ends kept here do not block.
/// Returns 0 and fills in the three ends and the process, or returns an errno value.
int pseudoterminal_spawn_piped(
    const char *path, char *const arguments[], char *const environment[], const char *folder,
    int *input, int *output, int *error, pid_t *process);

/// Whether the terminal gathers lines itself: not so while a line editor reads.
bool pseudoterminal_is_cooked(int master);

/// Gives the terminal another size, which sends SIGWINCH to its foreground processes.
int pseudoterminal_resize(int master, int columns, int rows);

/// Looks whether the process ended: 1 with its wait status, 0 when it runs, -1 on failure.
int pseudoterminal_reap(pid_t process, bool wait, int *status);

bool pseudoterminal_did_exit(int status);
int pseudoterminal_exit_code(int status);
int pseudoterminal_signal(int status);
