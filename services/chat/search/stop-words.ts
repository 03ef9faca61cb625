/** Words that say nothing about a subject, in English and Japanese: grammar, question words, courtesies. */

const english = `a about above after again against all also am an and another any anybody anyone anything are aren as at be
because been before being below between both but by can cannot could couldn did didn do does doesn doing don done down during
each either else ever every few for from further get gets getting give given go goes going got had hadn has hasn have haven having
he hello help her here hers hey hi him his how however i if in instead into is isn it its itself just kindly know let lets like ll
look many may maybe me might mine more most much must my myself need needs neither no nor not now of off ok okay on once one only
or other our ours out over own please quite rather re really s same shall she should shouldn show since so some somebody someone
something still such t tell than thank thanks that the their theirs them themselves then there these they thing things this
those through thus to too under until up upon us ve very via want wanted wants was wasn we were weren what whatever when where
whether which while who whom whose why will with within without won would wouldn yet you your yours yourself d m explain describe
mean means meant exactly actually always never often sometimes somewhere anywhere everywhere
nowhere seem seems seemed went gone came altogether perhaps`;

const japanese = `あなた あの あり ある あれ いい いう いえ いくつ いくら いた いっ いつ いて いる いろいろ うち おい おき おけ おり おる
かた かつ から かり かも かを きた くださ ください くれ くれる けど けれど けれども ける こう ここ こちら こと この ごと これ これら これは
さい さて さらに され される さん しか しかし した しちゃ して しない しまう しまっ します しょう しよう すぐ すべ する すれ ずつ せる せん ぜ
そう そこ そして その それ それぞれ それで それら たい たく たち たっ ただ ただし たとえ たび たぶん ため たら たり だけ だっ だれ だろう
ちょうど ちょっと つい ついて つき つつ って つまり です では でき できる でした でしょ でしょう でも という とか とき ところ として とって とても
とは とも ども どう どうして どうすれば どうやって どこ どちら どっち どの どのように どれ どんな ない なお なか ながら なく なけれ なし なぜ など
なに なら なり なる なん なんで なんと にて には ので のに のは のみ はず ひと べき べく ほう ほか ほど ほとんど また または まし ましょう ます ません まず
まで まま みたい みて みる もう もし もしくは もっと もの もらう もらえ やっ やり やる よい よう よく より よる よれ よろしく らしい られ られる れる
わけ をする おく おい 何 誰 事 物 為 時 教 下 言 思 知 者 的 御 及 他 又 或 未だ 一体 何故 何処 何時 すると ばかり うまく くだ てい いま まっ いるか すべて たくさん もちろん いったん`;

const english_ = new Set(english.split(/\s+/));
const japanese_ = new Set(japanese.split(/\s+/));

/** @param word NFKC, lower case, not stemmed */
export function isStopWord(word: string): boolean {
  return english_.has(word) || japanese_.has(word);
}
