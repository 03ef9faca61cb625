/** Metrics of the chat server's libraries that dashboards and rules read. The libraries define their names. */
import type { Metric } from './metric.ts';

export const libraryMetrics = {
  httpServerDuration: {
    name: 'http_server_request_duration',
    instrument: 'http.server.request.duration',
    kind: 'histogram',
    unit: 's',
    help: 'Duration of HTTP server requests in seconds.',
    labels: { http_request_method: 'open', http_route: 'open', http_response_status_code: 'open', error_type: 'open' },
    bounds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  httpClientDuration: {
    name: 'http_client_request_duration',
    instrument: 'http.client.request.duration',
    kind: 'histogram',
    unit: 's',
    help: 'Duration of outgoing HTTP requests, to the model server and the sources.',
    labels: {
      http_request_method: 'open',
      http_response_status_code: 'open',
      server_address: 'open',
      error_type: 'open',
    },
    bounds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  databaseDuration: {
    name: 'db_client_operation_duration',
    instrument: 'db.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    help: 'Duration of SQL statements, measured by the client.',
    labels: { db_namespace: 'open', db_operation_name: 'open', error_type: 'open' },
    bounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  },
  databaseConnections: {
    name: 'db_client_connection_count',
    instrument: 'db.client.connection.count',
    kind: 'gauge',
    unit: '{connection}',
    help: 'Connections in the pool, used and idle.',
    labels: { db_client_connection_pool_name: 'open', db_client_connection_state: ['used', 'idle'] },
  },
  databaseWaiting: {
    name: 'db_client_connection_pending_requests',
    instrument: 'db.client.connection.pending_requests',
    kind: 'gauge',
    unit: '{request}',
    help: 'Statements waiting for a pool connection.',
    labels: { db_client_connection_pool_name: 'open' },
  },
  eventLoopUtilization: {
    name: 'nodejs_eventloop_utilization',
    instrument: 'nodejs.eventloop.utilization',
    kind: 'gauge',
    unit: '1',
    help: 'Share of time in which the event loop was busy.',
    labels: {},
  },
  heapUsed: {
    name: 'v8js_memory_heap_used',
    instrument: 'v8js.memory.heap.used',
    kind: 'gauge',
    unit: 'By',
    help: 'Heap in use, in bytes, by heap space.',
    labels: { v8js_heap_space_name: 'open' },
  },
} as const satisfies Record<string, Metric>;
