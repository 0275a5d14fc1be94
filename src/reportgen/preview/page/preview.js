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
    tell("预览程序已停止");
    element("status").textContent = "预览程序已停止。重新运行后，这里会自动接上。";
    window.setTimeout(ask, RETRY);
  }

  function show(state) {
    if (state.revision === known) {
      return;
    }
    var focus = focused();
    known = state.revision;
    document.title = (state.trouble ? "✕ " : "") + state.name + " 预览";
    element("name").textContent = state.name;
    element("status").className = "";
    element("status").textContent = state.is_building
      ? "正在更新……"
      : "更新于 " + state.built_at + "，保存文件后自动更新";
    showTrouble(state);
    showDraft(state);
    showFindings(state);
    showMarks(state);
    showNames("pictures", state.unused_pictures);
    showNames("files", state.unread_files);
    refocus(focus);
    if (!state.is_building) {
      tell((state.trouble || "草稿已更新") + "。" + state.summary);
    }
  }

  // Who reads with a keyboard stays where the focus was: what had it is made anew.
  function focused() {
    return document.activeElement ? document.activeElement.id : "";
  }

  function refocus(id) {
    if (id && focused() !== id) {
      (element(id) || element("summary")).focus();
    }
  }

  // What a screen reader says: only what is new.
  function tell(text) {
    if (element("said").textContent !== text) {
      element("said").textContent = text;
    }
  }

  function showNames(id, names) {
    var list = element(id);
    list.parentNode.hidden = !names.length;
    list.textContent = "";
    names.forEach(function (name) {
      put(list, "li", "", name);
    });
  }

  function showTrouble(state) {
    var empty = element("empty"); // gone once there has been a draft
    element("trouble").hidden = !state.trouble;
    element("message").textContent = state.trouble + (empty && !state.draft ? "" : OLD_DRAFT);
    element("hint").textContent = state.hint;
    element("draft").className = state.trouble ? "stale" : "";
    element("draft").setAttribute("aria-busy", String(state.is_building));
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
      var mark = markOf(state, finding.number);
      item.id = "finding-" + finding.number;
      item.tabIndex = -1; // a mark leads here
      put(item, "b", "", finding.number + " " + finding.label + " " + finding.code);
      if (mark) {
        var link = put(item, "a", "message", finding.message);
        link.id = "link-" + finding.number;
        link.href = "#mark-" + finding.number;
        link.onclick = function () {
          return lead(state, mark, finding.number);
        };
        put(item, "span", "page", "第 " + mark.page + " 页");
      } else {
        put(item, "span", "message", finding.message);
      }
      put(item, "span", "place", finding.place);
      finding.notes.forEach(function (note) {
        put(item, "span", "note", note);
      });
    });
  }

  // The first mark of a finding; none if it is about no place of the text.
  function markOf(state, number) {
    return state.marks.filter(function (mark) {
      return mark.numbers.indexOf(number) >= 0;
    })[0];
  }

  // Pages as pictures have the mark as an element, to which the link leads; the browser's own
  // viewer is asked for the page.
  function lead(state, mark, number) {
    var frame = element("draft").querySelector("iframe");
    var there = element("mark-" + number);
    var before = element("draft").querySelector(".led");
    if (before) {
      before.className = "mark";
    }
    if (frame) {
      frame.src = "/draft.pdf?draft=" + state.draft + "#page=" + mark.page;
    } else if (there) {
      there.className = "mark led";
      there.scrollIntoView({ block: "center" });
      there.focus();
    }
    return false;
  }

  // Lays the marks and what is said of cells over the pictures of the pages.
  function showMarks(state) {
    var pages = element("draft").querySelectorAll(".page");
    for (var n = 0; n < pages.length; n++) {
      var old = pages[n].querySelectorAll(".cell, .mark");
      for (var k = 0; k < old.length; k++) {
        pages[n].removeChild(old[k]);
      }
    }
    state.cells.forEach(function (cell) {
      var tip = over(pages[cell.page - 1], "span", "cell", cell);
      if (tip) {
        tip.style.width = share(cell.width);
        tip.style.height = share(cell.height);
        tip.title = cell.text;
        tip.tabIndex = 0;
        tip.setAttribute("role", "img");
        tip.setAttribute("aria-label", cell.text);
      }
    });
    state.marks.forEach(function (mark) {
      mark.numbers.forEach(function (number) {
        var link = over(pages[mark.page - 1], "a", "mark", mark);
        var finding = findingOf(state, number);
        if (link && finding) {
          if (!element("mark-" + number)) {
            link.id = "mark-" + number;
          }
          link.href = "#finding-" + number;
          link.title = number + " " + finding.message;
          link.setAttribute("aria-label", "核对意见 " + link.title);
        }
      });
    });
  }

  function findingOf(state, number) {
    return state.findings.filter(function (finding) {
      return finding.number === number;
    })[0];
  }

  function over(page, name, kind, place) {
    if (!page) {
      return null;
    }
    var child = put(page, name, kind, "");
    child.style.left = share(place.x);
    child.style.top = share(place.y);
    return child;
  }

  function share(part) {
    return (100 * part).toFixed(3) + "%";
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
      home.removeChild(pages[count].parentNode);
    }
    while (pages.length < count) {
      var page = document.createElement("img");
      page.setAttribute("loading", "lazy");
      page.width = 210; // A4, until the picture has come
      page.height = 297;
      put(home, "div", "page", "").appendChild(page);
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
