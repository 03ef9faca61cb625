/** Everyday words of computing, work and study that people use for each other: a question rarely has the author's word. */
import { searchTerms } from './search-terms.ts';

// One group a line: English, then Japanese. Words whose other meanings are common are left out.
const groups = `
delete remove erase uninstall purge discard | 削除 消去 消す 除去 取り除く 抹消
undelete recover restore rescue | 復元 復旧 回復 復活
install set-up deploy | 導入 インストール セットアップ
configuration config settings preferences setup configure customize | 設定 構成 コンフィグ 環境設定 カスタマイズ
folder directory | フォルダ ディレクトリ
file document | ファイル 文書 ドキュメント
e-mail email mail | 電子メール メール
fix repair resolve solve correct patch | 修正 修復 直す 解決 訂正 修理
broken corrupt damaged defective | 壊れる 破損 故障
error failure fault problem trouble issue crash | エラー 障害 問題 不具合 失敗 異常 トラブル
bug defect | バグ 不具合 欠陥
upgrade update | 更新 アップデート アップグレード
downgrade rollback revert undo | ダウングレード 戻す 取り消す 元に戻す
stop halt quit terminate kill abort | 停止 中止 終了 止める 中断
start launch begin boot run execute invoke | 起動 開始 実行 始める 立ち上げ
reboot restart | 再起動 リブート
clock time timezone | 時計 時刻 時間
password passphrase credential | パスワード 暗証番号 パスフレーズ
root administrator superuser admin | 管理者 特権 スーパーユーザ 管理
login logon sign-in signin | ログイン サインイン
logout signout | ログアウト サインアウト
user account | ユーザ 利用者 アカウント
permission privilege right access | 権限 許可 パーミッション アクセス権 特権
forbid prohibit deny disallow refuse reject | 禁止 拒否 却下
allow permit enable | 許可 有効
disable deactivate | 無効
create make generate produce | 作成 生成 作る 製作
build compile | ビルド コンパイル 構築
choose select pick | 選択 選ぶ
change modify edit alter | 変更 変える 編集 改変 修正
rename | 改名 リネーム 名称変更
move relocate migrate transfer | 移動 移す 移行 転送
copy duplicate | コピー 複製 写す
backup archive | バックアップ 保存 控え
save store keep | 保存 保管 格納
download fetch retrieve obtain | ダウンロード 取得 入手
upload submit publish | アップロード 投稿 公開 提出
send transmit | 送信 送る
receive | 受信 受け取る
search find locate look-up | 検索 探す 調べる
show display view print list | 表示 一覧 見る
hide conceal mask | 隠す 非表示
check verify validate confirm test | 確認 検証 検査 試験 テスト チェック
compare difference differ diff | 比較 違い 差分 相違
explain describe | 説明 解説
manual guide handbook tutorial documentation docs | マニュアル 手引き 手引書 説明書 ガイド 文書
beginner novice newcomer newbie | 初心者 新人 新米 入門
expert professional | 専門家 熟練
developer programmer | 開発者 プログラマ
maintainer | メンテナ 保守担当 担当者
maintain | 保守 維持 メンテナンス
upstream | 上流 アップストリーム 開発元
author writer creator | 著者 作者 執筆者
orphan abandon give-up | 放棄 みなしご
adopt take-over | 引き取る 引き継ぐ
retire resign leave | 引退 辞任 退職 リタイア 脱退
join participate apply | 参加 加入 応募
rejoin return come-back | 復帰 再加入
vacation holiday absence | 休暇 不在
monitor watch observe | 監視 見張る モニタ
schedule cron periodic | 定期 スケジュール 予定
automatic automatically unattended | 自動 自動的
license licence | ライセンス 使用許諾
copyright | 著作権
free gratis | 無料 無償 フリー
commercial proprietary closed-source shareware | 商用 プロプライエタリ 非公開
cost price fee pay | 費用 料金 価格 お金 支払う 対価
sell sale vendor | 販売 売る
buy purchase | 購入 買う
money fund donation donate | 資金 寄付 お金
origin etymology | 由来 語源 起源
pronounce pronunciation | 発音 読み方
name title | 名前 名称
meaning definition | 意味 定義
abbreviation acronym | 略語 略称
disk drive storage | ディスク ドライブ 記憶装置
partition volume | パーティション 領域
memory ram | メモリ 記憶
encrypt encryption cipher | 暗号化 暗号
decrypt | 復号
sign signature | 署名
security secure safe | セキュリティ 安全
vulnerability exploit | 脆弱性
attack intrusion | 攻撃 侵入
network lan | ネットワーク 回線
wireless wifi wi-fi | 無線
internet web online | インターネット ウェブ オンライン
website site webpage | サイト ウェブサイト ホームページ
server host | サーバ ホスト
client | クライアント
browser | ブラウザ
printer print | プリンタ 印刷
screen display monitor | 画面 ディスプレイ
window | ウィンドウ 窓
keyboard | キーボード 鍵盤
mouse | マウス
language locale | 言語 ロケール
translate translation localize | 翻訳 訳す
font typeface | フォント 書体
encoding charset | 文字コード エンコーディング 符号化
garbled gibberish mojibake | 文字化け
picture image photo | 画像 写真 イメージ
video movie | 動画 映像 ビデオ
audio sound music | 音声 音楽 音 サウンド
text string | テキスト 文字列 文章
table chart | 表 図表
version release edition | 版 バージョン リリース
old legacy obsolete outdated deprecated | 古い 旧式 廃止 非推奨
new latest recent | 最新 新しい
fast quick speed | 高速 速い 速度
slow | 遅い 低速
big large huge | 大きい 巨大
small tiny minimal | 小さい 最小
maximum limit upper | 上限 最大 制限
minimum least | 最小 最低 下限
required mandatory must | 必須 必要
optional | 任意 オプション
default standard | 既定 標準 デフォルト
example sample | 例 見本 サンプル
reason cause why | 理由 原因
effect impact influence | 影響 効果
advantage benefit merit | 利点 長所 メリット
disadvantage drawback | 欠点 短所 デメリット
rule policy regulation guideline | 規則 方針 ポリシー 規約 指針
duty responsibility obligation | 責任 責務 義務 職務
procedure process step workflow | 手順 手続き 過程 流れ
method way technique | 方法 手法 やり方
purpose goal objective aim | 目的 目標 狙い
summary synopsis overview abstract | 要約 概要 まとめ あらすじ
list index catalogue catalog | 一覧 目録 リスト
dependency depend require | 依存
conflict collision clash | 衝突 競合
replace substitute swap | 置換 置き換える 交換
merge combine unify | 統合 結合 併合 マージ
split divide separate | 分割 分ける
compress zip pack | 圧縮
extract unpack unzip decompress | 展開 解凍 抽出
branch fork | ブランチ 分岐
commit | コミット
repository repo archive | リポジトリ アーカイブ
source code | ソースコード
process task job | プロセス タスク ジョブ
daemon service | デーモン サービス
kernel | カーネル
hardware device | ハードウェア 機器 デバイス 装置
computer machine pc | コンピュータ マシン パソコン 計算機
laptop notebook | ノートパソコン ラップトップ
phone telephone smartphone | 電話 スマートフォン
freeze hang unresponsive | 固まる フリーズ ハングアップ
shutdown power-off | シャットダウン 電源
log logging journal | ログ 記録 履歴
history changelog | 履歴 変更履歴
variable parameter argument option | 変数 引数 パラメータ オプション
function routine | 関数
command | コマンド 命令
terminal console | 端末 ターミナル コンソール
group team | グループ 班 チーム
meeting conference | 会議 会合
question ask inquiry inquire | 質問 問い合わせ 尋ねる 相談
answer reply response respond | 回答 返信 返事 応答
report notify notification announce | 報告 通知 連絡 知らせる
request demand | 依頼 要求 要望
help support assistance | 支援 手助け 助け サポート
teacher instructor lecturer tutor | 教師 先生 講師 教員
student pupil learner | 学生 生徒 学習者 受講者
lesson class course lecture | 授業 講義 講座 コース
exam examination quiz | 試験 テスト
homework assignment | 宿題 課題
grade score mark | 成績 点数 評点
learn study | 学習 勉強 学ぶ
company enterprise corporation firm | 会社 企業
employee worker staff | 社員 従業員 職員
contract agreement | 契約 協定
deadline due expire expiry | 期限 締切 締め切り 有効期限
salary wage pay payday | 給与 給料 賃金
bonus | 賞与 ボーナス
leave vacation holiday | 休暇 休み 有休
overtime | 残業 時間外
colleague coworker | 同僚
boss supervisor superior | 上司
warranty guarantee | 保証
consumption use | 消費
loud noise noisy | 騒音 うるさい
heavy weight weigh | 重さ 重い 重量
clean wash rinse | 洗う お手入れ 掃除 洗浄
car automobile vehicle | 自動車 車
doctor physician | 医師 医者
illness disease sickness | 病気 疾患
medicine drug | 薬 医薬品
food meal | 食事 食べ物 料理
house home | 住宅 家
`;

/** How much a synonym counts beside the word that was asked. */
const sameLanguage = 0.5;
const otherLanguage = 0.25;

const synonymsOf = new Map<string, Map<string, number>>();
for (const group of groups.trim().split('\n')) {
  const [english = [], japanese = []] = group.split('|').map((side) => side.trim().split(/\s+/).flatMap(oneTerm));
  for (const [own, other] of [
    [english, japanese],
    [japanese, english],
  ] as const) {
    for (const term of own) {
      for (const synonym of own) link(term, synonym, sameLanguage);
      for (const synonym of other) link(term, synonym, otherLanguage);
    }
  }
}

/** The other words for a term and what share of the term's weight each deserves, between 0 and 1. */
export function synonyms(term: string): ReadonlyMap<string, number> {
  return synonymsOf.get(term) ?? new Map();
}

function oneTerm(word: string): readonly string[] {
  const whole = searchTerms(word).filter(({ piece }) => !piece);
  return whole.length === 1 && whole[0] !== undefined ? [whole[0].term] : [];
}

function link(term: string, synonym: string, share: number): void {
  if (term === synonym) return;
  const known = synonymsOf.get(term) ?? new Map<string, number>();
  synonymsOf.set(term, known);
  known.set(synonym, Math.max(share, known.get(synonym) ?? 0));
}
