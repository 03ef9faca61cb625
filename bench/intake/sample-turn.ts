/** The turn that the benchmark sends: three documents of a paragraph each, and an answer with three marks. */

const filler =
  'Parcels leave the warehouse on weekdays before noon, and a message with the number of the parcel is sent when they do. ';

export function sampleBody() {
  return {
    question: 'How long can I return an unopened item, and when do I get my money back?',
    answer:
      'Unopened items can be returned within 14 days of delivery [1]. The refund is paid within five working days [2]. Shipping costs 500 yen [3].',
    documents: [
      {
        id: 'returns',
        text: `${filler}Unopened items can be returned within 14 days of delivery. ${filler}`,
        license: 'CC-BY-4.0',
      },
      { id: 'refunds', text: `${filler}The refund is paid within five working days. ${filler}`, license: 'MIT' },
      { id: 'shipping', text: `${filler}Shipping costs 500 yen everywhere. ${filler}`, license: 'Apache-2.0' },
    ],
    model: 'gpt-4o-mini',
    usage: { promptTokens: 187, completionTokens: 41, cachedPromptTokens: 64 },
    latencyMs: 1_234,
    session: 's-1',
    release: 'v7',
  };
}
