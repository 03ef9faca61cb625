/** The page `/`: the question form, the answer and the visitor's recent questions. It needs scripts. */
import { longestQuery } from '../../../routes/admit-question.ts';
import { type Html, html, jsonData } from '../shared/html.ts';
import { type Frame, layout } from '../shared/layout.ts';
import { askTexts, exampleQuestions } from './ask-texts.ts';

type AskPage = Pick<Frame, 'language' | 'files' | 'user' | 'canSignOut'> & { readonly showExamples: boolean };

export function askPage({ showExamples, ...frame }: AskPage): Html {
  const texts = askTexts[frame.language];
  return layout({
    ...frame,
    title: texts.title,
    current: '/',
    styles: ['ask/ask.css'],
    scripts: ['ask/ask.js', 'shared/session.js'],
    main: html`<div class="columns">
<div class="conversation">
<h1>${texts.heading}</h1>
<form id="ask">
<label for="query">${texts.label}</label>
<textarea id="query" name="query" rows="3" maxlength="${longestQuery}" required autofocus enterkeyhint="send" aria-describedby="query-hint"></textarea>
<div class="buttons">
<button type="submit" class="primary" id="send" disabled>${texts.ask}</button>
<button type="button" id="stop" hidden>${texts.stop}</button>
<p id="query-hint" class="muted">${texts.hint}</p>
</div>
<p id="follow-up" class="muted" hidden>${texts.followUp} <button type="button" class="secondary" id="new-conversation">${texts.newConversation}</button></p>
</form>
${showExamples && examples(frame)}
<noscript><p class="problem">${texts.needsScript}</p></noscript>
<div id="problem" role="alert"></div>
<p id="progress" role="status" class="muted"></p>
<div id="answer"></div>
</div>
<aside class="history" aria-labelledby="history-title">
<h2 id="history-title">${texts.history}</h2>
<p id="no-history" class="muted" hidden>${texts.noHistory}</p>
<ol id="history"></ol>
<button type="button" class="secondary" id="older" hidden>${texts.older}</button>
</aside>
</div>
<script type="application/json" id="page-data">${jsonData(texts)}</script>`,
  });
}

/** A script enables the buttons. */
function examples({ language }: Pick<Frame, 'language'>): Html {
  return html`<div id="examples" class="examples" role="group" aria-labelledby="examples-title">
<p id="examples-title" class="muted">${askTexts[language].examples}</p>
${exampleQuestions[language].map((question) => html`<button type="button" class="secondary" disabled>${question}</button>\n`)}</div>`;
}
