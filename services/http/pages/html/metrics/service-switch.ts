/** Links that limit the metrics page to one service. */
import { builtInService } from '../../../../slo/deployment.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language, Translated } from '../shared/language.ts';

const texts: Translated<{ readonly label: string; readonly all: string; readonly doctor: string }> = {
  en: { label: 'Service', all: 'All services', doctor: 'What arrives from this service' },
  ja: { label: 'サービス', all: 'すべてのサービス', doctor: 'このサービスから届いているデータ' },
};

type Switch = {
  /** The built-in one first. */
  readonly services: readonly string[];
  /** Null: all services together. */
  readonly service: string | null;
  /** Whether the visitor may see the page of an application. */
  readonly showsDoctor: boolean;
  readonly language: Language;
};

export function serviceSwitch({ services, service, showsDoctor, language }: Switch): Html {
  const { label, all, doctor } = texts[language];
  const link = (name: string | null, text: string) =>
    html`<li><a href="/dashboard/metrics${name === null ? '' : `?service=${name}`}"${name === service && html` aria-current="true"`}>${text}</a></li>\n`;
  return html`<nav class="services" aria-label="${label}" data-testid="services">
<span aria-hidden="true">${label}</span>
<ul>${[link(null, all), ...services.map((name) => link(name, name))]}</ul>
${showsDoctor && service !== null && service !== builtInService && html`<a href="/dashboard/services/${service}" data-testid="doctor">${doctor}</a>`}
</nav>`;
}
