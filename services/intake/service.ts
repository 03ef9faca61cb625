/** A service: an application whose turns are recorded, and how they are treated. */
import type { Mask } from './mask-texts.ts';

export const BUILT_IN_SERVICE = 'rag-chat';

/** As in `rag_service.name`. */
export const serviceNamePattern = /^[a-z][a-z0-9-]{0,49}$/;

export type ServiceSettings = {
  readonly name: string;
  /** Requests a minute and server. */
  readonly requestsPerMinute: number;
  readonly noAnswerPhrases: readonly string[];
  readonly masks: readonly Mask[];
  /** Whether documents of the service are registered. */
  readonly hasRegister: boolean;
};
