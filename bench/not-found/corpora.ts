/** The five kinds of corpora of the "not found" benchmark, each ingested on its own. */
import { join } from 'node:path';
import { fetchCorpus, type Manual } from '../corpus.ts';

const guide = 'usr/share/doc/installation-guide-amd64';
export const installation: readonly Manual[] = ['en', 'ja'].map((language) => ({
  package: 'installation-guide-amd64',
  folder: guide,
  keep: new RegExp(`^${language}/(?!index)[\\w]+\\.html$`),
}));
const git: readonly Manual[] = [
  {
    package: 'git-doc',
    folder: 'usr/share/doc/git/html',
    keep: /^(?:git[a-z]+|git-[a-z]+|user-manual|everyday)\.html$/,
  },
];

const samples = join(import.meta.dirname, '..', '..', 'samples');
const own = join(import.meta.dirname, '..', 'questions', 'not-found', 'corpora');

/** Directories by the corpus's name; downloads what is missing. */
export async function fetchCorpora(
  cache: string,
): Promise<Readonly<Record<string, string>> & { readonly debian: string }> {
  return {
    hr: join(own, 'hr'),
    product: join(own, 'product'),
    samples,
    install: await fetchCorpus(cache, installation, 'installation'),
    git: await fetchCorpus(cache, git, 'git'),
    debian: await fetchCorpus(cache),
  };
}
