/** Walks the elements of a page in order. No recursion: pages nest thousands deep. */
import type { AnyNode, Element } from 'domhandler';

export type Visitor = {
  /** False: the element and all in it are left out. */
  readonly enter: (element: Element) => boolean;
  readonly close: (element: Element) => void;
  readonly text: (data: string) => void;
};

export function walk(root: AnyNode, { enter, close, text }: Visitor): void {
  let node: AnyNode | null = root;
  while (node) {
    let down: AnyNode | null = null;
    if (node.type === 'text') text(node.data);
    else if ('attribs' in node && enter(node)) {
      down = node.firstChild;
      if (!down) close(node);
    }
    while (!down && node && node !== root) {
      down = node.next;
      if (!down) {
        node = node.parent as AnyNode | null;
        if (node && 'attribs' in node) close(node);
      }
    }
    node = down;
  }
}
