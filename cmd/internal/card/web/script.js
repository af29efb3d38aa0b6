// Draws the screens that the program sends, and sends back what is done on them. It keeps nothing: when the program ends,
// hides or goes away, the page is empty, and so is what this script knows.
"use strict";
(() => {
  const page = document.getElementById("page");
  const patience = 5000; // milliseconds without a sign of life after which the program is gone
  let base = "", key = "", now = null, typing = 0, marked = -1, audio = null, seen = 0, told = 0;

  const element = (name, style, words) => {
    const e = document.createElement(name);
    if (style) e.className = style;
    if (words) e.textContent = words;
    return e;
  };
  const picture = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    if (turning.includes(name)) svg.classList.add("turns");
    for (const d of pictures[name] || []) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  };
  const speak = (e, said) => {
    e.lang = said.lang;
    e.dir = said.right ? "rtl" : "ltr";
    return e;
  };

  // blank takes everything away at once.
  const blank = () => {
    silence();
    clearTimeout(typing);
    now = null;
    page.replaceChildren();
    page.className = "";
    page.removeAttribute("lang");
    page.removeAttribute("dir");
    document.documentElement.lang = "zxx";
  };
  const silence = () => {
    if (audio) audio.close();
    audio = null;
  };

  const post = (act) => fetch(base + "act", { method: "POST", headers: { "Content-Type": "application/json", Authorization: "Bearer " + key }, body: JSON.stringify(act) });
  const written = () => (page.querySelector("textarea, input") || { value: "" }).value;
  const send = (doing, value, text) => {
    if (!now) return;
    if (doing !== "alive") clearTimeout(typing);
    const act = { view: now.number, do: doing };
    if (value) act.value = value;
    if (text) act.text = text;
    post(act).catch(() => {});
  };
  const act = (doing) => {
    if (doing === "hide") {
      send("hide", "", now.field && now.field.kind !== "secret" ? written() : "");
      blank();
      return;
    }
    send(doing, "", written());
  };

  const choose = (i) => {
    const option = now.options[i];
    if (now.several) {
      option.chosen = !option.chosen;
      tiles()[i].setAttribute("aria-pressed", String(option.chosen));
      return;
    }
    mark(i);
    send("choose", option.value, "");
  };
  const finish = () => {
    if (now.several) send("choose", now.options.filter((o) => o.chosen).map((o) => o.value).join(","), "");
    else send(now.field.kind === "secret" ? "secret" : "write", "", written());
  };
  const tiles = () => page.querySelectorAll("[data-option]");
  const mark = (i) => {
    marked = i;
    tiles().forEach((tile, n) => tile.classList.toggle("marked", n === i));
    if (tiles()[i]) tiles()[i].focus({ preventScroll: true });
  };

  const play = async (numbers) => {
    silence();
    const context = (audio = new AudioContext());
    let at = context.currentTime;
    for (const number of numbers) {
      const got = await fetch(base + "sound/" + number, { headers: { Authorization: "Bearer " + key } });
      if (!got.ok || audio !== context) return;
      const source = context.createBufferSource();
      source.buffer = await context.decodeAudioData(await got.arrayBuffer());
      source.connect(context.destination);
      source.start(Math.max(at, context.currentTime));
      at = Math.max(at, context.currentTime) + source.buffer.duration;
    }
  };

  // drawing
  const tile = (v, option, i) => {
    const e = element(v.touch ? "button" : "div", "tile");
    if (v.touch) e.type = "button";
    e.dataset.option = i;
    if (option.picture) e.append(picture(option.picture));
    const words = element("span");
    if (i < 9 && v.touch) words.append(element("span", "sign", i + 1 + " "));
    if (option.said) words.append(speak(element("span", "", option.said.lines.join(" ")), option.said));
    e.append(words);
    if (v.several && v.touch) e.setAttribute("aria-pressed", String(!!option.chosen));
    if (v.touch) e.addEventListener("click", () => choose(i));
    return e;
  };
  const card = (v) => {
    const words = speak(element("div", "words"), v.said || v);
    for (const line of (v.said || { lines: [] }).lines) words.append(element("p", "", line));
    page.append(words);
    const options = v.options || [];
    if (options.length) {
      const list = speak(element("div", "tiles" + (options.length > 5 ? " many" : "")), v.said || v);
      options.forEach((option, i) => {
        list.append(tile(v, option, i));
      });
      page.append(list);
    }
    const actions = speak(element("div", "actions"), v.said || v);
    if (v.said && v.said.sounds) {
      const e = element("button");
      e.type = "button";
      e.append(picture("sound"));
      e.addEventListener("click", () => play(v.said.sounds).catch(silence));
      actions.append(e);
    }
    for (const a of v.actions || []) actions.append(button(a));
    if (v.several && v.touch) actions.append(button({ do: "", picture: "go", words: v.done }, finish));
    if (actions.children.length) page.append(actions);
    fit();
  };
  const button = (a, what) => {
    const e = element("button");
    e.type = "button";
    if (a.picture) e.append(picture(a.picture));
    if (a.sign) e.append(element("span", "sign", a.sign + " "));
    e.append(element("span", "", a.words));
    if (a.do) e.dataset.do = a.do;
    e.addEventListener("click", what || (() => act(a.do)));
    return e;
  };
  const lines = (into, list, name) => {
    for (const line of list || []) into.append(element(name || "p", "", line));
    return into;
  };
  const desk = (v) => {
    if (v.head) page.append(lines(element("div", "head"), v.head, "span"));
    if (v.notice) {
      const notice = element("p", "notice", v.notice);
      notice.setAttribute("role", "alert");
      page.append(notice);
    }
    if (v.title) page.append(element("h1", "", v.title));
    if (v.lead) page.append(element("p", "", v.lead));
    if (v.mark) page.append(element("p", "mark", v.mark));
    if (v.said) page.append(lines(speak(element("div", "said"), v.said), v.said.lines));
    if (v.same) {
      const box = element("div");
      box.append(element("p", "label", v.label));
      page.append(lines(box, v.same));
    }
    for (const b of v.blocks || []) {
      const box = element("div", "block");
      if (b.heading) box.append(element("h2", "", b.heading));
      page.append(lines(box, b.lines));
    }
    if (v.field) field(v);
    if (v.options) {
      const list = element("div", "options");
      v.options.forEach((o, i) => {
        const e = element("button");
        e.type = "button";
        e.dataset.option = i;
        e.append(element("span", "sign", i < 9 ? String(i + 1) : ""));
        const words = element("span", "words");
        words.append(element("span", "", o.words));
        if (o.said) words.append(speak(element("span", "", o.said.lines.join(" ")), o.said));
        e.append(words);
        if (v.several) e.setAttribute("aria-pressed", String(!!o.chosen));
        e.addEventListener("click", () => choose(i));
        list.append(e);
      });
      page.append(list);
      if (v.several) page.append(button({ sign: "Enter", words: v.done }, finish));
    }
    if (v.earlier) page.append(element("p", "", v.earlier));
    if (v.guide) page.append(lines(element("div", "guide"), v.guide));
    if (v.actions) {
      const bar = element("div", "actions");
      for (const a of v.actions) bar.append(button(a));
      page.append(bar);
    }
  };
  const field = (v) => {
    const box = element("div", "field");
    const label = element("label", "", v.field.label);
    const e = document.createElement(v.field.kind === "lines" ? "textarea" : "input");
    if (v.field.kind === "secret") e.type = "password";
    e.id = "field";
    label.htmlFor = "field";
    // Nothing that is typed may be remembered, corrected elsewhere or filled in.
    for (const [name, value] of Object.entries({ autocomplete: v.field.kind === "secret" ? "one-time-code" : "off", spellcheck: "false", autocorrect: "off", autocapitalize: "off", writingsuggestions: "false" })) e.setAttribute(name, value);
    e.dir = "auto";
    e.value = v.field.text || "";
    if (v.field.kind !== "secret") e.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => send("typing", "", e.value), 300);
    });
    box.append(label, e, button({ sign: v.field.kind === "lines" ? "Ctrl-S" : "Enter", words: v.done }, finish));
    page.append(box);
  };

  // fit makes the words of the card as large as the window allows, and never smaller than can be read.
  const fit = () => {
    if (!now || now.kind !== "card") return;
    const words = page.querySelector(".words"), list = page.querySelector(".tiles") || words, root = document.documentElement;
    const fits = (size) => {
      root.style.setProperty("--size", size + "px");
      return words.scrollHeight <= words.clientHeight && list.scrollHeight <= list.clientHeight && page.scrollHeight <= page.clientHeight + 1 && page.scrollWidth <= page.clientWidth;
    };
    let small = 22, large = Math.max(small, Math.min(72, Math.floor(innerWidth / 14)));
    if (fits(large)) return;
    while (large - small > 2) { // small is taken to fit, large does not
      const middle = (small + large) >> 1;
      if (fits(middle)) small = middle;
      else large = middle;
    }
    fits(small);
  };
  addEventListener("resize", fit);
  document.fonts.addEventListener("loadingdone", fit);

  const draw = (v) => {
    blank();
    if (!v.kind) return;
    now = v;
    seen = performance.now();
    page.className = v.kind;
    page.lang = v.lang || "";
    page.dir = v.right ? "rtl" : "ltr";
    document.documentElement.lang = v.lang || "zxx";
    if (v.kind !== "card") document.documentElement.style.removeProperty("--size");
    (v.kind === "card" ? card : desk)(v);
    scrollTo(0, 0);
    marked = (v.options || []).findIndex((o) => o.marked);
    const e = page.querySelector("textarea, input");
    if (e) {
      e.focus({ preventScroll: !e.value }); // before anything is written the question matters more than the cursor
      e.setSelectionRange(e.value.length, e.value.length);
    } else if (marked >= 0) mark(marked);
    else if (document.activeElement) document.activeElement.blur();
  };

  // seenToTheEnd tells whether an option can be seen. Until then it shows more of what stands above it, which is to be read.
  const seenToTheEnd = (i) => {
    const bar = page.querySelector(".actions");
    const end = bar && getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().top + 1 : innerHeight;
    if (tiles()[i].getBoundingClientRect().bottom <= end) return true;
    scrollBy(0, innerHeight * 0.8);
    return false;
  };

  // keys
  const digit = (sign) => {
    if (!/^\p{Nd}$/u.test(sign)) return -1;
    let zero = sign.codePointAt(0), n = 0;
    while (n < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--, n++;
    return n;
  };
  const browser = ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12"];
  const pressed = (event) => {
    if (browser.includes(event.key)) event.preventDefault();
    if (event.isComposing) return;
    const writing = event.target.tagName === "TEXTAREA" || event.target.tagName === "INPUT";
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && ["s", "r", "p", "l", "k", "g", "f"].includes(event.key)) event.preventDefault();
    if (!now || event.altKey) return;
    const n = ctrl ? -1 : digit(event.key);
    const name = ctrl ? "Ctrl-" + event.key.toUpperCase() : n >= 0 ? String(n) : event.key;
    // A letter is a key only where nothing is written.
    const plain = (sign) => sign.length === 1 || ["Backspace", "ArrowLeft", "Enter", " "].includes(sign);
    const hit = (now.actions || []).find((a) => (a.keys || []).some((k) => k === name && !(writing && plain(k))));
    if (hit) {
      event.preventDefault();
      act(hit.do);
      return;
    }
    if (event.repeat) return;
    if (writing) {
      if (name === "Ctrl-S" || (event.key === "Enter" && now.field.kind !== "lines")) {
        event.preventDefault();
        finish();
      }
      return;
    }
    const options = now.kind === "card" && !now.touch ? [] : now.options || [];
    const right = getComputedStyle(page.querySelector(".tiles") || page).direction === "rtl" ? -1 : 1;
    const step = { ArrowDown: 1, ArrowRight: right, ArrowUp: -1, ArrowLeft: -right }[event.key];
    if (n >= 1 && n <= options.length) {
      event.preventDefault();
      choose(n - 1);
    } else if (step && options.length) {
      event.preventDefault();
      const next = marked < 0 ? (step > 0 ? 0 : options.length - 1) : Math.min(options.length - 1, Math.max(0, marked + step));
      mark(next);
      tiles()[next].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && now.several && !(event.target.dataset || {}).do) {
      event.preventDefault();
      finish();
    } else if (["Enter", " "].includes(event.key) && (event.target.tagName !== "BUTTON" || event.target.dataset.option !== undefined) && marked >= 0 && options.length) {
      event.preventDefault();
      if (seenToTheEnd(marked)) choose(marked);
    }
  };
  // A button is pressed by what follows the key: what was done with the key already must not press it, too.
  let done = false;
  addEventListener("keydown", (event) => {
    pressed(event);
    done = event.defaultPrevented;
  }, { capture: true });
  for (const name of ["keypress", "keyup"]) addEventListener(name, (event) => done && event.preventDefault(), { capture: true });

  // A page that locks by itself says so before, and tells the program that somebody is there.
  const present = () => {
    seen = performance.now();
    if (!now || !now.locks || seen - told < 2000) return;
    told = seen;
    send("alive", "", "");
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) addEventListener(name, present, { passive: true });
  setInterval(() => {
    const left = now && now.locks ? Math.ceil((now.locks - (performance.now() - seen)) / 1000) : 99;
    const e = page.querySelector(".countdown");
    if (left > 30) {
      if (e) e.remove();
    } else if (e) e.textContent = now.countdown.join(Math.max(0, left));
    else page.prepend(element("p", "notice countdown", now.countdown.join(Math.max(0, left))));
  }, 1000);
  addEventListener("contextmenu", (event) => event.preventDefault());
  addEventListener("pagehide", blank);
  addEventListener("dragstart", (event) => event.preventDefault());

  // The stream of screens. Silence means that the program is gone.
  const listen = async () => {
    const stop = new AbortController();
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), patience);
    };
    try {
      alive();
      const got = await fetch(base + "stream", { headers: { Authorization: "Bearer " + key }, cache: "no-store", signal: stop.signal });
      if (!got.ok) return false;
      const reader = got.body.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        alive();
        buffer += value;
        for (let end; (end = buffer.indexOf("\n\n")) >= 0; buffer = buffer.slice(end + 2)) {
          if (buffer.startsWith("data: ")) draw(JSON.parse(buffer.slice(6, end)));
        }
      }
    } catch {
      // The program ended, or the laptop slept.
    } finally {
      clearTimeout(timer);
      blank();
    }
    return true;
  };
  const start = async () => {
    base = location.href;
    const got = await fetch(base + "join", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    if (!got.ok) return;
    key = (await got.json()).key;
    history.replaceState(null, "", "/");
    for (let tries = 0; tries < 5; tries++) {
      if (!(await listen())) break;
      await new Promise((again) => setTimeout(again, 300));
    }
    blank();
    key = base = "";
  };
  start().catch(blank);
})();
