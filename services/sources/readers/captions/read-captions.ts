/** Reads captions (WebVTT and SubRip) into paragraphs with their start time and their speakers. */
// @ts-expect-error Its package names types, but does not hold them.
import webvtt from 'node-webvtt';
import { SourceUnreadable } from '../../source-error.ts';
import type { Extracted } from '../../text/block.ts';
import { captionParagraphs } from './paragraphs.ts';
import { captionText, speakerOf } from './text.ts';

type Cue = { readonly start: number; readonly end: number; readonly text: string };
/** Times in seconds; texts with their tags and entities. */
const parse: (
  text: string,
  options: { strict: boolean },
) => { readonly cues: readonly Cue[]; readonly errors: readonly unknown[] } = webvtt.parse;

/** @throws {SourceUnreadable} for other files, and where no caption can be read */
export function readVtt(text: string): Extracted {
  const lines = text.replace(/\r\n?/g, '\n').trim();
  if (!/^WEBVTT(?:[ \t\n]|$)/.test(lines)) throw new SourceUnreadable('is not WebVTT: its first line is not WEBVTT');
  // The header up to the first blank line holds no text, and the parser may refuse it.
  const body = lines.indexOf('\n\n');
  const { cues, errors } = parse(`WEBVTT${body < 0 ? '' : lines.slice(body)}`, { strict: false });
  // Notes and styles count as errors too, so errors alone do not make a file unreadable.
  if (cues.length === 0 && errors.length > 0) throw new SourceUnreadable('holds no caption that can be read');
  const captions = cues
    .flatMap(({ start, end, text }) => voices(text).map((marked) => ({ start, end, marked })))
    .map(({ start, end, marked }) => {
      const speaker = speakerOf(marked);
      return { start, end, text: captionText(marked), ...(speaker !== undefined && { speaker }) };
    })
    .filter((caption) => caption.text !== '')
    .sort((a, b) => a.start - b.start);
  return { title: null, blocks: captionParagraphs(captions) };
}

/** A caption may hold lines of several speakers. */
function voices(marked: string): readonly string[] {
  return marked.split(/(?=<v[\s.])/).filter((part) => part.trim() !== '');
}

/** SubRip differs from WebVTT by its first line and the comma in its times. */
export function readSrt(text: string): Extracted {
  const times = /^(\d+:\d\d:\d\d),(\d{3})( *--> *)(\d+:\d\d:\d\d),(\d{3})/gm;
  return readVtt(`WEBVTT\n\n${text.replace(/\r\n?/g, '\n').replace(times, '$1.$2$3$4.$5').trim()}`);
}
