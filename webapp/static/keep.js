// Has the service worker keep copies (worker.js). Loaded only where this browser keeps any.

const { keep: mark, worker } = document.documentElement.dataset;

async function tell(message) {
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ mark, ...message });
}

// There is none on plain http beyond the own machine, and none in private windows of some browsers.
if (navigator.serviceWorker) {
  // The page that brings the worker has not gone through its hands.
  const opened = navigator.serviceWorker.controller ? "" : location.pathname;
  navigator.serviceWorker.register(worker).catch(console.warn);
  tell({ opened });
  addEventListener("online", () => tell({}));
  document.addEventListener("acted", () => tell({ acted: true }));
}
