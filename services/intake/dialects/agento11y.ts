/** Grafana's agento11y, formerly sigil. Each step has a trace of its own, so steps are joined by the ids of their runs. */
import type { Dialect } from '../spans/reading.ts';
import { firstName, nameOf } from '../spans/values.ts';

const own = (name: string) => [`agento11y.${name}`, `sigil.${name}`];

export const agento11y: Dialect = {
  name: 'agento11y',
  read({ attributes }) {
    if (!Object.keys(attributes).some((key) => key.startsWith('agento11y.') || key.startsWith('sigil.'))) return null;
    const type = firstName(attributes, own('framework.run_type'));
    return {
      kind:
        type === 'retriever'
          ? 'retriever'
          : type === 'tool'
            ? 'tool'
            : kindOf(nameOf(attributes['gen_ai.operation.name'])),
      run: firstName(attributes, own('framework.run_id')),
      parentRun: firstName(attributes, own('framework.parent_run_id')),
      user: firstName(attributes, [...own('user.id'), 'user.id']),
      session: firstName(attributes, ['gen_ai.conversation.id']),
      release: firstName(attributes, own('agent.version')),
    };
  },
};

function kindOf(operation: string | null) {
  if (operation === 'generateText' || operation === 'streamText') return 'model';
  return operation?.startsWith('framework_') ? 'step' : undefined;
}
