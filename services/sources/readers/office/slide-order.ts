/** The order in which the shapes of a slide are read: from top to bottom, and columns one after the other. */

/** Lengths in the units of the file. */
export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** @param place null where the file does not say: such shapes keep their place among the others */
export function inReadingOrder<Shape>(shapes: readonly Shape[], place: (shape: Shape) => Box | null): readonly Shape[] {
  const placed: { shape: Shape; box: Box }[] = [];
  const before: Shape[] = [];
  for (const shape of shapes) {
    const box = place(shape);
    if (box === null) before.push(shape);
    else placed.push({ shape, box });
  }
  return [...before, ...cut(placed, 'rows', 0).map(({ shape }) => shape)];
}

type Placed<Shape> = { readonly shape: Shape; readonly box: Box };
const deepest = 30;

/** Cuts along gaps between rows, else between columns; what cannot be cut is read from its upper left corner. */
function cut<Shape>(
  shapes: readonly Placed<Shape>[],
  along: 'rows' | 'columns',
  depth: number,
): readonly Placed<Shape>[] {
  if (shapes.length < 2) return shapes;
  const from = ({ box }: Placed<Shape>) => (along === 'rows' ? box.top : box.left);
  const to = ({ box }: Placed<Shape>) => (along === 'rows' ? box.bottom : box.right);
  const sorted = shapes.toSorted((a, b) => from(a) - from(b));
  const groups: Placed<Shape>[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const each of sorted) {
    // Boxes are drawn larger than their text, so a slight overlap is none.
    const slack = (to(each) - from(each)) * 0.15;
    if (groups.length === 0 || from(each) >= end - slack) groups.push([each]);
    else groups.at(-1)?.push(each);
    end = Math.max(end, to(each));
  }
  if (groups.length > 1 && depth < deepest) {
    return groups.flatMap((group) => cut(group, along === 'rows' ? 'columns' : 'rows', depth + 1));
  }
  if (along === 'rows' && depth < deepest) return cut(shapes, 'columns', depth + 1);
  return shapes.toSorted((a, b) => a.box.top - b.box.top || a.box.left - b.box.left);
}
