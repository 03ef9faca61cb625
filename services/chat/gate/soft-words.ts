/** Words of everyday language that seldom are the subject of a question: a text may answer without them. */
import { searchTerms } from '../search/search-terms.ts';

const words = `able actual add advice already appear ask available bad become begin best better big brand bring call care case
choose come common complete consider continue correct deal decide different difficult difficulty do easy end enough entire
exist expect fail fast fill fine finish follow former full good great handle happen hard hear help high hold idea important
include instead keep kind large last late later learn let like little live load long look lose lot main make manage
matter method mistake move near necessary new next nice normal note notice old open own part particular people perfect place
play point possible prefer problem proper provide put question quick reach read ready real reason receive recommend remain
require result right run safe same say see send set several short show simple single situation small sort special specific
start state stay step still stop stuff sudden suddenly suitable support sure switch take talk think time tip together total
touch true try turn type understand usual various wait way well whole wish work worry write wrong
allow annoying bought brand cause certain chance describe directly discover everyday favourite feel forget former frequent
guess happy hate immediately intend involve lack like likely love manually miss modern mostly nearly night nowadays obvious
odd owe plain preferred pretty previous quiet random rather regularly reliable safely say separate silly simply skip slightly
strange stuck stupid suggest suppose temporary throw today tomorrow unable unusual useful useless weird
場合 方法 手順 必要 可能 最初 最後 自分 全部 一番 普段 簡単 特定 注意 理由 状態 原因 意味 内容 種類 仕組み 現在 今 新 古 良 悪 多 少 大 小
出 入 行 見 使 作 持 取 付 変 止 直 知 調 続 始 終 受 送 開 閉 消 置 決 選 起 書 読 得 考 困 合 当 上 中 前 後 他 別 同 最近 途中 以外
無難 適切 便利 快適 正常 普通 一時 毎日 毎回 毎月 毎年 夜中 朝 昼 夜 今日 明日 昨日 先月 来月 以前 今後 初 早 速 遅 長 短 高 低 強 弱
楽 嫌 好 急 昔 次 前回 次回 一度 何度 再度 突然 勝手 無理 大丈夫 面倒 結局 実際 本当 絶対 相手 手元 直接 個別 単純 複数 両方 片方 順番 程度`;

const soft = new Set(words.split(/\s+/u).flatMap((word) => searchTerms(word).map(({ term }) => term)));

/** What a soft word weighs beside another. */
const softShare = 0.4;

/** The factor by which a word's weight counts: 0 for "何年", which asks and names nothing. */
export function subjectShare(term: string): number {
  if (/^何./u.test(term)) return 0;
  return soft.has(term) || /^\p{sc=Latin}{3,}li$/u.test(term) || /^\p{sc=Han}$/u.test(term) ? softShare : 1;
}
