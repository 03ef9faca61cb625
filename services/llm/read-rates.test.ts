import { expect, test } from 'vitest';
import { readRates } from './read-rates.ts';

const ecb = `<?xml version="1.0"?><gesmes:Envelope><Cube>
<Cube time='2026-11-27'><Cube currency='USD' rate='1.1600'/><Cube currency='JPY' rate='180.09'/></Cube>
<Cube time='2026-11-26'><Cube currency='USD' rate='1.1500'/><Cube currency='JPY' rate='179.40'/></Cube></Cube></gesmes:Envelope>`;

test.each<[string, string, { from: string; usdJpy: number }[]]>([
  [
    "the ECB's XML, in euros and with the newest day first",
    ecb,
    [
      { from: '2026-11-26', usdJpy: 156 },
      { from: '2026-11-27', usdJpy: 155.25 },
    ],
  ],
  ["the ECB's CSV", 'Date,USD,JPY,BGN,\n2026-11-26,1.15,179.4,1.9558,\n', [{ from: '2026-11-26', usdJpy: 156 }]],
  [
    "FRED's CSV, where a holiday has a dot",
    'observation_date,DEXJPUS\n2026-11-25,155.91\n2026-11-26,.\n2026-11-27,156.2\n',
    [
      { from: '2026-11-25', usdJpy: 155.91 },
      { from: '2026-11-27', usdJpy: 156.2 },
    ],
  ],
  [
    'JSON in dollars',
    '{"amount":1,"base":"USD","date":"2026-11-27","rates":{"JPY":156.34}}',
    [{ from: '2026-11-27', usdJpy: 156.34 }],
  ],
  [
    'JSON of a service with a timestamp',
    '{"base_code":"USD","time_last_update_unix":1795737600,"conversion_rates":{"EUR":0.86,"JPY":156.1}}',
    [{ from: '2026-11-27', usdJpy: 156.1 }],
  ],
  [
    'JSON in euros',
    '\ufeff{"base":"EUR","date":"2026-11-27","rates":{"USD":1.16,"JPY":180.09}}',
    [{ from: '2026-11-27', usdJpy: 155.25 }],
  ],
  [
    'JSON of several days',
    '{"base":"USD","rates":{"2026-11-27":{"JPY":156.2},"2026-11-26":{"JPY":156}}}',
    [
      { from: '2026-11-26', usdJpy: 156 },
      { from: '2026-11-27', usdJpy: 156.2 },
    ],
  ],
  ['a file of our own', '{"rates":[{"from":"2026-01-01","usdJpy":155}]}', [{ from: '2026-01-01', usdJpy: 155 }]],
  ['no rate of yen', '{"base":"USD","date":"2026-11-27","rates":{"EUR":0.86}}', []],
  ['no base', '{"date":"2026-11-27","rates":{"JPY":156}}', []],
  ['a web page', '<html><body>404, not found</body></html>', []],
])('%s', (_what, text, rates) => {
  expect(readRates(text)).toEqual(rates);
});
