/** Keeps the numbers of the metrics page fresh: asks for the page again and changes only what changed. */
import { byId } from './page-data.js';

const everyMs = 15_000;
/** Where Prometheus had not answered yet. */
const soonMs = 2_000;

/**
 * @param {{ changed: (page: Document) => void, stale: string }} options `changed` is told the newer page
 */
export function refreshMetrics({ changed, stale }) {
  const pause = byId('pause');
  const note = byId('stale');
  pause.hidden = false;
  pause.addEventListener('click', () => {
    const paused = pause.getAttribute('aria-pressed') !== 'true';
    pause.setAttribute('aria-pressed', String(paused));
    if (!paused) refresh();
  });
  const due = () => !document.hidden && pause.getAttribute('aria-pressed') !== 'true';
  document.addEventListener('visibilitychange', () => due() && refresh());
  setInterval(() => due() && refresh(), everyMs);
  if (document.querySelector('[data-waiting]') !== null) setTimeout(() => due() && refresh(), soonMs);

  async function refresh() {
    const page = await newerPage();
    note.hidden = page !== null;
    note.textContent = page === null ? stale : '';
    if (page === null) return;
    announce(replaceLive(page));
    document.title = page.title;
    changed(page);
  }
}

/** Null: the server is away, or wants a token again. @returns {Promise<Document | null>} */
async function newerPage() {
  try {
    const response = await fetch(location.pathname, { signal: AbortSignal.timeout(everyMs) });
    if (!response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    return null;
  }
}

/** The focus stays where it was, on what has the same id. @param {Document} page @returns {string[]} verdicts that changed, in words */
function replaceLive(page) {
  const told = [];
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(old.id);
    if (fresh === null || fresh.isEqualNode(old)) continue;
    if (fresh.dataset.met !== old.getAttribute('data-met') && fresh.dataset.announce) told.push(fresh.dataset.announce);
    const focused = old.contains(document.activeElement) ? document.activeElement?.id : undefined;
    old.replaceWith(document.adoptNode(fresh));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
  return told;
}

/** @param {string[]} changes */
function announce(changes) {
  if (changes.length > 0) byId('announce').textContent = changes.join(' ');
}
