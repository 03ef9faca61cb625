/** Opens the configured embeddings server, for questions and for passages. */
import type { Embed } from '../../chat/embed.ts';
import { createEmbed } from './create-embed.ts';
import { type EmbeddingProfile, embeddingProfile } from './model-profiles.ts';

export type EmbeddingsSettings = {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  /** Those of the configuration, in place of those that are known for the model. */
  readonly prefixes: Partial<EmbeddingProfile['prefixes']>;
  /** Texts per request. */
  readonly batchSize: number;
  /** Milliseconds to wait for the vector of a question. */
  readonly timeoutMs: number;
};

/** Milliseconds for a batch of passages: a model without a graphics card takes up to a second for each. */
const passagesTimeoutMs = 180_000;

/**
 * For questions, which wait for the answer.
 * @param passagePrefix that of a stored model; null: the configured one
 */
export function openForQuestions(settings: EmbeddingsSettings, model: string, passagePrefix: string | null): Embed {
  const own = model === settings.model ? settings.prefixes : {};
  const profile = embeddingProfile(model, passagePrefix === null ? own : { ...own, passage: passagePrefix });
  return createEmbed({ ...settings, ...profile, model }, settings);
}

/** For the job that embeds passages. */
export function openForPassages(settings: EmbeddingsSettings): { embed: Embed; passagePrefix: string } {
  const profile = embeddingProfile(settings.model, settings.prefixes);
  const { batchSize } = settings;
  return {
    embed: createEmbed({ ...settings, ...profile }, { batchSize, timeoutMs: passagesTimeoutMs }),
    passagePrefix: profile.prefixes.passage,
  };
}
