/** Turns the model name that a server returns into a label with few values. */

const otherModel = 'other';
/** The label of questions that failed before a model was chosen. */
export const noModel = 'none';

/** @param limit how many names get their own series, in order of arrival; the rest share `other` */
export function createModelLabels(limit: number): (model: string | null) => string {
  const known = new Set<string>();
  return (model) => {
    if (model === null) return noModel;
    // Not more than the column model_used holds; only characters that names of models are made of.
    const label = model.replace(/[^\w.:/@+-]+/g, '_').slice(0, 100) || otherModel;
    if (known.has(label)) return label;
    if (known.size >= limit) return otherModel;
    known.add(label);
    return label;
  };
}

/** The labels of this process. A price book lists a handful of models; a server that makes names up stops here. */
export const modelLabel = createModelLabels(20);
