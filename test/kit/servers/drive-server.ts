/** A mock of Google Drive: the API v3 and the token endpoint, with paging, change feed, errors and limits as documented. */
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';
import { startWebServer, type WebServer } from './web-server.ts';

export type DriveFile = {
  readonly id: string;
  name: string;
  mimeType: string;
  modifiedTime: string;
  parents: readonly string[];
  trashed?: boolean;
  driveId?: string;
  /** Of a shortcut. */
  target?: string;
  /** The downloaded or exported content. */
  body?: Buffer | string;
  /** Exported content by requested type; otherwise the body. */
  exports?: Readonly<Record<string, Buffer | string>>;
};

/** Handles a request instead of the server, or returns 'answer' to let the server reply. */
export type DriveFault = (request: IncomingMessage, response: ServerResponse, body: Buffer) => 'answered' | 'answer';

export type DriveServer = WebServer & {
  readonly files: Map<string, DriveFile>;
  /** Ids of changed files in order; a missing file was removed. */
  readonly changed: string[];
  /** Feed tokens before this one have expired. */
  oldestToken: number;
  /** The valid access token; each grant creates a new one. */
  accessToken: string;
  grants: number;
  pageSize: number;
  /** Maximum bytes of an export: Google's 10 MB, or less. */
  exportLimit: number;
  injectFault: DriveFault;
  readonly serviceAccount: string;
  readonly authorizedUser: string;
};

export const folder = 'application/vnd.google-apps.folder';
export const document = 'application/vnd.google-apps.document';
export const shortcut = 'application/vnd.google-apps.shortcut';

export async function startDriveServer(): Promise<DriveServer> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const state: Omit<DriveServer, keyof WebServer | 'serviceAccount' | 'authorizedUser'> = {
    files: new Map(),
    changed: [],
    oldestToken: 0,
    accessToken: '',
    grants: 0,
    pageSize: 1000,
    exportLimit: 10_000_000,
    injectFault: () => 'answer',
  };

  const server = await startWebServer(async (request, response) => {
    const asked = await text(request);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://drive.example');
    const [status, answer] =
      pathname === '/token'
        ? await grant(new URLSearchParams(asked), `http://${request.headers.host}/token`)
        : request.headers.authorization === `Bearer ${state.accessToken}`
          ? answerTo(pathname.replace('/drive/v3/', ''), searchParams)
          : fault(401, 'authError');
    const body = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer));
    if (state.injectFault(request, response, body) === 'answered') return;
    response.writeHead(status, { 'content-length': String(body.length) }).end(body);
  });

  // https://developers.google.com/identity/protocols/oauth2/service-account#httprest and …/web-server#offline
  async function grant(asked: URLSearchParams, audience: string): Promise<[number, unknown]> {
    if (asked.get('grant_type') === 'refresh_token') {
      if (asked.get('refresh_token') !== 'refresh' || asked.get('client_secret') !== 'secret') {
        return [400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }];
      }
    } else {
      const assertion = asked.get('assertion') ?? '';
      const expected = { audience, issuer: 'reader@p.example' };
      const verified = await jwtVerify(assertion, createPublicKey(publicKey), expected).catch(() => null);
      if (verified === null) return [400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }];
      const { payload } = verified;
      if (payload.scope !== 'https://www.googleapis.com/auth/drive.readonly') return [400, { error: 'invalid_scope' }];
    }
    state.grants++;
    state.accessToken = `token-${state.grants}`;
    return [200, { access_token: state.accessToken, expires_in: 3599, token_type: 'Bearer' }];
  }

  function answerTo(path: string, query: URLSearchParams): [number, unknown] {
    if (query.get('supportsAllDrives') !== 'true') return fault(400, 'badRequest');
    const [kind, id = '', below] = path.split('/');
    const drive = query.get('driveId');
    if (drive !== null && ![...state.files.values()].some(({ driveId }) => driveId === drive))
      return fault(404, 'notFound');
    if (kind === 'changes' && id === 'startPageToken') return [200, { startPageToken: String(state.changed.length) }];
    if (kind === 'changes') return changes(Number(query.get('pageToken')));
    if (kind === 'files' && id === '') return list(query);
    const file = state.files.get(id);
    if (kind !== 'files' || file === undefined) return fault(404, 'notFound');
    if (below === 'export') {
      const bytes = Buffer.from(file.exports?.[query.get('mimeType') ?? ''] ?? file.body ?? '');
      return bytes.length > state.exportLimit ? fault(403, 'exportSizeLimitExceeded') : [200, bytes];
    }
    const bytes = Buffer.from(file.body ?? '');
    return query.get('alt') === 'media' ? [200, bytes] : [200, json(file)];
  }

  // https://developers.google.com/workspace/drive/api/reference/rest/v3/changes/list
  function changes(from: number): [number, unknown] {
    if (from < state.oldestToken) return fault(410, 'gone');
    const to = Math.min(from + state.pageSize, state.changed.length);
    const entries = state.changed.slice(from, to).map((fileId) => {
      const file = state.files.get(fileId);
      return { kind: 'drive#change', changeType: 'file', fileId, removed: !file, ...(file && { file: json(file) }) };
    });
    const next = to < state.changed.length ? { nextPageToken: String(to) } : { newStartPageToken: String(to) };
    return [200, { kind: 'drive#changeList', changes: entries, ...next }];
  }

  // https://developers.google.com/workspace/drive/api/guides/search-files
  function list(query: URLSearchParams): [number, unknown] {
    const parent = /^'([\w-]+)' in parents and trashed = false$/.exec(query.get('q') ?? '')?.[1];
    if (parent === undefined && query.get('q') !== 'trashed = false') return fault(400, 'invalid');
    const driveId = query.get('driveId');
    const found = [...state.files.values()].filter(
      ({ trashed, parents, driveId: of }) =>
        trashed !== true && (parent === undefined || parents.includes(parent)) && (driveId === null || of === driveId),
    );
    const from = Number(query.get('pageToken') ?? 0);
    const size = Math.min(state.pageSize, Number(query.get('pageSize')));
    const more = from + size < found.length;
    const files = found.slice(from, from + size).map(json);
    return [
      200,
      { kind: 'drive#fileList', incompleteSearch: false, files, ...(more && { nextPageToken: String(from + size) }) },
    ];
  }

  const token_uri = `${server.url}/token`;
  return Object.assign(state, server, {
    serviceAccount: JSON.stringify({
      type: 'service_account',
      client_email: 'reader@p.example',
      private_key: privateKey,
      token_uri,
    }),
    authorizedUser: JSON.stringify({
      type: 'authorized_user',
      client_id: 'id',
      client_secret: 'secret',
      refresh_token: 'refresh',
      token_uri,
    }),
  });
}

/** https://developers.google.com/workspace/drive/api/guides/handle-errors */
export function fault(code: number, reason: string): [number, unknown] {
  return [
    code,
    { error: { code, message: 'text of the source', errors: [{ domain: 'usageLimits', reason, message: 'x' }] } },
  ];
}

function json({ id, name, mimeType, modifiedTime, parents, trashed = false, driveId, target, body }: DriveFile) {
  const bytes = Buffer.from(body ?? '');
  const google = mimeType.startsWith('application/vnd.google-apps.');
  return {
    id,
    name,
    mimeType,
    modifiedTime,
    createdTime: '2026-03-07T00:00:00.000Z',
    parents,
    trashed,
    webViewLink: `https://drive.google.com/file/d/${id}/view?usp=drivesdk`,
    ...(driveId !== undefined && { driveId }),
    ...(target !== undefined && { shortcutDetails: { targetId: target } }),
    ...(!google && { md5Checksum: createHash('md5').update(bytes).digest('hex'), size: String(bytes.length) }),
  };
}

export function driveFile(id: string, values: Partial<DriveFile> = {}): DriveFile {
  return {
    id,
    name: `${id}.md`,
    mimeType: 'text/markdown',
    modifiedTime: '2026-03-08T00:00:00.000Z',
    parents: ['top'],
    body: `# ${id}\n\nThe sea of ${id} rises.\n`,
    ...values,
  };
}
