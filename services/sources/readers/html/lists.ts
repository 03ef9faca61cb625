/** Keeps track of the open lists of a page: the numbers of their items, and which of them are only navigation. */
import type { Element } from 'domhandler';
import type { Block } from '../../text/block.ts';
import { elementBefore } from './furniture.ts';
import { itemNumber } from './inline.ts';

type OpenList = {
  readonly firstBlock: number;
  readonly step: number;
  readonly type: string | undefined;
  /** Null: its items have no numbers. */
  next: number | null;
  /** The number that waits for the text of its item. */
  waiting: string;
  items: number;
  characters: number;
  linked: number;
  /** Whether all its links lead to places on the page. */
  isWithinPage: boolean;
};

export function createLists(blocks: Block[]) {
  const open: OpenList[] = [];
  let linkDepth = 0;
  return {
    innermost: () => open.at(-1),
    open({ name, attribs, children }: Element): void {
      const isOrdered = name === 'ol' && !/list-style(?:-type)?\s*:\s*none/i.test(attribs.style ?? '');
      const isReversed = 'reversed' in attribs;
      const items = isReversed ? children.filter((child) => 'name' in child && child.name === 'li').length : 1;
      const start = attribs.start === undefined ? items : Number.parseInt(attribs.start, 10);
      open.push({
        firstBlock: blocks.length,
        step: isReversed ? -1 : 1,
        type: attribs.type,
        next: isOrdered && Number.isFinite(start) ? start : null,
        waiting: '',
        items: 0,
        characters: 0,
        linked: 0,
        isWithinPage: true,
      });
    },
    /** @returns the item's number with a space; empty where it has none */
    openItem({ attribs }: Element): string {
      const list = open.at(-1);
      if (!list) return '';
      list.items++;
      if (list.next === null) return '';
      const value = Number.parseInt(attribs.value ?? '', 10);
      if (Number.isFinite(value)) list.next = value;
      const number = `${itemNumber(list.next, attribs.type ?? list.type)} `;
      list.next += list.step;
      return number;
    },
    await(number: string): void {
      const list = open.at(-1);
      if (list) list.waiting = number;
    },
    /** The numbers of the items that begin with the next text, outermost first. */
    takeNumber(): string {
      let number = '';
      for (const list of open) {
        number += list.waiting;
        list.waiting = '';
      }
      return number;
    },
    enterLink(element: Element): void {
      linkDepth++;
      if (!element.attribs.href?.startsWith('#')) for (const list of open) list.isWithinPage = false;
    },
    leaveLink(): void {
      linkDepth = Math.max(0, linkDepth - 1);
    },
    count(characters: number): void {
      const list = open.at(-1);
      if (!list) return;
      list.characters += characters;
      if (linkDepth > 0) list.linked += characters;
    },
    /** @returns whether the list held nothing but links of a table of contents or of a menu, and was dropped */
    close(element: Element, { withinContent }: { withinContent: boolean }): boolean {
      const list = open.pop();
      if (!list) return false;
      const isLinks = list.items >= 4 && list.linked > list.characters * 0.9;
      if (isLinks && (list.isWithinPage || (!withinContent && !isIntroduced(element)))) {
        return blocks.splice(list.firstBlock).length > 0;
      }
      const outer = open.at(-1);
      if (outer) {
        outer.items += list.items;
        outer.characters += list.characters;
        outer.linked += list.linked;
        outer.isWithinPage &&= list.isWithinPage;
      }
      return false;
    },
  };
}

/** A list that follows a heading or a paragraph belongs to its text. */
function isIntroduced(list: Element): boolean {
  const before = elementBefore(list);
  return before !== null && /^(?:p|h[1-6]|dl|table|figure|blockquote|pre)$/.test(before.name);
}

/** A link within the site. */
export function isLocalLink({ name, attribs }: Element): boolean {
  return name === 'a' && attribs.href !== undefined && !/^[a-z][a-z0-9+.-]*:/i.test(attribs.href);
}
