/**
 * Wordings of "the materials do not answer this", in English and Japanese. "Reports cannot be changed" and 「変更できません」 deny
 * something and may answer the question, so each wording needs the materials, the speaker, or the question itself.
 */

/** What a model calls the passages that it was given. Without a word such as "provided", most of these nouns may be the topic. */
const nouns =
  '(?:passages?|materials?|documents?|documentation|sources?|context|texts?|excerpts?|library|information|content|data|references?|knowledge base|search results?|snippets?|files?|manuals?|handbooks?|pages?)';
const qualified = `(?:(?:provided|given|available|retrieved|supplied|cited|above|numbered|attached|listed|present|current|existing)\\s+(?:\\w+\\s+)?${nouns}|passages?|excerpts?|snippets?|search results?|knowledge base|(?:what|everything)(?: (?:i|we))?(?: (?:was|were|am|have been|had been|['’]ve been))? (?:given|provided)|${nouns} (?:(?:that )?(?:i|we) (?:have|was given|were given|have been given|can see)|provided|given|supplied|available|above|at hand)(?! (?:by|to|for|in|on|at)\\b))`;
const determiner = '(?:the|these|those|this|that|your|our|any|all|my|of the|of these|of those)\\s+(?:of the )?';
const materials = `(?:(?:${determiner})?${qualified}|${determiner}(?:materials?|documents?|documentation|sources?|context|texts?|library|references?|manuals?|handbooks?))`;
const opening =
  "(?:(?:unfortunately|however|sorry|but|but then|also|in addition|additionally|regrettably|(?:i[’'`]?m |i am )?(?:sorry|afraid)|after (?:checking|reviewing|searching|reading)[^,]{0,40}|based on|according to|as far as i can (?:see|tell))[, ]+(?:but )?(?:that )?)?";
const atStart = `^[\\W_]*${opening}${materials}`;
const negation = `(?:do(?:es)?(?: not|n['’]t)|did(?: not|n['’]t)|cannot|can['’]t|never|fails? to|neither)\\s+(?:\\w+\\s+){0,2}?`;
const speaking =
  '(?:mention|say|state|specify|cover|address|answer|discuss|describe|explain|indicate|tell|reveal|clarify|list|name|touch on|refer to|deal with|go into|elaborate|disclose|give away)';
const sought =
  '(?:information|mention|answers?|details?|explanation|description|reference|indication|hint|guidance|evidence|statement|data)';
const which =
  '(?:(?:any|enough|sufficient|relevant|specific|explicit|direct|clear|further|additional|concrete|useful|such|the|an?|that|this|kind of|type of)\\s+){0,3}';
const found =
  '(?:mentioned|found|covered|addressed|discussed|specified|stated|described|answered|explained|documented|listed|named|determined|inferred|derived|indicated|answerable|clear|evident|possible)';

const english = [
  `\\b${qualified}\\b[^.;]{0,60}\\b${negation}(?:contain|include|hold|${speaking})\\b`,
  // "The documents do not contain personal data" may answer the question.
  `${atStart}\\b[^.;]{0,60}\\b${negation}${speaking}\\b`,
  `\\b${materials}\\b[^.;]{0,60}\\b${negation}(?:contain|include|provide|have|give|offer|hold)\\s+${which}${sought}\\b`,
  `\\b${materials}\\b[^.;]{0,40}\\b(?:contains?|provides?|has|have|includes?|gives?|offers?|makes?) no ${which}${sought}\\b`,
  `\\b${materials}\\b[^.;]{0,40}\\b(?:(?:is|are|remains?) silent|says? nothing|lacks? ${which}${sought}|(?:is|are)(?: not|n['’]t) (?:sufficient|enough|relevant|helpful)|(?:is|are) insufficient|(?:is|are) (?:unrelated|irrelevant))\\b`,
  `\\b(?:none|neither) of ${materials}\\b[^.;]{0,60}\\b(?:contains?|includes?|provides?|gives?|answers?|mentions?|says?|states?|covers?|address(?:es)?|discuss(?:es)?|describes?|explains?|specif(?:y|ies)|relates?|deals?)\\b`,
  `\\b(?:no|not any|without|not enough|insufficient) ${which}(?:${sought}|data|passages?|sources?|documents?)\\b[^.;]{0,80}\\b(?:in|within|from|by|among|across)\\s+${materials}\\b`,
  `\\bnothing\\b[^.;]{0,40}\\b(?:in|within|from|among)\\s+${materials}\\b`,
  `\\b(?:not|n['’]t|cannot|never) (?:\\w+ ){0,3}${found}\\b[^.;]{0,60}\\b(?:in|within|from|by|among|anywhere in|on the basis of|based on|with|using)\\s+${materials}\\b`,
  `\\b(?:in|within|from|based on|given|according to|on the basis of|using|with)\\s+${materials}\\b[^.;]{0,60}\\b(?:not|n['’]t|cannot|never) (?:\\w+ ){0,3}(?:${found}|answer|tell|say|find|determine|give|provide)\\b`,
  `\\b(?:not|n['’]t|cannot) (?:\\w+ ){0,3}(?:included|contained|provided|available|present|given)\\b[^.;]{0,60}\\b(?:in|within|from|by|among)\\s+(?:${determiner})?${qualified}\\b`,
  `\\b(?:unclear|unknown|impossible|unavailable|absent|missing|unspecified)\\b[^.;]{0,60}\\b(?:in|from|within)\\s+${materials}\\b`,
  `\\b(?:outside|beyond)(?: of)?(?: the)? (?:scope|coverage|range)\\b[^.;]{0,20}\\b${materials}\\b`,
  // The speaker. "We cannot provide refunds" may answer the question.
  `\\b(?:i|we)(?:['’]m| am|['’]re| are)? (?:(?:sorry|afraid)[^.]{0,40})?\\b(?:cannot|can['’]t|can not|could not|couldn['’]t|did not|didn['’]t|do not|don['’]t|was not able to|am unable to|are unable to|was unable to|unable to|not able to)\\b (?:\\w+ ){0,2}?(?:find|locate|see|spot|identify|have|provide|give)\\b (?:\\w+ ){0,2}?${which}(?:${sought}|passages?|sources?|documents?|anything|(?:an )?answers?)\\b`,
  `\\b(?:i|we)(?:['’]m| am|['’]re| are)?\\b[^.]{0,40}\\b(?:cannot|can['’]t|can not|could not|couldn['’]t|unable to|not able to)\\b[^.]{0,30}\\b(?:answer|respond|determine|say|tell|confirm|help(?: you)? with (?:this|that|your))\\b`,
  `\\b(?:i|we) (?:do not|don['’]t)(?: \\w+)? (?:know|have (?:an?|the|enough|sufficient))\\b(?! to\\b)`,
  `^(?:i(?:['’]m| am) )?(?:sorry|afraid|unfortunately)\\b[^.]{0,120}\\b(?:not|n['’]t|no|cannot|unable)\\b[^.]{0,80}(?:answer|find|found|information|mention|contain|cover|provided|help|assist|materials?|passages?|documents?)`,
  `^(?:there is no answer|(?:no|not enough|insufficient) ${which}(?:information|answer|context|details?|data|documents?|passages?|sources?)(?: (?:about|on|regarding|for) [^.]{1,60})?(?: (?:was|is|were|are|to answer|available|found|provided|given)\\b|[.!]?$)|(?:the )?answer (?:is|was)(?: not|n['’]t) (?:there|known|found|available|given|(?:in|among) ${materials})\\b|this (?:question|topic|subject)(?: \\w+)? (?:is|was)(?: not|n['’]t) (?:covered|answered|addressed|answerable)|(?:this|that|your) question (?:cannot|can['’]t|could not) be answered\\b)`,
].map((pattern) => new RegExp(pattern, 'iu'));

const shiryo =
  '(?:(?:提供|提示|検索|参照|引用|用意|添付)(?:された|した|して?いただいた)[^。、]{0,8}|与えられた[^。、]{0,8}|手元の[^。、]{0,6}|上記の[^。、]{0,6}|(?:この|これらの|今回の|ご?利用できる|参考)?(?:資料|文書|文献|パッセージ|情報源|コンテキスト|ドキュメント|検索結果|抜粋|テキスト|マニュアル|ソース|本文|教材))';
const johou =
  '(?:記載|記述|言及|掲載|説明|情報|回答|答え|手がかり|根拠|該当(?:箇所|部分|する\\S{1,6})?|定め|データ|内容)';
const nai =
  '(?:あり|ござい|見つかり|見当たり|見つけられ|見受けられ|含まれてい|含まれており|載ってい|載っており|されてい|されており|なされてい|確認でき|得られ|存在し|書かれてい|触れられてい|示されてい|述べられてい|得ることができ|読み取れ|見いだせ)(?:ません|ない|なかった|ず)|ません(?:でした)?|ない(?:ため|ので|です)|なし|なく';
const shiru =
  '(?:わかり|分かり|判断|お答え|回答|特定|判別|確認|断定|説明|お伝え|ご案内|読み取)(?:ません|でき(?:ません|ない|かねます)|れません|ることができません|することが?でき(?:ません|ない)|(?:し|いたし|致し)かねます)';
const apology =
  '(?:(?:大変)?申し訳(?:ありません|ございません|ない)(?:の?です)?が|すみませんが|恐れ入りますが|恐縮ですが|残念ながら|あいにく|残念ですが)';

const japanese = [
  // 「文書の内容は変更できません」 denies something: between the noun and the negation stands nothing but grammar.
  `${shiryo}[^。]{0,60}${johou}(?:が|は|も|を|については)?(?:一切|特に|全く|まったく|直接|具体的に(?:は)?|明確に(?:は)?|、)?(?:${nai})`,
  `${shiryo}(?:の中|内|中)?(?:に|で|から|のみ|だけ)(?:は|では|も)[^。]{0,60}(?:記載|言及|説明|明記|掲載|規定|定義|紹介)(?:は|も)?され(?:てい|てお)?(?:ません|ない|らず|りません)`,
  `${shiryo}[^。]{0,40}(?:含まれて(?:い|おり)|書かれて(?:い|おり)|載って(?:い|おり)|触れ(?:られ)?て(?:い|おり)|述べ(?:られ)?て(?:い|おり)|示されて(?:い|おり)|説明して(?:い|おり)|見つかり|見当たり|見つけられ)(?:ません|ない|なかった)`,
  `${shiryo}[^。]{0,20}(?:から|だけ|のみ)で?は[^。]{0,60}(?:${shiru}|不明|わからない|分からない)`,
  `(?:範囲|限り)(?:で|に)?は[^。]{0,60}(?:${johou}|答え)[^。]{0,8}(?:${nai})`,
  // The speaker's own words: honorifics are never a document's.
  '(?:お答え|ご回答|お応え|ご案内|お伝え)(?:する)?(?:ことが|ことは|は|が)?(?:でき(?:ません|かねます|ない)|いたしかねます|致しかねます|しかねます)',
  `(?:この|その|ご|いただいた|お尋ねの|上記の)(?:質問|点|件|内容|問い)[^。]{0,20}(?:に|には|については|は|への)[^。]{0,20}(?:回答|返答|答え)[^。]{0,8}(?:でき(?:ません|ない)|かねます|られません|(?:${nai}))`,
  `(?:該当する|関連する|関する|ついての|対する|ご質問の|答えとなる|必要な)[^。]{0,20}(?:情報|記載|記述|内容|資料|回答|文書|説明|答え)(?:は|が|も)?[^。]{0,8}(?:見つかり|見当たり|あり|ござい|確認でき|見つけられ|含まれてい|得られ)(?:ません|なかった)`,
  `^${apology}[、,]?[^。]{0,80}(?:(?:見つかり|見当たり|分かり|わかり|見つけられ|記載(?:は|が)?あり|情報(?:は|が)?あり|存じ)ません|(?:${shiru})|不明)`,
  '^(?:私には|それは|その点は|これについては|詳細は|答えは|その点について(?:は)?|[、\\s])*(?:(?:わかり|分かり|存じ)ません|不明です)(?:でした)?[。．]?$',
  '(?:情報|根拠|材料)が(?:不足|足り|十分で)(?:して|てい|は|な)[^。]{0,20}(?:ません|ため|ので|ます|ない)',
].map((pattern) => new RegExp(pattern, 'u'));

/** Characters of a sentence that are read: the time of the patterns grows faster than the length of hostile text. */
const longestRead = 600;

/** Whether one sentence, without its marks, says that the materials do not answer. */
export function isRefusalWording(sentence: string): boolean {
  const read = sentence.slice(0, longestRead);
  return [...english, ...japanese].some((pattern) => pattern.test(read));
}
