/** Reads captions, WebVTT and SubRip: what is said, in paragraphs with the second at which each begins. */
// @ts-expect-error Its package names types, but does not hold them.
import webvtt from 'node-webvtt';
import { SourceUnreadable } from '../../source-error.ts';
import type { Extracted } from '../../text/block.ts';
import { captionParagraphs } from './caption-paragraphs.ts';
import { captionText } from './caption-text.ts';

type Cue = { readonly start: number; readonly end: number; readonly text: string };
/** Times in seconds; texts with their tags and entities. */
const parse: (
  text: string,
  options: { strict: boolean },
) => { readonly cues: readonly Cue[]; readonly errors: readonly unknown[] } = webvtt.parse;

/** @throws {SourceUnreadable} for what is no WebVTT, and where none of its captions can be read */
export function readVtt(text: string): Extracted {
  const lines = text.replace(/\r\n?/g, '\n').trim();
  if (!/^WEBVTT(?:[ \t\n]|$)/.test(lines)) throw new SourceUnreadable('is no WebVTT: its first line is not WEBVTT');
  // What stands under the first line up to a blank one tells nothing that is said, and its parser may refuse it.
  const body = lines.indexOf('\n\n');
  const { cues, errors } = parse(`WEBVTT${body < 0 ? '' : lines.slice(body)}`, { strict: false });
  // Notes and styles count as errors too, so that some are no reason to refuse what can be read.
  if (cues.length === 0 && errors.length > 0) throw new SourceUnreadable('holds captions of which none can be read');
  const captions = cues
    .map(({ start, end, text: marked }) => ({ start, end, text: captionText(marked) }))
    .filter((caption) => caption.text !== '')
    .sort((a, b) => a.start - b.start);
  return { title: null, blocks: captionParagraphs(captions) };
}

/** SubRip differs from WebVTT by its first line and the comma in its times. */
export function readSrt(text: string): Extracted {
  const times = /^(\d+:\d\d:\d\d),(\d{3})( *--> *)(\d+:\d\d:\d\d),(\d{3})/gm;
  return readVtt(`WEBVTT\n\n${text.replace(/\r\n?/g, '\n').replace(times, '$1.$2$3$4.$5').trim()}`);
}
