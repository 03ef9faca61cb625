/** What is used of node-webvtt: its package names types, but does not hold them. */
declare module 'node-webvtt' {
  type Cue = {
    readonly identifier: string;
    /** Seconds. */
    readonly start: number;
    readonly end: number;
    /** With its tags and entities. */
    readonly text: string;
  };
  type Parsed = { readonly cues: readonly Cue[]; readonly errors: readonly { readonly message: string }[] };
  const webvtt: { parse(text: string, options: { readonly strict: boolean }): Parsed };
  export default webvtt;
}
