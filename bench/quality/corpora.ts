/** The Debian packages that the labelled answers quote, downloaded when the benchmark runs. */
import { fetchCorpus, type Manual } from '../corpus.ts';
import { installation } from '../not-found/corpora.ts';

const gimp: readonly Manual[] = ['en', 'ja'].map((language) => ({
  package: `gimp-help-${language}`,
  folder: `usr/share/gimp/2.0/help/${language}`,
  keep: /\.html$/,
}));
const git: readonly Manual[] = [{ package: 'git-doc', folder: 'usr/share/doc/git-doc', keep: /\.(html|txt)$/ }];

/** Directories of pages by the corpus's name; downloads what is missing, about 140 MB. */
export async function fetchQualityCorpora(cache: string): Promise<Readonly<Record<string, string>>> {
  return {
    debian: await fetchCorpus(cache),
    gimp: await fetchCorpus(cache, gimp, 'gimp'),
    installer: await fetchCorpus(cache, installation, 'installation'),
    git: await fetchCorpus(cache, git, 'git-doc'),
  };
}
