/** Names of the stable HTTP conventions of OpenTelemetry for spans and labels. */
export const http = {
  method: 'http.request.method',
  status: 'http.response.status_code',
  route: 'http.route',
  version: 'network.protocol.version',
} as const;

export const urlScheme = 'url.scheme';
