// Warns before the session ends. Any page load or press of "stay" starts the
// time anew; another tab's sign of life counts too, for the server decides.
(() => {
  const dialog = document.querySelector("[data-idle]");
  if (!dialog || !dialog.showModal) return;
  const form = dialog.querySelector("form");
  const seconds = (name) => Number(dialog.dataset[name]) * 1000;
  let warn, end;
  const start = () => {
    clearTimeout(warn);
    clearTimeout(end);
    warn = setTimeout(() => dialog.showModal(), seconds("warn"));
    end = setTimeout(() => location.assign(dialog.dataset.ended), seconds("end"));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
      .then((answer) => {
        if (answer.ok || answer.type === "opaqueredirect") {
          dialog.close();
          start();
        } else {
          location.assign(dialog.dataset.ended);
        }
      })
      .catch(() => {});
  });
  start();
})();
