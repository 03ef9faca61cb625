/** Wraps a chat and each of its stages in an active span: ids, numbers and model names, never text. */
import { type Attributes, type Span, SpanKind } from '@opentelemetry/api';
import type { Chat, Question, Stages } from '../chat/flow.ts';
import type { Generation } from '../chat/generate.ts';
import type { AnsweredTurn } from '../chat/turn.ts';
import type { Generator } from './generator.ts';
import { corpus, measureInference, measureStage, type Stage } from './metrics/measure-stage.ts';
import { commitsIn } from './observe-commit.ts';
import { genai, operations, rag, serverAddress, serverPort } from './tracing/genai-names.ts';
import { codeOf, inSpan, type SpanStart } from './tracing/in-span.ts';

/** @param clock the flow's clock in milliseconds, which also measures a generation's first token */
export function observeStages(stages: Stages, generator: Generator, clock: () => number): Stages {
  const chatSpan = {
    name: `${operations.chat} ${generator.model}`,
    kind: generator.server === null ? SpanKind.INTERNAL : SpanKind.CLIENT,
    attributes: {
      [genai.operation]: operations.chat,
      [genai.provider]: generator.provider,
      [genai.requestModel]: generator.model,
      ...(generator.server && { [serverAddress]: generator.server.address, [serverPort]: generator.server.port }),
    },
  };
  const retrievalSpan = {
    name: `${operations.retrieval} ${corpus}`,
    kind: SpanKind.CLIENT,
    attributes: { [genai.operation]: operations.retrieval, [genai.dataSource]: corpus },
  };

  return {
    recall: (question) =>
      inStage('recall', { name: 'recall', kind: SpanKind.INTERNAL }, question.signal, () => stages.recall(question)),

    retrieve: (request) =>
      inStage('retrieve', retrievalSpan, request.signal, async (span) => {
        const retrieved = await stages.retrieve(request);
        span.setAttributes({ [rag.passages]: retrieved.passages.length, [rag.withheld]: retrieved.withheld });
        return retrieved;
      }),

    generate: (request) =>
      inStage('generate', chatSpan, request.signal, async (span) => {
        const start = clock();
        span.setAttribute(genai.requestStream, request.onDelta !== undefined);
        try {
          const generation = await stages.generate(request);
          measureInference(generator, (clock() - start) / 1000, generation);
          span.setAttributes(generationAttributes(generation, start));
          return generation;
        } catch (error) {
          measureInference(generator, (clock() - start) / 1000, codeOf(error, request.signal));
          throw error;
        }
      }),

    record: (turn) =>
      inStage(
        'record',
        { name: 'record', kind: SpanKind.INTERNAL, attributes: { [rag.dialogue]: turn.id } },
        null,
        (span) => {
          commitsIn(span, turn);
          return stages.record(turn);
        },
      ),
  };

  function inStage<T>(stage: Stage, span: SpanStart, signal: AbortSignal | null, work: (span: Span) => Promise<T>) {
    const start = clock();
    return inSpan(span, signal, work, (failure) => measureStage(stage, (clock() - start) / 1000, failure));
  }
}

/** The parent of the stages' spans, and a child of the server span. */
export function observeChat(chat: Chat): Chat {
  return (question) =>
    inSpan(workflowSpan(question), question.signal, async (span) => {
      const turn = await chat(question);
      span.setAttributes(turnAttributes(turn));
      return turn;
    });
}

function workflowSpan({ id, sessionId }: Question): SpanStart {
  return {
    name: `${operations.workflow} rag`,
    kind: SpanKind.INTERNAL,
    attributes: {
      [genai.operation]: operations.workflow,
      [genai.agent]: 'rag',
      [genai.conversation]: sessionId,
      [rag.dialogue]: id,
    },
  };
}

function generationAttributes({ model, temperature, usage, firstTokenAt }: Generation, start: number): Attributes {
  return {
    [genai.responseModel]: model,
    ...(temperature !== null && { [genai.requestTemperature]: temperature }),
    ...(usage !== null && {
      [genai.inputTokens]: usage.promptTokens,
      [genai.cachedInputTokens]: usage.cachedPromptTokens,
      [genai.outputTokens]: usage.completionTokens,
    }),
    ...(firstTokenAt !== null && { [genai.responseTimeToFirstChunk]: (firstTokenAt - start) / 1000 }),
  };
}

function turnAttributes(turn: AnsweredTurn): Attributes {
  return {
    [rag.outcome]: turn.outcome,
    [rag.citations]: turn.citations.length,
    [rag.validCitations]: turn.citations.filter((citation) => citation.valid === true).length,
    ...(turn.costJpy !== null && { [rag.costJpy]: turn.costJpy }),
    ...(turn.relevanceScore !== null && { [rag.relevance]: turn.relevanceScore }),
  };
}
