/** A verdict as a badge: symbol, text and colour, so that it does not depend on colour alone. */
import type { Met } from '../../../../slo/verdict.ts';
import { type Html, html } from './html.ts';

const shapes = {
  met: html`<svg class="status-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle cx="8" cy="8" r="8"/><path d="M4.2 8.4l2.5 2.5 5-5.6"/></svg>`,
  breached: html`<svg class="status-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><rect x="0.5" y="0.5" width="15" height="15" rx="2"/><path d="M5 5l6 6M11 5l-6 6"/></svg>`,
  none: html`<svg class="status-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle class="hollow" cx="8" cy="8" r="6.8"/><path d="M5 8h6"/></svg>`,
};

export function verdictName(met: Met): 'met' | 'breached' | 'none' {
  return met === null ? 'none' : met ? 'met' : 'breached';
}

export function statusBadge(met: Met, text: string): Html {
  const name = verdictName(met);
  return html`<span class="status ${name}">${shapes[name]}<span>${text}</span></span>`;
}
