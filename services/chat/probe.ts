/** What the chat server, the worker and its metrics know of the probe. */

/** The header with PROBE_KEY, by which the chat server recognises questions of the probe. */
export const probeHeader = 'X-Probe-Key';

/**
 * ok: the answer has the citation. uncited: there is an answer without it. failed: an error, or no answer in time. refused: a 4xx,
 * which says that the probe itself is set up wrongly.
 */
export type ProbeResult = 'ok' | 'uncited' | 'failed' | 'refused';
