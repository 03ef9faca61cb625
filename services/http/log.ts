/** The part of pino that this folder writes its log with. */

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** An error goes under `err`. The log must leave out what its message quotes: that may be text of users. */
export type Log = { readonly debug: Write; readonly info: Write; readonly warn: Write; readonly error: Write };
