/* Small comforts. Every page works without this file. */
(function () {
  "use strict";

  // A failed form says so first: the summary takes the focus, so that it is read out.
  function focusErrors(root) {
    var summary = root.querySelector(".govuk-error-summary");
    if (summary) {
      summary.setAttribute("tabindex", "-1");
      summary.focus();
    }
  }

  // A second press of the same button is never a second deed.
  function sendOnce(event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 5000);
  }

  function countLetters(event) {
    var box = event.target;
    var line = box.dataset && box.dataset.countIn && document.getElementById(box.dataset.countIn);
    if (!line) return;
    var left = Number(box.dataset.limit) - box.value.length;
    var words = (left < 0 ? "over" : "left") + (Math.abs(left) === 1 ? "One" : "");
    line.textContent = line.dataset[words].replace("{n}", String(Math.abs(left)));
  }

  function closeMenu(event) {
    var menu = document.querySelector(".t-menu[open]");
    if (!menu) return;
    if (event.type === "keydown" && event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.type === "click" && !menu.contains(event.target)) {
      menu.open = false;
    }
  }

  // A clock that runs is said in whole minutes, so that it is not read out all the time; at the end the page is new.
  function tick() {
    document.querySelectorAll("[data-until]").forEach(function (clock) {
      var left = Math.ceil((Date.parse(clock.dataset.until) - Date.now()) / 60000);
      var words = left > 1 ? clock.dataset.words : left === 1 ? clock.dataset.one : clock.dataset.over;
      words = words.replace("{n}", String(left));
      if (clock.textContent !== words) clock.textContent = words;
    });
  }

  document.addEventListener("submit", sendOnce);
  document.addEventListener("input", countLetters);
  document.addEventListener("keydown", closeMenu);
  document.addEventListener("click", closeMenu);
  document.addEventListener("htmx:after:swap", function () { focusErrors(document); });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  focusErrors(document);
  setInterval(tick, 5000);
})();
