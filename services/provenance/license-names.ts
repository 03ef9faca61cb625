/** Recognises a licence by the names in use: SPDX identifiers and expressions, usual spellings, and addresses. */
import { type License, licenses, mostRestrictive } from './license.ts';

/**
 * Names without a space, hyphen or dot, of licences outside Creative Commons. A licence that the enum cannot express is the
 * least restrictive member that is at least as restrictive: BSD-3-Clause forbids endorsements, so it is not `mit`; copyleft and
 * NoDerivatives allow none of the forms that an answer may be published in.
 */
const byName: Readonly<Record<string, License>> = {
  ...names('public_domain', 'publicdomain pd unlicense theunlicense pddl pddl10 パブリックドメイン 公有'),
  ...names('mit', 'mit mitx11 mit0 expat isc 0bsd wtfpl x11 bsd2clause freebsd simplifiedbsd'),
  ...names(
    'apache_2_0',
    'apache apache2 apache20 asl2 asl20 apachev2 apachev20 bsd bsd3clause newbsd modifiedbsd zlib bsl10 boost',
  ),
  ...names(
    'cc_by',
    'ogl oglv3 ogluk20 ogluk30 opengovernment opengovernmentv30 pdl10 公共データ利用規約 政府標準利用規約 公共データ利用規約第10版 政府標準利用規約第20版',
  ),
  ...names('proprietary', 'proprietary commercial closed closedsource eula 独自 独自ライセンス 商用 プロプライエタリ'),
  ...names(
    'all_rights_reserved',
    'allrightsreserved arr copyright copyrighted none noassertion unlicensed confidential internal internaluseonly private restricted 無断転載禁止 無断転載を禁じます 転載禁止 無断複製禁止 社外秘 部外秘 著作権所有 全著作権所有 不許複製 禁無断転載',
  ),
};

const copyleft = /^(a?gpl|lgpl|gfdl|fdl|gnu|mpl|epl|eupl|cddl|osl|odbl|cecill|arphic|ofl)(v?\d{0,2})(only|orlater)?$/;
/** A sentence that reserves rights grants none, whatever else it says. */
const reserved = /all rights reserved|^(copyright|©|\(c\))|無断(転載|複製|使用|転用)|(転載|複製)を?(禁止|禁ず|禁じ)/;
const creativeCommonsParts: Readonly<Record<string, 'by' | 'sa' | 'nc' | 'nd' | ''>> = {
  by: 'by',
  attribution: 'by',
  表示: 'by',
  sa: 'sa',
  sharealike: 'sa',
  継承: 'sa',
  nc: 'nc',
  noncommercial: 'nc',
  非営利: 'nc',
  nd: 'nd',
  noderivatives: 'nd',
  noderivs: 'nd',
  改変禁止: 'nd',
  international: '',
  intl: '',
  unported: '',
  generic: '',
  universal: '',
  public: '',
  license: '',
  licence: '',
  igo: '',
  deed: '',
  the: '',
  国際: '',
  非移植: '',
  日本: '',
  ライセンス: '',
  パブリック: '',
  japan: '',
  united: '',
  states: '',
  kingdom: '',
  germany: '',
  australia: '',
  france: '',
  v: '',
  version: '',
};
const ccZero =
  /^(cc0|cc[\s_-]*zero)(?=[\s_-]|$)([\s_-]|v?1(\.0)?|universal|public|domain|dedication|licen[sc]e|cc0|international|deed)*$/;
const version = /^v?[1-4](\.\d)?$/;
/** Of the licences that Creative Commons adapted to countries. */
const country = /^[a-z]{2}$/;

/**
 * @returns null for a name that is not known, which must not be guessed at
 */
export function parseLicense(text: string): License | null {
  const value = text
    .normalize('NFKC')
    .replace(/[‐‑‒–—−]/gu, '-')
    .trim()
    .replace(/\.$/, '');
  if (value === '' || value.length > 300) return null;
  // A Markdown link names its licence twice.
  const link = /^\[([^\]]*)\]\(([^)\s]*)\)\.?$/.exec(value);
  if (link) return together([link[1] ?? '', link[2] ?? ''].map((part) => parseLicense(part)));
  const expression = value.replace(/^\((.*)\)$/, '$1').split(/\s+(?:OR|AND)\s+|[,;|](?!\s*version)/i);
  if (expression.length > 1 && !reserved.test(value.toLowerCase()))
    return expression.every((part) => part !== '') ? together(expression.map((part) => parseLicense(part))) : null;
  // An exception only adds permissions, and "or later" a choice.
  return parseOne(value.replace(/\s+WITH\s+[\w.-]+$/i, '').replace(/\+$/, ''));
}

/** Of several, what may be done under each of them; null where one is not known. */
function together(parts: readonly (License | null)[]): License | null {
  return parts.includes(null) ? null : mostRestrictive(parts);
}

function parseOne(value: string): License | null {
  const lower = value.toLowerCase();
  const exact = licenses.find((license) => license === lower.replace(/[\s.-]+/g, '_'));
  if (exact !== undefined) return exact;
  if (/^(https?:)?\/\/|^www\.|^creativecommons\.org\//.test(lower))
    return fromAddress(lower.replace(/^(https?:)?\/\//, '').replace(/^www\./, ''));
  return fromCreativeCommons(lower) ?? fromName(lower);
}

function fromAddress(address: string): License | null {
  const path = address.split(/[?#]/, 1)[0] ?? '';
  const deed = /^creativecommons\.org\/licenses\/([a-z-]+)(\/|$)/.exec(path);
  if (deed) return fromCreativeCommons(`cc ${deed[1]}`);
  if (/^creativecommons\.org\/(publicdomain\/(zero|mark)|licenses\/publicdomain)(\/|$)/.test(path))
    return 'public_domain';
  const named =
    /^(?:opensource\.org\/licen[sc]es?|spdx\.org\/licenses|choosealicense\.com\/licenses|apache\.org\/licenses|gnu\.org\/licenses|unlicense\.org)\/?([\w.-]*?)(?:-license)?(?:\.(?:html|txt|json|php))?\/?$/.exec(
      path,
    );
  if (named === null) return null;
  if (path.startsWith('unlicense.org')) return 'public_domain';
  const name = (named[1] ?? '').replace(/^license-/, 'apache-');
  return name === '' ? null : parseOne(name);
}

function fromCreativeCommons(lower: string): License | null {
  const named = lower
    .replace(/クリエイティブ・?\s*コモンズ/g, 'cc ')
    .replace(/creative\s*commons/g, 'cc ')
    .replace(/[()[\]'’"“”©®™]/gu, ' ')
    .replace(/non[\s_-]+commercial/g, 'noncommercial')
    .replace(/share[\s_-]+alike/g, 'sharealike')
    .replace(/no[\s_-]+deriv/g, 'noderiv')
    .replace(/表示|非営利|継承|改変禁止|国際|非移植|日本|ライセンス|パブリック/g, ' $& ')
    .trim();
  if (ccZero.test(named)) return 'public_domain';
  if (/^(cc[\s_-]*)?(public domain( mark)?|pdm)([\s_-]*1\.0)?$/.test(named)) return 'public_domain';
  const tokens = named.split(/[\s_/・:-]+/).filter((token) => token !== '');
  const hasPrefix = tokens[0] === 'cc';
  const found = new Set<string>();
  let versions = 0;
  for (const token of hasPrefix ? tokens.slice(1) : tokens) {
    const part = Object.hasOwn(creativeCommonsParts, token) ? creativeCommonsParts[token] : undefined;
    if (part === undefined) {
      if (version.test(token)) versions++;
      // A country follows the version.
      else if (!(versions > 0 && country.test(token))) return null;
    } else if (part !== '') found.add(part);
  }
  if (!found.has('by') || (!hasPrefix && tokens.length < 2)) return null;
  if (found.has('nd')) return 'all_rights_reserved';
  const spelled = `cc_by${found.has('nc') ? '_nc' : ''}${found.has('sa') ? '_sa' : ''}`;
  return licenses.find((license) => license === spelled) ?? null;
}

function fromName(lower: string): License | null {
  const bare = lower
    .replace(/^(the|released|licensed|available)\s+(under\s+)?(the\s+)?/, '')
    .replace(/\((?:the\s+)?[\w\s.-]*\)$/, '')
    .replace(/^(?:©|\(c\))\s*/, '')
    .replace(/\b(software\s+)?licen[sc]ed?\b/g, ' ')
    .replace(/,?\s*\bversion\b\s*/g, ' ')
    .replace(/\bgnu\s+(?=\S)/, '')
    .replace(/\baffero\s+general\s+public\b/, 'agpl')
    .replace(/\blesser\s+general\s+public\b/, 'lgpl')
    .replace(/\bgeneral\s+public\b/, 'gpl')
    .replace(/\bfree\s+documentation\b/, 'gfdl')
    .replace(/\bmozilla\s+public\b/, 'mpl')
    .replace(/の?ライセンス$/, '')
    .replace(/\bno\s+rights\s+reserved\b/, 'public domain');
  const squeezed = bare.replace(/[\s._,/()-]+/g, '');
  if (Object.hasOwn(byName, squeezed)) return byName[squeezed] ?? null;
  return copyleft.test(squeezed) || reserved.test(lower) ? 'all_rights_reserved' : null;
}

function names(license: License, list: string): Record<string, License> {
  return Object.fromEntries(list.split(' ').map((name) => [name, license]));
}
