// The challenge inside the script's dialog: it tells the page around it when it
// is over, and fails when that page's dialog is closed. Without script the two
// buttons work all the same.
'use strict';
const script = document.currentScript;
if (window.parent !== window) {
  if (script.hasAttribute('data-done')) {
    window.parent.postMessage('sandbox-challenged', '*');
  }
  window.addEventListener('message', (e) => {
    const fail = document.getElementById('fail');
    if (e.source === window.parent && e.data === 'sandbox-cancel' && fail) fail.click();
  });
}
