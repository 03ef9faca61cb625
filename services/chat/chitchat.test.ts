import { expect, test } from 'vitest';
import { chitchatReply } from './chitchat.ts';

test.each([
  'Hello',
  'hi there!',
  'Good morning 👋',
  'How are you?',
  'Thanks!',
  'Thank you very much for your help.',
  'great, thanks a lot',
  'ok bye',
  'Who are you?',
  'What can you do?',
  'what can I ask you about?',
  'Are you a robot?',
  'help',
  'こんにちは',
  'おはようございます！',
  'ありがとうございました。',
  'なるほど、ありがとうございます！',
  'とても参考になりました。',
  'あなたは誰ですか？',
  '何ができますか?',
  'このサービスの使い方を教えてください',
  'さようなら',
  'はじめまして。よろしくお願いします。',
])('%s gets a friendly reply in its language', (query) => {
  const reply = chitchatReply(query);
  expect(reply).not.toBeNull();
  expect(/[ぁ-ん]/.test(reply ?? '')).toBe(/[ぁ-んァ-ヶ一-龠]/.test(query));
});

test.each([
  'Hello, how do I reset my password?',
  'Who are you supposed to call in an emergency?',
  'What can you do with a library card?',
  'How do thank-you letters work?',
  'thanks to whom was the school founded?',
  'help desk opening hours',
  'Good morning routine',
  'What is your refund policy?',
  'バックアップの使い方を教えてください',
  'こんにちは、返金の手続きを教えてください',
  '何ができるようになったら卒業ですか',
  'ありがとうございますの英語は？',
  '挨拶の仕方',
  'さようならの意味は何ですか',
  '',
])('%s is a question for the documents', (query) => {
  expect(chitchatReply(query)).toBeNull();
});
