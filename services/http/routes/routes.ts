/** Every route of the API. The app mounts this list and the OpenAPI document describes it, in this order. */
import { listExpiringContent, listProvenance } from './admin/provenance.ts';
import { readRagMetrics, readRagMetricsHistory } from './admin/rag-metrics.ts';
import { diagnoseServiceTurns } from './admin/service-doctor.ts';
import {
  addService,
  addServiceKey,
  changeService,
  listServiceKeys,
  listServices,
  removeService,
  revokeServiceKey,
} from './admin/services.ts';
import { listAlerts, readErrorBudgets } from './admin/slo-status.ts';
import { changePlugin, checkPluginHealth, listPlugins, requestSync } from './admin/sources.ts';
import { listWorstAnswers } from './admin/worst-answers.ts';
import { askQuestion } from './chat.ts';
import { listDialogues } from './dialogues.ts';
import { explainProblem, readOpenApi } from './documentation.ts';
import { voteOnAnswer } from './feedback.ts';
import { readHealth, readReadiness } from './health.ts';
import { eraseMe } from './me/erase.ts';
import { exportMe } from './me/export.ts';
import { completeChat } from './openai/chat-completions.ts';
import { listModels, readModel } from './openai/models.ts';
import { exportLangfuseTraces, exportLogs, exportMetrics, exportTraces } from './otlp/export.ts';
import { exportGenerations } from './otlp/generations.ts';
import { createLangfuseScore, readLangfuseHealth, readLangfuseProjects } from './otlp/langfuse.ts';
import { registerDocuments } from './services/documents.ts';
import { voteOnTurn } from './services/turn-feedback.ts';
import { recordTurns } from './services/turns.ts';
import { eraseServiceUser, exportServiceUser } from './services/users.ts';
import { signIn, signOut } from './session.ts';

export const routes = [
  askQuestion,
  completeChat,
  listModels,
  readModel,
  listDialogues,
  voteOnAnswer,
  eraseMe,
  exportMe,
  readRagMetrics,
  readRagMetricsHistory,
  readErrorBudgets,
  listAlerts,
  listWorstAnswers,
  listProvenance,
  listExpiringContent,
  listPlugins,
  changePlugin,
  checkPluginHealth,
  requestSync,
  listServices,
  addService,
  changeService,
  removeService,
  listServiceKeys,
  addServiceKey,
  revokeServiceKey,
  recordTurns,
  voteOnTurn,
  registerDocuments,
  eraseServiceUser,
  exportServiceUser,
  diagnoseServiceTurns,
  exportTraces,
  exportLogs,
  exportMetrics,
  exportGenerations,
  exportLangfuseTraces,
  createLangfuseScore,
  readLangfuseHealth,
  readLangfuseProjects,
  signIn,
  signOut,
  readHealth,
  readReadiness,
  readOpenApi,
  explainProblem,
] as const;

/** What all handlers need together. */
export type RouteDependencies = (typeof routes)[number] extends { handler: infer Handler }
  ? [Handler] extends [(input: never, deps: infer Deps, exchange: never) => unknown]
    ? Deps
    : never
  : never;
