import { expect, it } from 'vitest';
import { languageTeller } from './language.ts';

it.each([
  ['How do I keep basil alive in the kitchen?', 'en'],
  ['Wie pflege ich Basilikum in der Küche am besten?', 'de'],
  ['你好', 'zh'],
  ['请用 Python 写一个快速排序函数', 'zh'],
  ['冬の間、台所のbasilはどのように世話をすればいいですか。', 'ja'],
  ['はい', 'ja'],
  ['안녕하세요', 'ko'],
  ['Translate "こんにちは" into English please, thanks', 'en'],
  ['Hello', ''],
  ['1+1=?', ''],
  ['😀', ''],
])('%s is in “%s”', async (text, language) => {
  const tell = await languageTeller();
  expect(tell(text)).toBe(language);
});
