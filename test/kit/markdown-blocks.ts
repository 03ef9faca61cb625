/** Takes the fenced blocks out of a page of documentation, and makes psql's variables of their SQL values. */

/** Blocks inside lists are indented; the fence's own indentation is taken off. */
export function blocksOf(markdown: string, language: string): readonly string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\`$`, 'gms');
  return [...markdown.matchAll(fence)].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** `:'name'` and `:name` as psql would fill them in; a variable that is not told becomes null. */
export function fillVariables(sql: string, variables: Readonly<Record<string, string>> = {}): string {
  return sql.replace(/(?<!:):(?:'(\w+)'|([a-z]\w*))/g, (_, quoted?: string, bare?: string) => {
    const value = variables[quoted ?? bare ?? ''];
    return value === undefined ? 'null' : `'${value}'`;
  });
}
