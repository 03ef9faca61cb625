/** Brings the page /dashboard/metrics to life: charts, and numbers that stay fresh. */
import { drawChart } from './draw-chart.js';
import { pageData } from './page-data.js';
import { refreshMetrics } from './refresh-metrics.js';

/** @typedef {import('../html/metrics/chart-data.ts').MetricsPageData} MetricsPageData */
/** @typedef {keyof MetricsPageData['charts']} Key */

/** @type {MetricsPageData} */
const data = pageData();
const places = [...document.querySelectorAll('[data-chart]')].filter((place) => place instanceof HTMLElement);
const charts = places.map((place) => {
  const key = /** @type {Key} */ (place.dataset.chart);
  return { key, ...drawChart(place, data.charts[key]) };
});

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const { repaint } of charts) repaint();
});

/** On paper nothing can be opened, and the ground is white whatever the screen's is. @type {HTMLDetailsElement[]} */
let opened = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('details')].filter(({ open }) => !open);
  for (const details of opened) details.open = true;
  for (const { repaint } of charts) repaint();
});
addEventListener('afterprint', () => {
  for (const details of opened) details.open = false;
  for (const { repaint } of charts) repaint();
});

refreshMetrics({
  stale: data.stale,
  changed: (page) => {
    /** @type {MetricsPageData} */
    const fresh = pageData(page);
    for (const { key, update } of charts) update(fresh.charts[key]);
  },
});
