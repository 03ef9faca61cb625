/** A check of what this service depends on, and the hints that connection errors give. */

/** `detail` and `fix` are public: they contain no key, no text of a user and no address but the issuer, which every token names. */
export type CheckResult =
  | { readonly state: 'ok' | 'off'; readonly detail: string }
  | { readonly state: 'failed'; readonly detail: string; readonly fix: string };

export type Check = {
  /** What is checked, such as "model". */
  readonly name: string;
  /** @throws whatever goes wrong; the caller reports it as failed */
  readonly run: (signal: AbortSignal) => Promise<CheckResult>;
};

export type CheckedResult = CheckResult & { readonly name: string };

/** The code of a connection error at whichever depth it is, such as ECONNREFUSED; null: it has none. */
export function connectionCode(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = 'code' in at ? at.code : undefined;
    if (typeof code === 'string' && /^[A-Z_0-9]{1,60}$/.test(code)) return code;
  }
  return null;
}

/**
 * What an operator does about a connection error.
 * @param variable the setting with the address
 */
export function connectionAdvice(code: string | null, variable: string): string {
  if (code !== null && /CERT|ISSUER|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return /ALTNAME|EXPIRED|NOT_YET/.test(code)
      ? `the certificate does not fit the address in ${variable} or the date`
      : 'name the file with the certificate of your authority in NODE_EXTRA_CA_CERTS';
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `check the host name in ${variable}, and HTTPS_PROXY if a proxy resolves it`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `check whether ${variable} begins with http:// or https://`;
    default:
      return `check ${variable} and that the server is running`;
  }
}
