/** The script of the page /dashboard/metrics: charts and automatic updates. */

import { pageData } from '../shared/dom.js';
import { drawChart } from './draw-chart.js';
import { refreshMetrics } from './refresh-metrics.js';

/** @typedef {import('../../html/metrics/chart-data.ts').MetricsPageData} MetricsPageData */

/** @type {MetricsPageData} */
const data = pageData();
const containers = [...document.querySelectorAll('[data-chart]')].filter(
  (container) => container instanceof HTMLElement,
);
const charts = containers.flatMap((container) => {
  const key = container.dataset.chart ?? '';
  const first = data.charts[key];
  return first === undefined ? [] : [{ key, ...drawChart(container, first) }];
});

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const { repaint } of charts) repaint();
});

/** Printing expands all details and redraws the charts on white. @type {HTMLDetailsElement[]} */
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
  onChange: (page) => {
    /** @type {MetricsPageData} */
    const fresh = pageData(page);
    for (const { key, update } of charts) {
      const chart = fresh.charts[key];
      // An objective that was removed since then keeps its chart until the page is loaded again.
      if (chart !== undefined) update(chart);
    }
  },
});
