// Warns before the session ends, by the time of day: a laptop that slept counts
// too. Nobody is told that they are signed out before the server was asked, for
// another tab may have been in use, or may have signed out. What may no longer be
// looked at is hidden meanwhile, also when Back brings it up again.
(() => {
  const dialog = document.querySelector("[data-idle]");
  if (!dialog || !dialog.showModal) return;
  const { dataset } = dialog;
  const form = dialog.querySelector("form");
  const offline = dialog.querySelector("[data-idle-offline]");
  const day = 86_400_000;
  const before = (dataset.end - dataset.warn) * 1000;
  let ends = Date.now() + dataset.end * 1000;
  let declined = false; // closed by hand: it comes back only after a sign of life
  let timer;

  const hide = (yes) => document.body.classList.toggle("is-away", yes);
  const warn = () => { if (!dialog.open && !declined) dialog.showModal(); };
  const wait = (most) => {
    clearTimeout(timer);
    const next = ends - before > Date.now() ? ends - before : ends;
    timer = setTimeout(look, Math.min(Math.max(next - Date.now(), 1000), most));
  };

  // ask returns how many milliseconds are left, or where to go instead.
  const ask = async () => {
    const answer = await fetch(dataset.ask, { cache: "no-store", headers: { "X-CSRF-Token": form.elements.csrf.value } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  const settle = async () => {
    try {
      const { left_seconds: left, next } = await ask();
      if (next) return location.replace(next);
      ends = Date.now() + left * 1000;
      offline.hidden = true;
      hide(false);
      if (left * 1000 > before) {
        declined = false;
        if (dialog.open) dialog.close();
      } else {
        warn();
      }
      wait(left * 1000 > before ? day : 30_000);
    } catch {
      if (Date.now() < ends) {
        warn();
      } else { // time is up, as far as can be known here
        hide(true);
        declined = false;
        warn();
        offline.hidden = false;
      }
      wait(10_000);
    }
  };

  // look is called in time and whenever the page comes into view.
  function look() {
    if (Date.now() < ends - before) return wait(day);
    if (Date.now() >= ends) hide(true);
    return settle();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
      .then(settle)
      .catch(() => { offline.hidden = false; });
  });
  dialog.addEventListener("cancel", () => { declined = true; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("focus", look);
  addEventListener("online", look);
  addEventListener("pagehide", () => hide(true));
  addEventListener("pageshow", (event) => {
    if (event.persisted) settle();
    else hide(false);
  });
  look();
})();
