/** Recognises greetings, thanks and questions about the service, which no document answers, and replies to them. */
import { isJapanese } from './search/is-japanese.ts';

/** The model name of these replies. */
export const CHITCHAT = 'chitchat';

type Kind = 'greeting' | 'thanks' | 'farewell' | 'about' | 'mood' | 'acknowledgement';

// Each pattern covers the whole text: "Hello, how do I …" is a question, and so is "thanks to whom …".
const patterns: readonly (readonly [Kind, RegExp])[] = [
  [
    'greeting',
    /^(?:(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))(?: (?:there|all|everyone|everybody|team|again|you|bot|assistant))?(?: nice to meet you)?|nice to meet you(?: too)?)$/u,
  ],
  [
    'mood',
    /^(?:(?:hi|hello|hey) )?(?:how are you(?: (?:doing|today|doing today))?|how(?: i|')?s it going|what(?: i|')?s up|how do you do)$/u,
  ],
  [
    'thanks',
    /^(?:(?:ok|okay|great|perfect|good|nice|super|cool|got it|wonderful|awesome|excellent) )?(?:many |a lot of )?(?:thanks?|thank you|thx|ty|cheers)(?: you)?(?: (?:so much|very much|a lot|a bunch|again|everyone|for (?:your|the|all your) (?:help|answer|answers|support|reply|explanation|time)|that (?:helps|helped|was helpful)(?: a lot)?|(?:very |so )helpful))*$/u,
  ],
  [
    'thanks',
    /^(?:that|this|it) (?:was|is) (?:very |really |so )?(?:helpful|useful|great|perfect)(?: thanks| thank you)?$/u,
  ],
  [
    'farewell',
    /^(?:(?:ok|okay|thanks|thank you) )?(?:good ?bye|bye(?: bye)?|see you(?: (?:later|soon|tomorrow|then))?|good night|have a (?:nice|good|great) (?:day|evening|weekend|one)|take care)$/u,
  ],
  [
    'about',
    /^(?:(?:hi|hello|hey) )?(?:who|what) are you(?: exactly)?$|^what(?: is|'s) your name$|^(?:what|how) can you (?:do|help)(?: (?:me|for me|me with|here|us))*$|^what do you do$|^(?:are you (?:a |an )?(?:bot|robot|human|person|ai|machine|real person|chatbot)|are you (?:human|real))$|^how do(?:es)? (?:you|this(?: (?:service|bot|chat))?|i use (?:this(?: (?:service|bot|chat))?|you)) work$|^how do i use (?:this(?: (?:service|bot|chat|page))?|you)$|^(?:please )?(?:help|help me)$|^what (?:can|should|may) i ask(?: you)?(?: (?:about|here))*$|^(?:please )?introduce yourself$|^tell me about yourself$/u,
  ],
  [
    'acknowledgement',
    /^(?:ok|okay|k|got it|i see|understood|alright|all right|sure|fine|great|perfect|cool|nice|yes|no|yep|nope)$/u,
  ],
  [
    'greeting',
    /^(?:こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|はじめまして|初めまして|やあ|どうも|もしもし|ハロー|お疲れ(?:様|さま)(?:です|でした)?|おつかれ(?:さま)?(?:です|でした)?|よろしく(?:お願い(?:いた)?します|おねがいします)?|お世話になって(?:い)?ます|お世話になります)+(?:皆さん|みなさん)?$/u,
  ],
  ['mood', /^(?:(?:お)?元気(?:ですか|でしたか|か|\?)?|調子は?(?:どう(?:ですか)?|いかがですか))$/u],
  [
    'thanks',
    /^(?:(?:なるほど|わかりました|分かりました|了解(?:です|しました)?|承知(?:しました|いたしました)|解決しました|助かりました|大変|どうも|本当に|誠に|いつも|ご?回答|ご?返信|ご?説明|教えて(?:くれて|いただき|くださり|下さり)|(?:を|ご)?丁寧に?|、|。|!|ので|参考になりました|とても))*(?:ありがとう(?:ございます|ございました)?|有難う(?:ございます|ございました)?|有り難う(?:ございます|ございました)?|感謝(?:します|いたします|しています)|サンキュー|助かりました|助かります|参考になりました|勉強になりました)[、。!]*$/u,
  ],
  [
    'farewell',
    /^(?:さようなら|さよなら|バイバイ|ばいばい|またね|では(?:また)?|それでは(?:また)?|じゃあ?(?:ね|また)|おやすみ(?:なさい)?|失礼(?:します|いたします)|また(?:明日|今度|来ます))$/u,
  ],
  [
    'about',
    /^(?:あなた|君|きみ|お前|貴方|そちら)(?:は|って)?(?:誰|だれ|何者?|なに者?|どなた|人間|ロボット|ai|ボット)(?:ですか|なの(?:ですか)?|か|でしょうか)?$|^(?:(?:あなた|君)の)?(?:お)?名前は?(?:何(?:ですか|というのですか)?|なんですか|教えてください)?$|^(?:(?:あなた|ここ|このサービス|このチャット|このページ|このボット)(?:は|で|では|に|には)?)?(?:何|なに)(?:が|を)(?:できますか|できるのですか|できるの|出来ますか|聞けますか|してくれますか|手伝ってくれますか|聞いたらいいですか|聞けばいいですか|質問できますか)$|^(?:この(?:サービス|チャット|ページ|ボット)(?:は何|って何)(?:ですか|でしょうか)?)$|^(?:(?:この(?:サービス|チャット|ページ|ボット)|あなた)の)?使い方(?:(?:は|を|が)(?:教えて(?:ください|下さい)?|何ですか|知りたい(?:です)?|わかりません|分かりません)?)?$|^(?:ヘルプ|助けて(?:ください)?|自己紹介(?:して(?:ください)?)?(?:をお願いします)?)$/u,
  ],
  [
    'acknowledgement',
    /^(?:はい|いいえ|うん|なるほど|わかりました|分かりました|了解(?:です|しました)?|承知(?:しました|いたしました)|そうですか|そうなんですね|ok|オーケー|オッケー)$/u,
  ],
];

const replies: Readonly<Record<Kind, Readonly<Record<'en' | 'ja', string>>>> = {
  greeting: {
    en: 'Hello! Ask me about the documents of this library, and I will answer from them and name the sources.',
    ja: 'こんにちは。資料について、お気軽にご質問ください。資料をもとに、出典とともにお答えします。',
  },
  mood: {
    en: 'I am a service, and I am running well, thank you. What would you like to know from the documents?',
    ja: 'お気遣いありがとうございます。問題なく動いています。資料について、ご質問をどうぞ。',
  },
  thanks: {
    en: 'You are welcome! Feel free to ask another question.',
    ja: 'どういたしまして。ほかにもご質問がありましたら、お気軽にどうぞ。',
  },
  farewell: {
    en: 'Goodbye! Come back whenever you have a question.',
    ja: 'ご利用ありがとうございました。またいつでもご質問ください。',
  },
  about: {
    en: 'I am a question-answering service. I search the documents of this library, answer from what they say, and name the source of each statement. Ask a whole question, for example “How do I …?”. If the documents do not answer it, I say so.',
    ja: '資料の内容についてのご質問にお答えするサービスです。資料を検索し、書かれている内容をもとに、出典とともにお答えします。「…するにはどうすればいいですか」のように、文の形でご質問ください。資料に答えがないときは、そのようにお伝えします。',
  },
  acknowledgement: {
    en: 'All right. Ask another question whenever you like.',
    ja: '承知しました。ほかにもご質問がありましたら、お気軽にどうぞ。',
  },
};

/** A longer text is a question, or hostile. */
const LONGEST = 60;

/** A friendly reply in the language of the text; null: the text is a question for the documents. */
export function chitchatReply(query: string): string | null {
  if (query.length > LONGEST) return null;
  const inJapanese = isJapanese(query);
  const plain = query
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F/gu, ' ')
    .replace(/’/g, "'")
    .replace(/[!?.,;:~〜～…。、♪^()*]+/gu, inJapanese ? '' : ' ')
    .replace(/\s+/gu, inJapanese ? '' : ' ')
    .trim();
  const kind = patterns.find(([, pattern]) => pattern.test(plain))?.[0];
  return kind === undefined ? null : replies[kind][inJapanese ? 'ja' : 'en'];
}
