/** What the Collector removes from spans and logs, and what it does not change. */
import { afterAll, describe, expect, test } from 'vitest';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { logs, newSpanId, newTraceId, traces } from './otlp.ts';
import { missing, runCollector } from './run-collector.ts';

describe.skipIf(missing !== null)('clean', async () => {
  if (missing !== null) return;
  const sink = await openOtlpSink();
  afterAll(() => sink.close());
  const collector = await runCollector(sink.url);

  /** @returns the attributes that arrive */
  async function through(text: Record<string, string>): Promise<Record<string, unknown>> {
    const traceId = newTraceId();
    expect(await collector.send('traces', traces([{ traceId, attributes: text }]))).toBe(200);
    const arrived = () => sink.spans().find((span) => span.traceId === traceId);
    await sink.until(() => arrived() !== undefined);
    return arrived()?.attributes ?? {};
  }

  const personal = {
    mail: 'taro.yamada+lms@example.co.jp',
    mailInJapanese: '太郎@例え.jp',
    fullWidthMail: 'ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ',
    encodedMail: 'taro%40example.com',
    quotedMail: '"taro yamada"@example.com',
    mobile: '090-1234-5678',
    mobileInARow: '09012345678',
    fullWidth: '０９０－１２３４－５６７８',
    fullWidthInARow: '０９０１２３４５６７８',
    mixed: '０90ー1234ー5678',
    tokyo: '03-1234-5678',
    tokyoInARow: '0312345678',
    bracketed: '03(1234)5678',
    bracketedFirst: '(03)1234-5678',
    spaced: '03 1234 5678',
    threeThree: '045-123-4567',
    fourTwo: '0466-12-3456',
    fiveOne: '04992-1-2345',
    freeDial: '0120-123-456',
    freeDialInARow: '0120123456',
    dotted: '090.1234.5678',
    abroad: '+81 90-1234-5678',
    abroadInARow: '+819012345678',
    abroadWithZero: '+81(0)3-1234-5678',
    abroadFullWidth: '＋８１ ９０ １２３４ ５６７８',
    american: '+1 (415) 555-2671',
    americanAtHome: '415-555-2671',
    // Unusual forms from copying, encoding and other keyboards.
    hyphenBullet: '090\u20431234\u20435678',
    smallHyphen: '090\uFE631234\uFE635678',
    waves: '090〜1234〜5678',
    middleDots: '090・1234・5678',
    slashes: '090／1234／5678',
    underscores: '090_1234_5678',
    unbreakable: '090\u00a01234\u00a05678',
    invisible: '090\u200b1234\u00ad5678',
    oneSeparator: '090-12345678',
    landlineOneSeparator: '045-1234567',
    encodedPlus: '%2B81-90-1234-5678',
    encodedColon: 'tel%3A09012345678',
    withoutPlus: '81-90-1234-5678',
    chineseDigits: '〇九〇－一二三四－五六七八',
    arabicDigits: '٠٩٠-١٢٣٤-٥٦٧٨',
    boldDigits: '𝟎𝟗𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖',
    telSign: '℡０３（１２３４）５６７８',
    americanDots: '415.555.2671',
    smallSign: 'taro﹫example.com',
    entity: 'taro&#64;example.com',
    encodedTwice: 'taro%2540example.com',
    invisibleMail: 'taro\u200b@\u200bexample.com',
    spacedSign: 'taro @ example.com',
    atInBrackets: 'taro[at]example.co.jp',
    escaped: 'taro\\u0040example.com',
    underscoredHost: 'taro@sub_domain.example.com',
    jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0YXJvIn0.c2lnbmF0dXJl',
    openai: 'sk-proj-A1b2C3d4E5f6G7h8',
    shortKey: 'sk-abc123XYZ',
    github: 'ghp_A1b2C3d4E5f6G7h8I9j0K1l2',
    aws: 'AKIAIOSFODNN7EXAMPLE',
    slack: 'xoxb-123456789012-abcdefGHIJ',
    card: '4111 1111 1111 1111',
    cardInARow: '4111111111111111',
    amex: '378282246310005',
    individualNumber: '1234-5678-9012',
  };
  const around: [string, string][] = [
    ['', ''],
    ['from ', ' today'],
    ['連絡先は', 'です'],
    ['tel:', ';'],
    ['「', '」'],
    ['(', ')'],
    ['x=', ', y=3'],
  ];

  test('personal data and keys are removed, alone and inside a sentence', async () => {
    const cases = Object.entries(personal).flatMap(([name, value]) =>
      around.map(([before, after], index) => [`${name}_${index}`, value, before + value + after] as const),
    );
    const clean = await through(Object.fromEntries(cases.map(([key, , text]) => [key, text])));
    const left = cases.filter(([key, value]) => String(clean[key]).includes(value) || clean[key] === undefined);
    expect(left.map(([key]) => [key, clean[key]])).toEqual([]);
  });

  test('every number of a list is removed with any separator', async () => {
    const numbers = [
      '090-1234-5678',
      '09023456789',
      '03-1234-5679',
      '0312345670',
      '080-1111-2222',
      '０７０１２３４５６７８',
    ];
    for (const between of [' ', ',', '、', '/', '\n']) {
      const { list } = await through({ list: numbers.join(between) });
      expect(list, JSON.stringify(between)).toBe(numbers.map(() => '[phone]').join(between));
    }
  });

  test.each([
    ['postgres://rag:hunter2@db.example.com/lms', 'postgres://[secret]@db.example.com/lms'],
    ['postgres://rag:hun/ter@2@db/lms failed', 'postgres://[secret]@db/lms failed'],
    ['https://taro:hunter2@example.com/a', 'https://[secret]@example.com/a'],
    ['GET https://example.com/a?q=himitsu#x done', 'GET https://example.com/a?[removed] done'],
    ['GET /search?q=himitsu&k=3 200', 'GET /search?[removed] 200'],
    ['Authorization: Bearer abc.DEF-123', 'Authorization: [secret]'],
    ['sent bearer abcDEF123 to it', 'sent bearer [secret] to it'],
    ['{"password": "hunter2", "n": 3}', '{"password": [secret], "n": 3}'],
    ['password=hunter2 host=db', 'password=[secret] host=db'],
    ['パスワード：ひみつ です', 'パスワード：[secret] です'],
    ['api_key: k_3, model: m', 'api_key: [secret], model: m'],
    ['Cookie: session=abc; other=def', 'Cookie: [secret]'],
    ['マイナンバーは123456789012', 'マイナンバーは[number]'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\nabc', '[secret]'],
  ])('%s arrives as %s', async (before, after) => {
    expect(await through({ said: before })).toMatchObject({ said: after });
  });

  test('ids, numbers, times and the words around them are not changed', async () => {
    const kept = {
      'rag.dialogue.id': '01939d3c-0312-7123-8123-090123456789',
      uuid: 'dialogue 01939d3c-0120-4123-8123-031234567890 stored',
      'gen_ai.conversation.id': '00000000-0000-4000-8000-000000000003',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      sha: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      time: '2026-11-23T05:38:42.0312345678Z',
      day: '2026-11-23 05:38:42',
      float: '0.0312345678',
      numbers: '1009 503 211 3.5 0.37 17 1234567890 1763876322123',
      nanoseconds: '1763876322123456789',
      microseconds: '1763876322123456',
      address: '127.0.0.1:5432',
      version: 'node v24.21.0, gpt-4o-mini-2024-07-18, @opentelemetry/api@1.10.0',
      tokens: 'input_tokens: 1009, tokens 3',
      route: '/ask/:what',
      url: 'http://127.0.0.1:4318/v1/traces',
      range: 'bytes 0-1023',
      japanese: '契約は2026年3月31日まで、金額は1,234,567円です。',
      words: 'the task-force asks a basic question about bearer bonds',
      plan: 'Seq Scan on passage  (cost=0.00..35.50 rows=2550 width=4)',
    };
    expect(await through(kept)).toEqual(kept);
  });

  test('numbers and booleans keep their type; arrays and nested values become separate attributes', async () => {
    const traceId = newTraceId();
    const attributes = {
      'gen_ai.usage.input_tokens': 1009,
      'rag.cost.jpy': 0.37,
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop', 'taro@example.com'],
      nested: { deep: { mail: 'taro@example.com' }, list: [{ tel: '090-1234-5678' }, ['0312345678']] },
    };
    await collector.send('traces', traces([{ traceId, attributes }]));
    const arrived = () => sink.spans().find((span) => span.traceId === traceId);
    await sink.until(() => arrived() !== undefined);
    expect(arrived()?.attributes).toMatchObject({
      'gen_ai.usage.input_tokens': '1009',
      'rag.cost.jpy': 0.37,
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons.0': 'stop',
      'gen_ai.response.finish_reasons.1': '[email]',
      'nested.deep.mail': '[email]',
      'nested.list.0.tel': '[phone]',
    });
    expect(JSON.stringify(arrived())).not.toMatch(/0312345678/);
  });

  test('attributes with text are removed by name, and others remain', async () => {
    const text = 'himitsu';
    const gone = [
      'gen_ai.input.messages',
      'gen_ai.output.messages',
      'gen_ai.system_instructions',
      'gen_ai.retrieval.query.text',
      'gen_ai.retrieval.documents',
      'gen_ai.tool.call.arguments',
      'gen_ai.prompt',
      'gen_ai.prompt.0.content',
      'gen_ai.completion',
      'llm.input_messages.0.message.content',
      'input.value',
      'traceloop.entity.input',
      'db.query.text',
      'db.statement',
      'db.query.parameter.0',
      'http.request.body',
      'http.response.body.content',
      'http.request.header.authorization',
      'http.target',
      'http.url',
      'url.full',
      'url.path',
      'url.query',
      'exception.message',
      'exception.stacktrace',
      'error.message',
      'query',
      'answer',
      'req.body',
      'client.address',
      'user.email',
      'enduser.id',
      'user_agent.original',
      'process.command_args',
      'x-api-key',
      'password',
      'access_token',
      'cookie',
      'taro@example.com',
      '質問',
      'k-090-1234-5678',
      'two words',
    ];
    const kept = {
      'gen_ai.prompt.name': 'rag-7',
      'gen_ai.usage.input_tokens': '3',
      'gen_ai.request.model': 'model-7',
      'db.operation.name': 'SELECT',
      'db.query.summary': 'SELECT passage',
      'http.route': '/ask/:what',
      'http.request.body.size': '77',
      'url.scheme': 'http',
      'exception.type': 'TypeError',
      'error.type': 'internal',
      'rag.outcome': 'answered',
      'rag.retrieval.passages': '5',
    };
    expect(await through({ ...Object.fromEntries(gone.map((key) => [key, text])), ...kept })).toEqual(kept);
  });

  test('every text field is cleaned: names, events, status, resource, scope, bodies and severities', async () => {
    const dirty = 'himitsu@example.com 090-1234-5678 sk-himitsu123456';
    const attributes = { note: dirty };
    const context = {
      resource: { 'service.name': 'rag-test', ...attributes },
      scope: { name: dirty, version: dirty, attributes },
    };
    const spanId = newSpanId();
    const span = {
      spanId,
      name: `work for ${dirty}`,
      attributes,
      traceState: 'mail=himitsu@example.com',
      status: { code: 2, message: dirty },
      events: [{ name: `event ${dirty}`, attributes: { ...attributes, 'exception.message': 'himitsu' } }],
    };
    const records = [
      { body: `said ${dirty}`, severityText: dirty, eventName: dirty, attributes },
      { body: { question: 'himitsu', mail: dirty, deep: [{ answer: 'himitsu', kept: 17 }] } },
      { body: [dirty, 3] },
      { body: { content: 'himitsu' }, eventName: 'gen_ai.user.message' },
      { body: 'himitsu', attributes: { 'event.name': 'gen_ai.choice' } },
      { body: 71 },
      { attributes: { marked: spanId } },
    ];
    await collector.send('traces', traces([span], context));
    await collector.send('logs', logs(records, context));
    await sink.until(() => sink.spans().some((each) => each.spanId === spanId));
    await sink.until(() => sink.logs().join().includes(spanId));
    const everything = sink.everything();
    for (const part of ['himitsu', '090-1234', 'cleaning.']) expect(everything).not.toContain(part);
    expect(sink.spans().find((each) => each.spanId === spanId)?.name).toBe('work for [email] [phone] [secret]');
    const said = sink.logs().join();
    expect(said).toContain('"said [email] [phone] [secret]"');
    expect(said).toContain('{\\"deep.0.kept\\":17,\\"mail\\":\\"[email] [phone] [secret]\\"}');
    expect(said).toContain('{"stringValue":"71"}');
  });
});
