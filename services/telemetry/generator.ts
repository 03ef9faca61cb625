/** What spans and metrics tell about the writer of answers. */
export type Generator = {
  /** As the GenAI convention names providers (`openai`); a name of our own where it knows none. */
  readonly provider: string;
  /** The model that is asked for. */
  readonly model: string;
  /** Where it is; null: in this process. */
  readonly server: { readonly address: string; readonly port: number } | null;
};
