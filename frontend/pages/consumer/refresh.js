// Looks every few seconds whether the page has news, and loads it again when it
// has. Nothing is announced or moved while there is none.
(() => {
  const script = document.currentScript;
  const seconds = Number(script.dataset.seconds);
  // Where the page looks again, as the newest page names it.
  const address = (page) => page.querySelector("script[data-again]")?.dataset.again || location.href;
  let again = script.dataset.again || location.href;
  const words = (page) => page.querySelector("main")?.textContent;
  const before = words(document);
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(again, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      again = address(page);
      if (words(page) !== before) location.replace(again);
    } catch {
      // No connection: the next look may have one.
    }
  };
  setInterval(look, seconds * 1000);
  document.addEventListener("visibilitychange", look);
})();
