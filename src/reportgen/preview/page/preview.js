// Asks for the state, shows it, and asks again: the answer comes when there is something new.
// Texts go in as text, never as HTML.  Written for old browsers (ECMAScript 5).
(function () {
  "use strict";

  var RETRY = 1000; // milliseconds between questions while there is no answer
  var PATIENCE = 40000; // twice as long as the program lets a question wait
  var NONE = -1;
  var OLD_DRAFT = "，显示的还是改动以前的草稿";

  var known = NONE; // the revision that is shown
  var draft = ""; // the draft that is shown

  function element(id) {
    return document.getElementById(id);
  }

  function put(parent, name, kind, text) {
    var child = document.createElement(name);
    child.className = kind;
    child.textContent = text;
    parent.appendChild(child);
    return child;
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", "/state?after=" + known);
    request.timeout = PATIENCE;
    request.onload = function () {
      if (request.status !== 200) {
        lost();
        return;
      }
      show(JSON.parse(request.responseText));
      ask();
    };
    request.onerror = request.ontimeout = lost;
    request.send();
  }

  function lost() {
    known = NONE; // the program may have been started anew
    element("status").className = "lost";
    element("status").textContent = "预览程序已停止。重新运行后，这里会自动接上（端口要相同）。";
    window.setTimeout(ask, RETRY);
  }

  function show(state) {
    if (state.revision === known) {
      return;
    }
    known = state.revision;
    document.title = (state.trouble ? "✕ " : "") + state.name + " 预览";
    element("name").textContent = state.name;
    element("status").className = "";
    element("status").textContent = state.is_building
      ? "正在更新……"
      : "更新于 " + state.built_at + "，保存文件后自动更新";
    showTrouble(state);
    showFindings(state);
    showDraft(state);
  }

  function showTrouble(state) {
    var empty = element("empty"); // gone once there has been a draft
    element("trouble").hidden = !state.trouble;
    element("message").textContent = state.trouble + (empty && !state.draft ? "" : OLD_DRAFT);
    element("hint").textContent = state.hint;
    element("draft").className = state.trouble ? "stale" : "";
    if (empty && state.trouble) {
      empty.textContent = "还没有草稿";
    }
  }

  function showFindings(state) {
    var list = element("findings");
    element("summary").textContent = state.summary;
    list.textContent = "";
    state.findings.forEach(function (finding) {
      var item = put(list, "li", finding.severity, "");
      put(item, "b", "", finding.label + " " + finding.code);
      put(item, "span", "message", finding.message);
      put(item, "span", "place", finding.place);
      finding.notes.forEach(function (note) {
        put(item, "span", "note", note);
      });
    });
  }

  function showDraft(state) {
    if (!state.draft || state.draft === draft) {
      return;
    }
    draft = state.draft;
    element("open").hidden = false;
    if (state.pages) {
      showPages(state.pages);
    } else {
      showFrame();
    }
  }

  // The pictures stay and change what they show: nothing flickers, nothing scrolls.
  function showPages(count) {
    var home = element("draft");
    var pages = home.getElementsByTagName("img");
    if (!pages.length) {
      home.textContent = "";
    }
    while (pages.length > count) {
      home.removeChild(pages[count]);
    }
    while (pages.length < count) {
      var page = document.createElement("img");
      page.setAttribute("loading", "lazy");
      page.width = 210; // A4, until the picture has come
      page.height = 297;
      home.appendChild(page);
    }
    for (var n = 1; n <= count; n++) {
      pages[n - 1].alt = "第 " + n + " 页";
      pages[n - 1].src = "/page.png?n=" + n + "&draft=" + draft;
    }
  }

  // Without pypdfium2: the browser's own viewer, which begins at the first page again.
  function showFrame() {
    var home = element("draft");
    var frame = home.querySelector("iframe");
    if (!frame) {
      home.textContent = "";
      frame = document.createElement("iframe");
      frame.title = "草稿";
      home.appendChild(frame);
    }
    frame.src = "/draft.pdf?draft=" + draft + "#navpanes=0";
  }

  ask();
})();
