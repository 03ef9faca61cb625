/** Updates the metrics page: loads the page again and replaces the elements that changed. */
import { byId } from '../shared/dom.js';

const everyMs = 15_000;
/** While the page waits for the first response of Prometheus. */
const soonMs = 2_000;

/**
 * @param {{ onChange: (page: Document) => void, stale: string }} options `onChange` gets the new page
 */
export function refreshMetrics({ onChange, stale }) {
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
    const page = await loadPage();
    note.hidden = page !== null;
    note.textContent = page === null ? stale : '';
    if (page === null) return;
    announce(replaceLive(page));
    document.title = page.title;
    onChange(page);
  }
}

/** Null: the server is unreachable or requires a new sign-in. @returns {Promise<Document | null>} */
async function loadPage() {
  try {
    const response = await fetch(location.pathname + location.search, { signal: AbortSignal.timeout(everyMs) });
    if (!response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    return null;
  }
}

/** Keeps the focus on the element with the same id. @param {Document} page @returns {string[]} descriptions of the verdicts that changed */
function replaceLive(page) {
  const announcements = [];
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(old.id);
    if (fresh === null || fresh.isEqualNode(old)) continue;
    if (fresh.dataset.met !== old.getAttribute('data-met') && fresh.dataset.announce)
      announcements.push(fresh.dataset.announce);
    const focused = old.contains(document.activeElement) ? document.activeElement?.id : undefined;
    old.replaceWith(document.adoptNode(fresh));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
  return announcements;
}

/** @param {string[]} changes */
function announce(changes) {
  if (changes.length > 0) byId('announce').textContent = changes.join(' ');
}
