/** Links that limit the metrics page to one service. */
import { type Html, html } from '../shared/html.ts';
import type { Language, Translated } from '../shared/language.ts';

const texts: Translated<{ readonly label: string; readonly all: string }> = {
  en: { label: 'Service', all: 'All services' },
  ja: { label: 'サービス', all: 'すべてのサービス' },
};

type Switch = {
  /** The built-in one first. */
  readonly services: readonly string[];
  /** Null: all services together. */
  readonly service: string | null;
  readonly language: Language;
};

export function serviceSwitch({ services, service, language }: Switch): Html {
  const { label, all } = texts[language];
  const link = (name: string | null, text: string) =>
    html`<li><a href="/dashboard/metrics${name === null ? '' : `?service=${name}`}"${name === service && html` aria-current="true"`}>${text}</a></li>\n`;
  return html`<nav class="services" aria-label="${label}" data-testid="services">
<span aria-hidden="true">${label}</span>
<ul>${[link(null, all), ...services.map((name) => link(name, name))]}</ul>
</nav>`;
}
