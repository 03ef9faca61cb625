import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, htmlText, jsonData } from './html.ts';

test('values are escaped in elements and in attributes', () => {
  const evil = `"><script>alert('&')</script>`;
  const page = htmlText(html`<p title="${evil}">${evil}</p>`);
  const escaped = '&#34;&#62;&#60;script&#62;alert(&#39;&#38;&#39;)&#60;/script&#62;';
  expect(page).toBe(`<p title="${escaped}">${escaped}</p>`);
});

test('templates nest; null and false insert nothing, and zero is inserted', () => {
  const parts = [1, 0].map((number) => html`<li>${number}</li>`);
  expect(htmlText(html`<ol>${parts}${null}${false}</ol>`)).toBe('<ol><li>1</li><li>0</li></ol>');
});

test('an object that imitates markup is rejected', () => {
  const forged = JSON.parse('{"markup":"<b>"}');
  expect(() => html`${forged}`).toThrow(TypeError);
});

test('JSON for scripts survives a round trip and never closes its element', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const written = htmlText(jsonData(JSON.parse(json)));
      expect(written).not.toContain('<');
      expect(JSON.parse(written)).toEqual(JSON.parse(json));
    }),
  );
  expect(htmlText(jsonData('</script><!--'))).toBe('"\\u003c/script>\\u003c!--"');
});
