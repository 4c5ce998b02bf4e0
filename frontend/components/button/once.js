// A form that moves something is sent once, however often it is pressed. The
// server makes sure of it too; this only spares people the doubt.
(() => {
  let sent = null;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.submitter || !("once" in event.submitter.dataset)) return;
    if (sent === event.target) {
      event.preventDefault();
      return;
    }
    sent = event.target;
    event.submitter.setAttribute("aria-disabled", "true");
  });
  // Coming back by the back button shows the page as it was: free it again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = null;
    document.querySelectorAll('[data-once][aria-disabled="true"]').forEach((b) => b.removeAttribute("aria-disabled"));
  });
})();
