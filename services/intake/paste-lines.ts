/** The lines that an application of each framework pastes to send its turns here. */

export type PasteContext = {
  /** Name of the service. */
  readonly service: string;
  readonly key: string;
  /** Where the application reaches this server, without a slash at its end. */
  readonly baseUrl: string;
};

export type PasteSection = { readonly framework: string; readonly lines: readonly string[] };

/** The environment of any OpenTelemetry SDK. The space of `Bearer KEY` is written %20, as the specification demands. */
function otelLines({ service, key, baseUrl }: PasteContext): readonly string[] {
  return [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${baseUrl}`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    `OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${key}`,
    `OTEL_SERVICE_NAME=${service}`,
    // A retriever with 70 documents has more than the default of 128 attributes.
    'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=10000',
  ];
}

function pasteSections(context: PasteContext): readonly PasteSection[] {
  const { service, key, baseUrl } = context;
  const variables = otelLines(context);
  const bearer = `Bearer ${key}`;
  return [
    { framework: 'Any OpenTelemetry SDK (environment)', lines: variables },
    {
      framework: 'LangChain, LlamaIndex, Haystack and others with OpenInference (Python), with the environment above',
      lines: [
        'pip install openinference-instrumentation-langchain opentelemetry-sdk opentelemetry-exporter-otlp-proto-http',
        'from opentelemetry.sdk.trace import TracerProvider',
        'from opentelemetry.sdk.trace.export import BatchSpanProcessor',
        'from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter',
        'from openinference.instrumentation.langchain import LangChainInstrumentor',
        'provider = TracerProvider(); provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))',
        'LangChainInstrumentor().instrument(tracer_provider=provider)',
      ],
    },
    {
      framework: 'OpenTelemetry GenAI instrumentations, with the environment above',
      lines: [
        'OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental',
        'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_ONLY',
      ],
    },
    {
      framework: 'OpenLLMetry (Traceloop)',
      lines: [
        `TRACELOOP_BASE_URL=${baseUrl}`,
        `TRACELOOP_HEADERS=Authorization=Bearer%20${key}`,
        `Traceloop.init(app_name="${service}")`,
      ],
    },
    {
      framework: 'OpenLIT',
      lines: [
        `openlit.init(otlp_endpoint="${baseUrl}", otlp_headers="authorization=Bearer%20${key}", application_name="${service}")`,
      ],
    },
    {
      framework: 'Langfuse SDKs',
      lines: [
        `LANGFUSE_HOST=${baseUrl}`,
        `LANGFUSE_BASE_URL=${baseUrl}`,
        `LANGFUSE_PUBLIC_KEY=pk-lf-${service}`,
        `LANGFUSE_SECRET_KEY=${key}`,
        `# To keep your keys and change the host alone: npm run -s cli -- services accept-key ${service} < file-with-LANGFUSE_SECRET_KEY`,
      ],
    },
    {
      framework: 'LangSmith, with the environment above',
      lines: ['LANGSMITH_TRACING=true', 'LANGSMITH_OTEL_ENABLED=true', 'LANGSMITH_OTEL_ONLY=true'],
    },
    {
      framework: 'MLflow',
      lines: [
        `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${baseUrl}/v1/traces`,
        'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf',
        `OTEL_EXPORTER_OTLP_TRACES_HEADERS=authorization=Bearer%20${key}`,
        `OTEL_SERVICE_NAME=${service}`,
      ],
    },
    {
      framework: 'Vercel AI SDK 6, with the environment above',
      lines: [
        "import { NodeSDK } from '@opentelemetry/sdk-node'; new NodeSDK().start();",
        `generateText({ …, experimental_telemetry: { isEnabled: true, functionId: '${service}', metadata: { userId, sessionId } } })`,
      ],
    },
    {
      framework: 'Vercel AI SDK 7, with the environment above',
      lines: [
        "import { NodeSDK } from '@opentelemetry/sdk-node'; new NodeSDK().start();",
        "import { registerTelemetry } from 'ai'; import { OpenTelemetry } from '@ai-sdk/otel'; registerTelemetry(new OpenTelemetry({ runtimeContext: true }));",
        'generateText({ …, runtimeContext: { userId, sessionId }, telemetry: { includeRuntimeContext: { userId: true, sessionId: true } } })',
      ],
    },
    {
      framework: 'Mastra',
      lines: [
        `new OtelExporter({ provider: { custom: { endpoint: '${baseUrl}/v1/traces', protocol: 'http/protobuf', headers: { authorization: '${bearer}' } } } })`,
      ],
    },
    {
      framework: 'Spring AI (application.properties), with the observation handler of clients/spring-ai',
      lines: [
        `management.opentelemetry.tracing.export.otlp.endpoint=${baseUrl}/v1/traces`,
        `management.opentelemetry.tracing.export.otlp.headers.authorization=${bearer}`,
        `# Spring Boot 3: management.otlp.tracing.endpoint and management.otlp.tracing.headers.authorization`,
        'management.tracing.sampling.probability=1.0',
      ],
    },
    {
      framework: 'Dify (Monitoring, Tracing app performance, Phoenix)',
      lines: [`API Key: ${key}`, `Project: ${service}`, `Endpoint: ${baseUrl}`],
    },
    {
      framework: 'Open WebUI (Admin Panel, Functions): paste clients/open-webui/rag_observatory.py and set its valves',
      lines: [`url: ${baseUrl}`, `key: ${key}`],
    },
    {
      framework: 'No framework: clients/python, clients/typescript, or curl',
      lines: [
        `curl -s ${baseUrl}/api/turns -H 'Authorization: ${bearer}' -H 'Content-Type: application/json' \\`,
        `  -d '{"question":"What is RAG?","answer":"RAG looks things up before it answers. [1]","documents":[{"id":"rag","text":"RAG looks things up before it answers."}]}'`,
      ],
    },
  ];
}

/** As text for a terminal. */
export function pasteText(context: PasteContext): string {
  const sections = pasteSections(context).map(
    ({ framework, lines }) => `${framework}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
  return [...sections, `Then see what arrives: npm run -s cli -- services doctor ${context.service}`].join('\n\n');
}
