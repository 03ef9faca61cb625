/** The page `/`: a form, the answer and the visitor's last questions; scripts bring it to life. */
import { longestQuery } from '../../../routes/chat.ts';
import { type Html, html, jsonData } from '../shared/html.ts';
import { type Frame, layout } from '../shared/layout.ts';
import { askTexts } from './ask-texts.ts';

export function askPage(frame: Pick<Frame, 'language' | 'files' | 'who' | 'canSignOut'>): Html {
  const texts = askTexts[frame.language];
  return layout({
    ...frame,
    title: texts.title,
    current: '/',
    styles: ['ask.css'],
    scripts: ['ask.js', 'sign-out.js'],
    main: html`<div class="columns">
<div class="talk">
<h1>${texts.heading}</h1>
<form id="ask">
<label for="query">${texts.label}</label>
<textarea id="query" name="query" rows="3" maxlength="${longestQuery}" required autofocus enterkeyhint="send" aria-describedby="query-hint"></textarea>
<div class="buttons">
<button type="submit" class="primary" id="send" disabled>${texts.ask}</button>
<button type="button" id="stop" hidden>${texts.stop}</button>
<p id="query-hint" class="muted">${texts.hint}</p>
</div>
<p id="follow-up" class="muted" hidden>${texts.followUp} <button type="button" class="quiet" id="new-conversation">${texts.newConversation}</button></p>
</form>
<noscript><p class="problem">${texts.needsScript}</p></noscript>
<div id="problem" role="alert"></div>
<p id="progress" role="status" class="muted"></p>
<div id="answer"></div>
</div>
<aside class="past" aria-labelledby="past-title">
<h2 id="past-title">${texts.past}</h2>
<p id="no-past" class="muted" hidden>${texts.noPast}</p>
<ol id="past"></ol>
<button type="button" class="quiet" id="older" hidden>${texts.older}</button>
</aside>
</div>
<script type="application/json" id="page-data">${jsonData(texts)}</script>`,
  });
}
