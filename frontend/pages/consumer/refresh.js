// Looks every few seconds whether the page has news, and loads it again when it
// has. Nothing is announced or moved while there is none.
(() => {
  const seconds = Number(document.currentScript.dataset.seconds);
  const words = (page) => page.querySelector("main")?.textContent;
  const before = words(document);
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (words(page) !== before) location.reload();
    } catch {
      // No connection: the next look may have one.
    }
  };
  setInterval(look, seconds * 1000);
  document.addEventListener("visibilitychange", look);
})();
