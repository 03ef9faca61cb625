/** What the routes for administrators take, give and refuse. */

import { expiringContent, expiringQuery, provenancePage, provenanceQuery } from '../routes/admin/provenance.ts';
import { dayReport, historyDaysQuery, metricsHistory } from '../routes/admin/rag-metrics.ts';
import { alertList, errorBudgets } from '../routes/admin/slo-status.ts';
import {
  plugin,
  pluginChange,
  pluginHealth,
  pluginList,
  pluginParams,
  syncRequested,
} from '../routes/admin/sources.ts';
import { worstAnswers, worstAnswersQuery } from '../routes/admin/worst-answers.ts';
import { database, type Operation, user, withBody } from './operation.ts';

export const adminOperations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/api/admin/rag-metrics': {
    get: {
      id: 'readRagMetrics',
      summary: 'Today so far',
      auth: 'admin',
      reply: dayReport,
      problems: [...user, ...database],
    },
  },
  '/api/admin/rag-metrics/history': {
    get: {
      id: 'readRagMetricsHistory',
      summary: 'The last days, as the daily rollup counted them',
      auth: 'admin',
      query: historyDaysQuery,
      reply: metricsHistory,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/error-budgets': {
    get: {
      id: 'readErrorBudgets',
      summary: 'What may still go wrong this month, and how fast it is being spent',
      auth: 'admin',
      reply: errorBudgets,
      problems: [...user, ...database],
    },
  },
  '/api/admin/alerts': {
    get: {
      id: 'listAlerts',
      summary: 'Alerts that fire, and those of the last week, as Prometheus tells them',
      auth: 'admin',
      reply: alertList,
      problems: user,
    },
  },
  '/api/admin/worst-answers': {
    get: {
      id: 'listWorstAnswers',
      summary: 'Answers to look at first, without text',
      auth: 'admin',
      query: worstAnswersQuery,
      reply: worstAnswers,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/provenance': {
    get: {
      id: 'listProvenance',
      summary: 'Content in use, and by which right',
      auth: 'admin',
      query: provenanceQuery,
      reply: provenancePage,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/provenance/expiring': {
    get: {
      id: 'listExpiringContent',
      summary: 'Content that expires soon',
      auth: 'admin',
      query: expiringQuery,
      reply: expiringContent,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/plugins': {
    get: {
      id: 'listPlugins',
      summary: 'Content sources, how they are and what their last sync did',
      auth: 'admin',
      reply: pluginList,
      problems: [...user, ...database],
    },
  },
  '/api/admin/plugins/{source}': {
    patch: {
      id: 'changePlugin',
      summary: 'Enable, disable or configure a content source',
      description:
        'What is left out stays. Every change is audited. Where a source is fetched from, its code and its key are for the command line.',
      auth: 'admin',
      params: pluginParams,
      body: pluginChange,
      reply: plugin,
      problems: [...user, ...withBody, 'not-found', ...database],
    },
  },
  '/api/admin/plugins/{source}/health': {
    post: {
      id: 'checkPluginHealth',
      summary: 'Ask a content source how it is, now',
      auth: 'admin',
      params: pluginParams,
      reply: pluginHealth,
      problems: [...user, 'bad-request', 'not-found', ...database],
    },
  },
  '/api/admin/plugins/{source}/sync': {
    post: {
      id: 'requestSync',
      summary: 'Have the worker sync a content source within a minute',
      auth: 'admin',
      params: pluginParams,
      reply: syncRequested,
      problems: [...user, 'bad-request', 'not-found', ...database],
    },
  },
};
