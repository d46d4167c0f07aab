// Typed doors to libedit's variadic calls: Swift cannot call `el_set`, `el_get` or `history`.
// One function for each operation that is used; nothing here keeps any state.
#pragma once
#include <histedit.h>
#include <stdio.h>

typedef char *(*editline_prompt_function)(EditLine *);
typedef int (*editline_reader_function)(EditLine *, wchar_t *);
typedef unsigned char (*editline_key_function)(EditLine *, int);

/// Makes an editor on the standard streams, which Swift may not name because C lets them change.
static inline EditLine *editline_init_standard(const char *program) {
  return el_init(program, stdin, stdout, stderr);
}

static inline int editline_set_client(EditLine *editor, void *client) {
  return el_set(editor, EL_CLIENTDATA, client);
}

static inline void *editline_client(EditLine *editor) {
  void *client = NULL;
  el_get(editor, EL_CLIENTDATA, &client);
  return client;
}

/// The prompt, in which `escape` stands on both sides of every run that takes no room on screen.
static inline int editline_set_prompt(
    EditLine *editor, editline_prompt_function prompt, char escape) {
  return el_set(editor, EL_PROMPT_ESC, prompt, escape);
}

static inline int editline_set_editor(EditLine *editor, const char *name) {
  return el_set(editor, EL_EDITOR, name);
}

/// The name of the key map in use ("emacs" or "vi"), or NULL.
static inline const char *editline_editor(EditLine *editor) {
  const char *name = NULL;
  return el_get(editor, EL_EDITOR, &name) == 0 ? name : NULL;
}

/// Leaves signals to the program rather than to libedit.
static inline int editline_leave_signals(EditLine *editor) {
  return el_set(editor, EL_SIGNAL, 0);
}

/// The function that reads a key: it stores a character and returns 1, returns 0 at the end of
/// the input, or returns -1 and sets errno.
static inline int editline_set_reader(EditLine *editor, editline_reader_function reader) {
  return el_set(editor, EL_GETCFN, reader);
}

/// Draws prompt and line from where the cursor is, as if nothing were on the screen.
static inline int editline_refresh(EditLine *editor) { return el_set(editor, EL_REFRESH); }

static inline int editline_set_history(EditLine *editor, History *entries) {
  return el_set(editor, EL_HIST, history, entries);
}

static inline int editline_add_function(
    EditLine *editor, const char *name, const char *help, editline_key_function function) {
  return el_set(editor, EL_ADDFN, name, help, function);
}

static inline int editline_bind(EditLine *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, key, function, NULL);
}

static inline int editline_set_capability(
    EditLine *editor, const char *name, const char *value) {
  return el_set(editor, EL_SETTC, name, value, NULL);
}

/// Changes a terminal setting of the editing mode ("-d"), such as "-quit" for no quit key.
static inline int editline_set_terminal_mode(EditLine *editor, const char *setting) {
  return el_set(editor, EL_SETTY, "-d", setting, NULL);
}

/// Switches the terminal to the editing mode (1) or back to what it was (0).
static inline int editline_prepare_terminal(EditLine *editor, int editing) {
  return el_set(editor, EL_PREP_TERM, editing);
}

static inline int editline_history_set_size(History *entries, int size) {
  HistEvent event;
  return history(entries, &event, H_SETSIZE, size);
}

static inline int editline_history_enter(History *entries, const char *line) {
  HistEvent event;
  return history(entries, &event, H_ENTER, line);
}

static inline int editline_history_clear(History *entries) {
  HistEvent event;
  return history(entries, &event, H_CLEAR);
}
