/** Extracts fenced code blocks from Markdown, and substitutes psql variables in SQL. */

/** Removes the indentation of the fence, for blocks inside lists. */
export function blocksOf(markdown: string, language: string): readonly string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\`$`, 'gms');
  return [...markdown.matchAll(fence)].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Substitutes `:'name'` and `:name` like psql; a missing variable becomes null. */
export function fillVariables(sql: string, variables: Readonly<Record<string, string>> = {}): string {
  return sql.replace(/(?<!:):(?:'(\w+)'|([a-z]\w*))/g, (_, quoted?: string, bare?: string) => {
    const value = variables[quoted ?? bare ?? ''];
    return value === undefined ? 'null' : `'${value}'`;
  });
}
