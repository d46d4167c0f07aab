import SourceText

/// How the exported page looks, and what it does where scripts run.
enum HTMLPage {
  static func className(_ style: Style) -> String? {
    switch style {
    case .plain, .code: nil
    case .heading, .strong: "b"
    case .dim, .comment: "d"
    case .address: "a"
    case .good: "g"
    case .bad: "r"
    case .changed: "c"
    case .ring0: "r0"
    case .ring1: "r1"
    case .ring2: "r2"
    case .ring3: "r3"
    case .prompt: "p"
    }
  }

  /// Every pair of colours has a contrast of 4.5 or more.
  static let style = """
    :root { --ground: #ffffff; --ink: #1b1f24; --faint: #57606a; --line: #8c959f; --panel: #f6f8fa;
      --link: #0550ae; --good: #116329; --bad: #a40e26; --changed: #7d4e00; --address: #0b5c73;
      --r0: #a40e26; --r1: #7d4e00; --r2: #7a2ea8; --r3: #116329; }
    @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {
      --ground: #0d1117; --ink: #e6edf3; --faint: #9aa4af; --line: #6e7681; --panel: #161b22;
      --link: #79c0ff; --good: #56d364; --bad: #ff7b72; --changed: #e3b341; --address: #76d4e8;
      --r0: #ff7b72; --r1: #e3b341; --r2: #d2a8ff; --r3: #56d364; } }
    :root[data-theme="dark"] {
      --ground: #0d1117; --ink: #e6edf3; --faint: #9aa4af; --line: #6e7681; --panel: #161b22;
      --link: #79c0ff; --good: #56d364; --bad: #ff7b72; --changed: #e3b341; --address: #76d4e8;
      --r0: #ff7b72; --r1: #e3b341; --r2: #d2a8ff; --r3: #56d364; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1rem; max-width: 54rem; background: var(--ground); color: var(--ink);
      font: 1rem/1.55 system-ui, sans-serif; }
    h1, h2, h3 { line-height: 1.25; }
    a { color: var(--link); }
    .skip { position: absolute; left: -100vw; }
    .skip:focus { position: static; }
    dl { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 0 0 1rem; color: var(--faint); }
    dl div { display: flex; gap: .4rem; }
    dd { margin: 0; color: var(--ink); }
    pre, code, kbd, .prompt { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    pre { margin: 0; padding: .6rem .8rem; overflow-x: auto; background: var(--panel);
      border-left: 3px solid var(--line); font-size: .84rem; line-height: 1.3; }
    .code { margin: 1rem 0; }
    .step { margin: 1rem 0; scroll-margin: 5rem; }
    .command { margin: 0 0 .2rem; overflow-wrap: anywhere; }
    .prompt { color: var(--faint); font-size: .9rem; }
    kbd { font-weight: 700; font-size: .95rem; }
    .refused { margin-left: .6rem; color: var(--bad); font-weight: 700; }
    .step.now pre { border-left-color: var(--link); }
    .b, .c, .p { font-weight: 700; } .d { color: var(--faint); } .a { color: var(--address); }
    .g { color: var(--good); } .r { color: var(--bad); } .c { color: var(--changed); } .p { color: var(--link); }
    .r0 { color: var(--r0); } .r1 { color: var(--r1); } .r2 { color: var(--r2); } .r3 { color: var(--r3); }
    table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: left; }
    th.right, td.right { text-align: right; }
    blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); }
    .controls { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .4rem; align-items: center;
      padding: .5rem 0; background: var(--ground); border-bottom: 1px solid var(--line); }
    .controls[hidden], [data-later] { display: none; }
    button { font: inherit; padding: .25rem .7rem; color: var(--ink); background: var(--panel);
      border: 1px solid var(--line); border-radius: .3rem; cursor: pointer; min-height: 2rem; }
    button:disabled { color: var(--faint); cursor: default; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    footer { margin-top: 2rem; border-top: 1px solid var(--line); color: var(--faint); }
    @media print {
      :root:root:root { --ground: #fff; --ink: #000; --faint: #444c56; --line: #8c959f; --link: #0550ae;
        --good: #116329; --bad: #a40e26; --changed: #7d4e00; --address: #0b5c73;
        --r0: #a40e26; --r1: #7d4e00; --r2: #7a2ea8; --r3: #116329; }
      .controls, .skip, nav { display: none; }
      [data-later] { display: revert; }
      body { max-width: none; background: #fff; color: #000; font-size: 10pt; }
      pre { white-space: pre-wrap; break-inside: avoid; font-size: 7.5pt; background: none; }
      .command { break-after: avoid; } h2, h3 { break-after: avoid; }
    }

    """

  static let script = """
    (function () {
      "use strict";
      var root = document.documentElement, main = document.getElementById("main");
      var parts = Array.prototype.slice.call(main.children);
      var steps = parts.filter(function (part) { return part.classList.contains("step"); });
      var heads = parts.filter(function (part) { return /^H[2-6]$/.test(part.tagName); });
      if (!steps.length) return;
      function button(id) { return document.getElementById(id); }
      var stepping = false, now = 0;
      function indexAfter(part) {
        var from = parts.indexOf(part);
        for (var i = 0; i < steps.length; i++) if (parts.indexOf(steps[i]) > from) return i;
        return steps.length - 1;
      }
      function show(moves) {
        var last = parts.indexOf(steps[now]);
        parts.forEach(function (part, i) {
          if (stepping && i > last) part.setAttribute("data-later", ""); else part.removeAttribute("data-later");
          part.classList.toggle("now", stepping && part === steps[now]);
        });
        button("mode").setAttribute("aria-pressed", String(stepping));
        button("mode").textContent = stepping ? "Show all" : "Step through";
        ["first", "back", "forward", "chapter-back", "chapter-on"].forEach(function (id) {
          button(id).hidden = !stepping;
        });
        button("first").disabled = button("back").disabled = now === 0;
        button("forward").disabled = now === steps.length - 1;
        button("chapter-back").hidden = button("chapter-on").hidden = !stepping || heads.length < 2;
        button("where").textContent = stepping
          ? "Command " + (now + 1) + " of " + steps.length + ": " + (steps[now].dataset.line || "Enter") : "";
        if (stepping && moves) {
          var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
          steps[now].scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
          history.replaceState(null, "", "#c" + (now + 1));
        }
      }
      function go(to) { stepping = true; now = Math.max(0, Math.min(steps.length - 1, to)); show(true); }
      function chapter(by) {
        var here = -1;
        heads.forEach(function (head, i) { if (indexAfter(head) <= now) here = i; });
        var target = heads[Math.max(0, Math.min(heads.length - 1, here + by))];
        go(target ? indexAfter(target) : now);
      }
      button("mode").onclick = function () { stepping = !stepping; show(true); };
      button("first").onclick = function () { go(0); };
      button("back").onclick = function () { go(now - 1); };
      button("forward").onclick = function () { go(now + 1); };
      button("chapter-back").onclick = function () { chapter(-1); };
      button("chapter-on").onclick = function () { chapter(1); };
      button("theme").onclick = function () {
        var dark = root.dataset.theme ? root.dataset.theme === "dark"
          : window.matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = dark ? "light" : "dark";
      };
      document.addEventListener("keydown", function (event) {
        if (!stepping || event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.target.tagName === "PRE" && event.target.scrollWidth > event.target.clientWidth) return;
        if (event.key === "ArrowRight") go(now + 1);
        else if (event.key === "ArrowLeft") go(now - 1);
        else if (event.key === "Home") go(0);
        else if (event.key === "End") go(steps.length - 1);
        else return;
        event.preventDefault();
      });
      function follow() {
        var match = /^#c([0-9]+)$/.exec(location.hash);
        if (match) { go(Number(match[1]) - 1); return; }
        var target = location.hash && document.getElementById(location.hash.slice(1));
        if (stepping && target && heads.indexOf(target) >= 0) { go(indexAfter(target)); target.scrollIntoView(); }
      }
      window.addEventListener("hashchange", follow);
      button("controls").hidden = false;
      show(false);
      follow();
    })();

    """
}
